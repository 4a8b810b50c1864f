package io.prestogres.results;

/**
 * Intervals: {@code 3 04:05:06.789} and {@code -0 00:00:05.000}, {@code 2-3} and {@code -0-1}.
 *
 * <p>In Presto the sign is that of the whole. In PostgreSQL it is that of the first field, or of
 * all, as IntervalStyle will have it; so each field gets its own.
 */
final class IntervalEncoder extends TextualEncoder {
  private final boolean daysToSeconds;

  IntervalEncoder(boolean daysToSeconds) {
    this.daysToSeconds = daysToSeconds;
  }

  @Override
  boolean quoted() {
    return false;
  }

  @Override
  void append(byte[] text, int from, int to, TextSink out) {
    boolean negative = from < to && text[from] == '-';
    int start = negative ? from + 1 : from;
    int middle = start;
    char separator = daysToSeconds ? ' ' : '-';
    while (middle < to && text[middle] != separator) {
      middle++;
    }
    if (middle == start || middle + 1 >= to) {
      throw notOfItsType();
    }
    putSigned(negative, text, start, middle, out);
    out.put(daysToSeconds ? " days " : " years ");
    putSigned(negative, text, middle + 1, to, out);
    if (!daysToSeconds) {
      out.put(" mons");
    }
  }

  private static void putSigned(boolean negative, byte[] text, int from, int to, TextSink out) {
    if (negative) {
      out.put('-');
    }
    out.putPlain(text, from, to);
  }
}
