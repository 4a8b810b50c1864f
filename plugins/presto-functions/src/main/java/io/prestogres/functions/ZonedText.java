package io.prestogres.functions;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Times with a zone, which Presto writes behind a blank (Trino no blank between a time of day and
 * its offset). Names become offsets, for PostgreSQL need not know the same names, nor the same
 * rules.
 */
final class ZonedText {
  private static final Pattern OFFSET = Pattern.compile("\\d[+-]\\d\\d:\\d\\d$");

  private ZonedText() {}

  static String of(String text, boolean dated) throws SQLException {
    int blank = text.lastIndexOf(' ');
    if (blank < 0) {
      if (dated || !OFFSET.matcher(text).find()) {
        throw PostgresText.notOfItsType();
      }
      return text;
    }
    String local = text.substring(0, blank);
    String offset = offset(local, text.substring(blank + 1), dated);
    String time = dated ? PostgresText.withYear(local) : local;
    return time.endsWith(" BC")
        ? time.substring(0, time.length() - 3) + offset + " BC"
        : time + offset;
  }

  private static String offset(String local, String zone, boolean dated) throws SQLException {
    if (zone.equals("UTC")) {
      return "+00";
    }
    if (zone.startsWith("+") || zone.startsWith("-")) {
      return zone;
    }
    List<ZoneOffset> offsets;
    try {
      offsets = ZoneId.of(zone).getRules().getValidOffsets(localTime(local, dated));
    } catch (DateTimeException unknown) {
      // PostgreSQL may know it, or say that it does not.
      return " " + zone;
    }
    if (offsets.size() != 1) {
      // In the hour that the end of summer time repeats, a guess would be wrong in half of the
      // cases.
      throw new SQLException(
          "the time " + local + " " + zone + " is ambiguous; select it AT TIME ZONE 'UTC'",
          "22008");
    }
    return offsets.get(0).equals(ZoneOffset.UTC) ? "+00" : offsets.get(0).getId();
  }

  /** A time of day belongs to the first day of 1970 in Presto. */
  private static LocalDateTime localTime(String local, boolean dated) {
    return dated
        ? LocalDateTime.parse(local.replace(' ', 'T'))
        : LocalTime.parse(local).atDate(LocalDate.EPOCH);
  }
}
