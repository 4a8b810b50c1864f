package io.prestogres.results;

import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.RowCursor;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers rows into batches: a batch has for each column the literal of an array of its values,
 * joined by {@code DELIMITER}.
 *
 * <p>The first batch is small, so that the first row is soon seen, and each one after it is larger.
 * A batch may go over the end of a page. For one thread at a time. Failures are {@link
 * PrestoException}s that name the column.
 */
final class BatchEncoder {
  /** Bounds of a batch: it ends with the row that reaches one of them. */
  record Limits(int firstRows, int maxRows, int maxBytes) {
    /** By the measurements, 200 rows cost as little per row as 5,000. */
    static final Limits DEFAULT = new Limits(20, 1_000, 256 * 1024);

    Limits {
      if (firstRows < 1 || maxRows < firstRows || maxBytes < 1) {
        throw new IllegalArgumentException("limits of batches must be positive");
      }
    }
  }

  /**
   * Stands in no literal of an array: a quote in an element has a backslash before it, and one
   * around an element a brace or a comma on its other side.
   */
  private static final byte[] DELIMITER = {'}', '"', '{'};

  private static final int GROWTH = 4;
  private static final int INITIAL_BYTES = 512;

  private final ColumnEncoders encoders;
  private final Limits limits;
  private final List<TextSink> sinks = new ArrayList<>();
  private int wantedRows;
  private int rows;
  private int bytes;

  BatchEncoder(List<PrestoColumn> columns, Limits limits) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a result has at least one column");
    }
    this.encoders = new ColumnEncoders(columns);
    this.limits = limits;
    this.wantedRows = limits.firstRows();
    columns.forEach(column -> sinks.add(new TextSink(INITIAL_BYTES)));
  }

  /** Reads rows until the batch is full (true) or there are no more (false). */
  boolean fill(RowCursor cursor) {
    while (!isFull()) {
      if (!cursor.nextRow()) {
        return false;
      }
      append(cursor);
    }
    return true;
  }

  /** The rows of the batch. */
  int rows() {
    return rows;
  }

  /** The batch, in UTF-8; then begins a new one. Must have rows. */
  Buffer take() {
    if (rows == 0) {
      throw new IllegalStateException("the batch is empty");
    }
    Buffer batch = Buffer.buffer(bytes + (1 + DELIMITER.length) * sinks.size());
    for (int i = 0; i < sinks.size(); i++) {
      if (i > 0) {
        batch.appendBytes(DELIMITER);
      }
      TextSink sink = sinks.get(i);
      sink.appendTo(batch, 0, sink.size());
      batch.appendByte((byte) '}');
      sink.truncate(0);
    }
    rows = 0;
    bytes = 0;
    wantedRows = Math.min(limits.maxRows(), wantedRows * GROWTH);
    return batch;
  }

  private boolean isFull() {
    return rows >= wantedRows || bytes >= limits.maxBytes();
  }

  private void append(RowCursor cursor) {
    int sum = 0;
    for (int i = 0; i < sinks.size(); i++) {
      TextSink sink = sinks.get(i);
      encoders.moveTo(i, cursor);
      try {
        sink.put(rows == 0 ? '{' : ',');
        encoders.get(i).appendElement(cursor, sink);
      } catch (PrestoException e) {
        throw encoders.inColumn(i, e);
      }
      sum += sink.size();
    }
    encoders.endRow(cursor);
    bytes = sum;
    rows++;
  }
}
