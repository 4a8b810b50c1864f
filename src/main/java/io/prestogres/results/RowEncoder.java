package io.prestogres.results;

import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.RowCursor;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Writes rows, value by value, as the messages of a scan.
 *
 * <p>A DataRow (PostgreSQL manual, "Message Formats"): Byte1 'D', Int32 length of all but the type
 * byte, Int16 number of columns, then for each column Int32 length (-1 for NULL) and its bytes.
 */
final class RowEncoder {
  private static final int INITIAL_BYTES = 512;
  private static final int NULL_LENGTH = -1;

  private final ColumnEncoders encoders;
  private final TextSink sink = new TextSink(INITIAL_BYTES);
  private final int[] ends;
  private final boolean[] nulls;

  RowEncoder(List<PrestoColumn> columns) {
    this.encoders = new ColumnEncoders(columns);
    this.ends = new int[columns.size()];
    this.nulls = new boolean[columns.size()];
  }

  /**
   * Reads the values of the row that {@code cursor} is at.
   *
   * @throws PrestoException naming the column whose value PostgreSQL cannot have
   */
  void read(RowCursor cursor) {
    sink.truncate(0);
    for (int i = 0; i < ends.length; i++) {
      encoders.moveTo(i, cursor);
      nulls[i] = cursor.kind() == RowCursor.Kind.NULL;
      if (!nulls[i]) {
        try {
          encoders.get(i).append(cursor, sink);
        } catch (PrestoException e) {
          throw encoders.inColumn(i, e);
        }
      }
      ends[i] = sink.size();
    }
    encoders.endRow(cursor);
  }

  /** Whether the value of a column is NULL. */
  boolean isNull(int column) {
    return nulls[column];
  }

  /** The bytes of a value; none if it is NULL. */
  void appendValue(int column, Buffer out) {
    sink.appendTo(out, column == 0 ? 0 : ends[column - 1], ends[column]);
  }

  /** The whole row as a DataRow. */
  void appendDataRow(Buffer out) {
    out.appendByte((byte) 'D');
    out.appendInt(Integer.BYTES + Short.BYTES + ends.length * Integer.BYTES + sink.size());
    out.appendShort((short) ends.length);
    int start = 0;
    for (int i = 0; i < ends.length; i++) {
      out.appendInt(nulls[i] ? NULL_LENGTH : ends[i] - start);
      sink.appendTo(out, start, ends[i]);
      start = ends[i];
    }
  }
}
