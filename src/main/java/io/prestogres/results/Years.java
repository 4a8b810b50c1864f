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
  static boolean append(byte[] text, int from, int to, TextSink out) {
    int start = from;
    boolean negative = from < to && text[from] == '-';
    if (negative || (from < to && text[from] == '+')) {
      start++;
    }
    int end = start;
    int year = 0;
    while (end < to && end - start < 9 && text[end] >= '0' && text[end] <= '9') {
      year = year * 10 + text[end++] - '0';
    }
    if (end == start || end >= to) {
      throw ValueEncoder.notOfItsType();
    }
    boolean beforeChrist = text[end] == '-' && (negative || year == 0);
    if (beforeChrist) {
      String christian = Integer.toString(1 + year);
      out.put("0000".substring(Math.min(4, christian.length())));
      out.put(christian);
      out.putPlain(text, end, to);
    } else {
      out.putPlain(text, start, to);
    }
    return beforeChrist;
  }

  /** The year as java.time counts. */
  static int of(byte[] text, int from, int to) {
    boolean signed = from < to && (text[from] == '-' || text[from] == '+');
    int year = 0;
    int i = signed ? from + 1 : from;
    for (; i < to && i - from < 9 && text[i] >= '0' && text[i] <= '9'; i++) {
      year = year * 10 + text[i] - '0';
    }
    return signed && text[from] == '-' ? -year : year;
  }
}
