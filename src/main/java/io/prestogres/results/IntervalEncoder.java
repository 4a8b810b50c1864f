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
  void append(char[] chars, int from, int to, TextSink out) {
    boolean negative = from < to && chars[from] == '-';
    int start = negative ? from + 1 : from;
    int middle = start;
    char separator = daysToSeconds ? ' ' : '-';
    while (middle < to && chars[middle] != separator) {
      middle++;
    }
    if (middle == start || middle + 1 >= to) {
      throw notOfItsType();
    }
    putSigned(negative, chars, start, middle, out);
    out.put(daysToSeconds ? " days " : " years ");
    putSigned(negative, chars, middle + 1, to, out);
    if (!daysToSeconds) {
      out.put(" mons");
    }
  }

  private static void putSigned(boolean negative, char[] chars, int from, int to, TextSink out) {
    if (negative) {
      out.put('-');
    }
    out.putPlain(chars, from, to);
  }
}
