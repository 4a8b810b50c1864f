package io.prestogres.results;

import io.prestogres.protocol.Backend;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;

/** A cursor that postgres_fdw has declared: its rows, and how they are announced. */
record OpenCursor(RowSource rows, Buffer rowDescription) {
  /** A cursor of so many columns; postgres_fdw looks at their number only. */
  static OpenCursor of(int columns, RowSource rows) {
    return new OpenCursor(
        rows,
        Backend.rowDescription(
            Collections.nCopies(columns, new Backend.Field("value", Backend.TEXT_OID, -1))));
  }
}
