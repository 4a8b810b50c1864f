package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times with a zone, which Presto writes behind a space: {@code Europe/Berlin}, {@code UTC} or
 * {@code +05:30} (Trino's time with time zone has no space).
 *
 * <p>Names become offsets, for PostgreSQL need not know the same names, nor the same rules. In the
 * hour that the end of summer time repeats, Presto's text does not tell which of the two it means;
 * that is an error, as a guess would be wrong in half of the cases.
 */
final class ZonedEncoder extends TextualEncoder {
  /** A time of day belongs to the first day of 1970 in Presto. */
  private static final int EPOCH_YEAR = 1970;

  private final boolean dated;
  private String zoneName = "";
  private @Nullable ZoneRules rules;

  ZonedEncoder(boolean dated) {
    this.dated = dated;
  }

  @Override
  boolean quoted() {
    return false;
  }

  @Override
  void append(char[] chars, int from, int to, TextSink out) {
    int space = to;
    while (space > from && chars[space - 1] != ' ' && !isAt(chars, space, to)) {
      space--;
    }
    if (space == from) {
      throw notOfItsType();
    }
    int end = chars[space - 1] == ' ' ? space - 1 : space;
    boolean beforeChrist = Years.append(chars, from, end, out);
    if (chars[space] == '+' || chars[space] == '-') {
      out.putPlain(chars, space, to);
    } else {
      putOffset(chars, from, end, space, to, out);
    }
    if (beforeChrist) {
      out.put(" BC");
    }
  }

  /** An offset right behind a time, which ends at the sign. */
  private boolean isAt(char[] chars, int space, int to) {
    return !dated
        && space < to
        && (chars[space] == '+' || chars[space] == '-')
        && Character.isDigit(chars[space - 1]);
  }

  private void putOffset(char[] chars, int from, int end, int zone, int to, TextSink out) {
    int length = to - zone;
    if (length == 3 && chars[zone] == 'U' && chars[zone + 1] == 'T' && chars[zone + 2] == 'C') {
      out.put("+00");
      return;
    }
    if (!zoneName.contentEquals(java.nio.CharBuffer.wrap(chars, zone, length))) {
      zoneName = new String(chars, zone, length);
      rules = rulesOf(zoneName);
    }
    ZoneRules known = rules;
    if (known == null) {
      // PostgreSQL may know it, or say that it does not.
      out.put(' ');
      out.putPlain(chars, zone, to);
      return;
    }
    LocalDateTime local = local(chars, from, end);
    List<ZoneOffset> offsets = known.getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new PrestoException(
          "22008",
          "the time "
              + new String(chars, from, to - from)
              + " is ambiguous; select it AT TIME ZONE 'UTC'");
    }
    out.put(offsets.get(0).equals(ZoneOffset.UTC) ? "+00" : offsets.get(0).getId());
  }

  private static @Nullable ZoneRules rulesOf(String name) {
    try {
      return ZoneId.of(name).getRules();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private LocalDateTime local(char[] chars, int from, int end) {
    try {
      if (!dated) {
        return LocalDateTime.of(EPOCH_YEAR, 1, 1, two(chars, from, end), two(chars, from + 3, end));
      }
      int dash = from + 1;
      while (dash < end && chars[dash] != '-') {
        dash++;
      }
      return LocalDateTime.of(
          Years.of(chars, from, end),
          two(chars, dash + 1, end),
          two(chars, dash + 4, end),
          two(chars, dash + 7, end),
          two(chars, dash + 10, end),
          two(chars, dash + 13, end));
    } catch (DateTimeException e) {
      throw notOfItsType();
    }
  }

  private static int two(char[] chars, int at, int end) {
    if (at + 2 > end) {
      throw notOfItsType();
    }
    return (chars[at] - '0') * 10 + chars[at + 1] - '0';
  }
}
