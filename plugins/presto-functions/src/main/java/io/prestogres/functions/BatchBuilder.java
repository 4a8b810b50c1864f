package io.prestogres.functions;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers rows into batches: the literals of one array for each column, joined by {@link
 * #DELIMITER}. The first batch is small, so that the first row is soon seen, and each one after it
 * is larger.
 */
final class BatchBuilder {
  /**
   * Stands in no literal of an array: a quote in an element has a backslash before it, and one
   * around an element a brace or a comma on its other side.
   */
  static final String DELIMITER = "}\"{";

  private static final int FIRST_ROWS = 20;
  private static final int GROWTH = 4;

  /** By the measurements, 200 rows cost as little per row as 5,000. */
  private static final int MAX_ROWS = 1_000;

  private static final int MAX_BYTES = 256 * 1024;

  private final List<ColumnReader> readers = new ArrayList<>();
  private final List<ColumnLiteral> columns = new ArrayList<>();
  private int wantedRows = FIRST_ROWS;
  private int rows;
  private int bytes;

  BatchBuilder(List<EngineColumn> described) {
    for (EngineColumn column : described) {
      readers.add(new ColumnReader(column));
      columns.add(new ColumnLiteral());
    }
  }

  boolean isEmpty() {
    return rows == 0;
  }

  boolean isFull() {
    return rows >= wantedRows || bytes >= MAX_BYTES;
  }

  /** Adds the row on which {@code row} stands. */
  void add(EngineRows row) throws SQLException {
    bytes = 0;
    JsonPage json = row.json();
    for (int i = 0; i < columns.size(); i++) {
      ColumnLiteral column = columns.get(i);
      column.put(rows == 0 ? '{' : ',');
      if (json == null) {
        readers.get(i).read(row, i, column);
      } else {
        readers.get(i).read(json, i, column);
      }
      bytes += column.size();
    }
    rows++;
  }

  /** The batch; then begins a new one. */
  Handover.Batch take() {
    byte[] batch = new byte[bytes + columns.size() + DELIMITER.length() * (columns.size() - 1)];
    int at = 0;
    for (ColumnLiteral column : columns) {
      for (int i = 0; at > 0 && i < DELIMITER.length(); i++) {
        batch[at++] = (byte) DELIMITER.charAt(i);
      }
      at = column.copyTo(batch, at);
      batch[at++] = '}';
      column.clear();
    }
    rows = 0;
    bytes = 0;
    wantedRows = Math.min(MAX_ROWS, wantedRows * GROWTH);
    return new Handover.Batch(batch);
  }
}
