package io.prestogres.results;

import io.prestogres.presto.RowCursor;

/** Maps, rows and arrays of them, as JSON for jsonb. */
final class JsonEncoder extends ValueEncoder {
  private final JsonShape shape;

  JsonEncoder(JsonShape shape) {
    this.shape = shape;
  }

  @Override
  boolean quoted() {
    return true;
  }

  @Override
  void append(RowCursor value, TextSink out) {
    shape.write(value, out);
  }
}
