package io.prestogres.results;

import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.RowCursor;
import java.util.List;

/** The encoders of a result's columns, and errors that name the column. */
final class ColumnEncoders {
  private final List<PrestoColumn> columns;
  private final List<ValueEncoder> encoders;

  ColumnEncoders(List<PrestoColumn> columns) {
    this.columns = List.copyOf(columns);
    this.encoders = columns.stream().map(column -> ValueEncoder.of(column.type())).toList();
  }

  int size() {
    return encoders.size();
  }

  ValueEncoder get(int column) {
    return encoders.get(column);
  }

  /** Moves to the value of {@code column}, in order. */
  void moveTo(int column, RowCursor rows) {
    if (!rows.nextValue()) {
      throw wrongLength();
    }
  }

  void endRow(RowCursor rows) {
    if (rows.nextValue()) {
      throw wrongLength();
    }
  }

  private PrestoException wrongLength() {
    return new PrestoException(
        "58030", "Presto sent a row that has not " + encoders.size() + " columns");
  }

  PrestoException inColumn(int column, PrestoException cause) {
    return new PrestoException(
        cause.sqlState(), "column \"" + columns.get(column).name() + "\": " + cause.getMessage());
  }
}
