package io.prestogres.functions;

import java.sql.SQLException;

/** Reads the values of one column and writes each as an element of an array's literal. */
final class ColumnReader {
  /** How values get from the driver into the literal. */
  private enum Way {
    PLAIN,
    BOOLEAN,
    DATED,
    ZONED,
    TEXT,
    OTHER
  }

  private final String name;
  private final ColumnType type;
  private final Way way;

  ColumnReader(EngineColumn column) {
    this.name = column.name();
    this.type = column.type();
    this.way =
        switch (type.name()) {
          case "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal" -> Way.PLAIN;
          case "uuid", "ipaddress", "time" -> Way.PLAIN;
          case "boolean" -> Way.BOOLEAN;
          case "date", "timestamp" -> Way.DATED;
          case "timestamp with time zone", "time with time zone" -> Way.ZONED;
          case "varchar", "char", "json" -> Way.TEXT;
          default -> Way.OTHER;
        };
  }

  /**
   * Writes the value that {@code row} has in the column of this number, from 0.
   *
   * @throws SQLException naming the column whose value PostgreSQL cannot have
   */
  void read(EngineRows row, int number, ColumnLiteral out) throws SQLException {
    try {
      Object value = row.value(number);
      if (value == null) {
        out.putNull();
      } else {
        append(value, out);
      }
    } catch (SQLException failure) {
      throw inColumn(failure);
    }
  }

  /** As the other, of what stands in JSON. */
  void read(JsonPage row, int number, ColumnLiteral out) throws SQLException {
    try {
      append(row, number, row.kind(number), out);
    } catch (SQLException failure) {
      throw inColumn(failure);
    }
  }

  private SQLException inColumn(SQLException failure) {
    return new SQLException(
        "column \"" + name + "\": " + failure.getMessage(),
        failure.getSQLState(),
        failure.getErrorCode(),
        failure);
  }

  private void append(Object value, ColumnLiteral out) throws SQLException {
    switch (way) {
      case PLAIN -> out.putPlain(value.toString());
      case BOOLEAN -> out.put(value.equals("true") ? 't' : 'f');
      case DATED -> out.putPlain(PostgresText.withYear(value.toString()));
      case TEXT -> out.putQuoted(value.toString());
      case ZONED, OTHER -> out.putQuoted(PostgresText.of(value, type));
    }
  }

  private void append(JsonPage row, int number, JsonPage.Kind kind, ColumnLiteral out)
      throws SQLException {
    switch (kind) {
      case NULL -> out.putNull();
      case FALSE, TRUE -> {
        require(way == Way.BOOLEAN);
        out.put(kind == JsonPage.Kind.TRUE ? 't' : 'f');
      }
      case NUMBER -> {
        // Of a type that is not known, such as an enum of numbers, it is the text.
        require(way == Way.PLAIN || !type.isText());
        out.putPlain(row, number);
      }
      case PLAIN, TEXT, ESCAPED -> appendText(row, number, kind, out);
    }
  }

  private void appendText(JsonPage row, int number, JsonPage.Kind kind, ColumnLiteral out)
      throws SQLException {
    switch (way) {
      case PLAIN -> {
        require(kind == JsonPage.Kind.PLAIN);
        out.putPlain(row, number);
      }
      case DATED -> {
        if (kind == JsonPage.Kind.PLAIN && row.beginsWithUsualYear(number)) {
          out.putPlain(row, number);
        } else {
          out.putPlain(PostgresText.withYear(text(row, number)));
        }
      }
      case TEXT -> {
        if (kind == JsonPage.Kind.ESCAPED) {
          out.putQuoted(text(row, number));
        } else {
          out.putQuoted(row, number);
        }
      }
      case ZONED, OTHER -> out.putQuoted(PostgresText.of(text(row, number), type));
      case BOOLEAN -> throw PostgresText.notOfItsType();
    }
  }

  private static String text(JsonPage row, int number) throws SQLException {
    return String.valueOf(row.text(number));
  }

  private static void require(boolean fits) throws SQLException {
    if (!fits) {
      throw PostgresText.notOfItsType();
    }
  }
}
