package io.prestogres.functions;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers rows into batches: for each column the literal of an array of its values. The first batch
 * is small, so that the first row is soon seen, and each one after it is larger.
 */
final class BatchBuilder {
  private static final int FIRST_ROWS = 20;
  private static final int GROWTH = 4;

  /** By the measurements, 200 rows cost as little per row as 5,000. */
  private static final int MAX_ROWS = 1_000;

  private static final int MAX_CHARACTERS = 256 * 1024;

  private final List<String> names = new ArrayList<>();
  private final List<ColumnType> types = new ArrayList<>();
  private final List<StringBuilder> columns = new ArrayList<>();
  private int wantedRows = FIRST_ROWS;
  private int rows;
  private int characters;

  BatchBuilder(ResultSetMetaData metadata) throws SQLException {
    for (int i = 1; i <= metadata.getColumnCount(); i++) {
      names.add(metadata.getColumnLabel(i));
      types.add(ColumnType.parse(metadata.getColumnTypeName(i)));
      columns.add(new StringBuilder());
    }
  }

  boolean isEmpty() {
    return rows == 0;
  }

  boolean isFull() {
    return rows >= wantedRows || characters >= MAX_CHARACTERS;
  }

  /** Adds the row on which {@code row} stands. */
  void add(ResultSet row) throws SQLException {
    characters = 0;
    for (int i = 0; i < columns.size(); i++) {
      StringBuilder column = columns.get(i);
      column.append(rows == 0 ? '{' : ',');
      try {
        appendElement(value(row, i + 1, types.get(i)), types.get(i), column);
      } catch (SQLException failure) {
        throw new SQLException(
            "column \"" + names.get(i) + "\": " + failure.getMessage(),
            failure.getSQLState(),
            failure.getErrorCode(),
            failure);
      }
      characters += column.length();
    }
    rows++;
  }

  /** The batch; then begins a new one. */
  List<String> take() {
    List<String> batch = new ArrayList<>();
    for (StringBuilder column : columns) {
      batch.add(column.append('}').toString());
      column.setLength(0);
    }
    rows = 0;
    characters = 0;
    wantedRows = Math.min(MAX_ROWS, wantedRows * GROWTH);
    return batch;
  }

  /** Nested values and bytes as objects, all else as text: getObject is wrong for old dates. */
  private static @Nullable Object value(ResultSet row, int column, ColumnType type)
      throws SQLException {
    return switch (type.name()) {
      case "varbinary", "hyperloglog", "array", "map", "row" -> row.getObject(column);
      case "decimal" -> {
        BigDecimal decimal = row.getBigDecimal(column);
        yield decimal == null ? null : decimal.toPlainString();
      }
      default -> row.getString(column);
    };
  }

  private static void appendElement(@Nullable Object value, ColumnType type, StringBuilder out)
      throws SQLException {
    if (value == null) {
      out.append("NULL");
    } else {
      ArrayLiterals.appendQuoted(PostgresText.of(value, type), out);
    }
  }
}
