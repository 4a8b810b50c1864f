package io.prestogres.results;

/** Presto's years, which may be negative or have a plus sign, as PostgreSQL's. */
final class Years {
  private Years() {}

  /**
   * Writes a date or timestamp with its year as PostgreSQL reads it. Year 0 is 1 BC, -43 is 44 BC.
   * A time, which has no year, is written as it stands.
   *
   * @return whether BC has to follow
   */
  static boolean append(char[] chars, int from, int to, TextSink out) {
    int start = from;
    boolean negative = from < to && chars[from] == '-';
    if (negative || (from < to && chars[from] == '+')) {
      start++;
    }
    int end = start;
    int year = 0;
    while (end < to && end - start < 9 && chars[end] >= '0' && chars[end] <= '9') {
      year = year * 10 + chars[end++] - '0';
    }
    if (end == start || end >= to) {
      throw ValueEncoder.notOfItsType();
    }
    boolean beforeChrist = chars[end] == '-' && (negative || year == 0);
    if (beforeChrist) {
      String text = Integer.toString(1 + year);
      out.put("0000".substring(Math.min(4, text.length())));
      out.put(text);
      out.putPlain(chars, end, to);
    } else {
      out.putPlain(chars, start, to);
    }
    return beforeChrist;
  }

  /** The year as java.time counts. */
  static int of(char[] chars, int from, int to) {
    boolean signed = from < to && (chars[from] == '-' || chars[from] == '+');
    int year = 0;
    int i = signed ? from + 1 : from;
    for (; i < to && i - from < 9 && chars[i] >= '0' && chars[i] <= '9'; i++) {
      year = year * 10 + chars[i] - '0';
    }
    return signed && chars[from] == '-' ? -year : year;
  }
}
