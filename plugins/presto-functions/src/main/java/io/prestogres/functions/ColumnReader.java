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
      throw new SQLException(
          "column \"" + name + "\": " + failure.getMessage(),
          failure.getSQLState(),
          failure.getErrorCode(),
          failure);
    }
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
}
