package io.prestogres.results;

import io.prestogres.presto.RowCursor;

/** Writes values of a type that Presto always sends as a string. */
abstract class TextualEncoder extends ValueEncoder {

  @Override
  final void append(RowCursor value, TextSink out) {
    if (value.kind() != RowCursor.Kind.TEXT) {
      throw notOfItsType();
    }
    int from = value.offset();
    append(value.bytes(), from, from + value.length(), out);
  }

  /** Writes what stands in {@code text} from {@code from} to before {@code to}. */
  abstract void append(byte[] text, int from, int to, TextSink out);
}
