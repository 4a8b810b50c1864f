package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Arrays;
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
  private byte[] zoneName = {};
  private @Nullable ZoneRules rules;

  ZonedEncoder(boolean dated) {
    this.dated = dated;
  }

  @Override
  boolean quoted() {
    return false;
  }

  @Override
  void append(byte[] text, int from, int to, TextSink out) {
    int space = to;
    while (space > from && text[space - 1] != ' ' && !isAt(text, space, to)) {
      space--;
    }
    if (space == from || space == to) {
      throw notOfItsType();
    }
    int end = text[space - 1] == ' ' ? space - 1 : space;
    boolean beforeChrist = Years.append(text, from, end, out);
    if (text[space] == '+' || text[space] == '-') {
      out.putPlain(text, space, to);
    } else {
      putOffset(text, from, end, space, to, out);
    }
    if (beforeChrist) {
      out.put(" BC");
    }
  }

  /** An offset right behind a time, which ends at the sign. */
  private boolean isAt(byte[] text, int space, int to) {
    return !dated
        && space < to
        && (text[space] == '+' || text[space] == '-')
        && text[space - 1] >= '0'
        && text[space - 1] <= '9';
  }

  private void putOffset(byte[] text, int from, int end, int zone, int to, TextSink out) {
    int length = to - zone;
    if (length == 3 && text[zone] == 'U' && text[zone + 1] == 'T' && text[zone + 2] == 'C') {
      out.put("+00");
      return;
    }
    if (!Arrays.equals(zoneName, 0, zoneName.length, text, zone, to)) {
      zoneName = Arrays.copyOfRange(text, zone, to);
      rules = rulesOf(new String(zoneName, StandardCharsets.UTF_8));
    }
    ZoneRules known = rules;
    if (known == null) {
      // PostgreSQL may know it, or say that it does not.
      out.put(' ');
      out.putPlain(text, zone, to);
      return;
    }
    LocalDateTime local = local(text, from, end);
    List<ZoneOffset> offsets = known.getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new PrestoException(
          "22008",
          "the time "
              + new String(text, from, to - from, StandardCharsets.UTF_8)
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

  private LocalDateTime local(byte[] text, int from, int end) {
    try {
      if (!dated) {
        return LocalDateTime.of(EPOCH_YEAR, 1, 1, two(text, from, end), two(text, from + 3, end));
      }
      int dash = from + 1;
      while (dash < end && text[dash] != '-') {
        dash++;
      }
      return LocalDateTime.of(
          Years.of(text, from, end),
          two(text, dash + 1, end),
          two(text, dash + 4, end),
          two(text, dash + 7, end),
          two(text, dash + 10, end),
          two(text, dash + 13, end));
    } catch (DateTimeException e) {
      throw notOfItsType();
    }
  }

  private static int two(byte[] text, int at, int end) {
    if (at + 2 > end) {
      throw notOfItsType();
    }
    return (text[at] - '0') * 10 + text[at + 1] - '0';
  }
}
