package io.prestogres.sql;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads dates, timestamps and intervals. Of PostgreSQL's many forms only those are read that mean
 * the same for every DateStyle and IntervalStyle.
 */
final class Moments {

  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})(?:[ T](\\d{2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,6}))?)?)?");
  private static final Pattern PART =
      Pattern.compile(
          "\\s*([+-]?\\d{1,9})\\s*(years?|months?|mons?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?)\\b\\s*");
  private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?\\d{1,9})\\s*");
  private static final Pattern CLOCK =
      Pattern.compile("\\s*([+-]?)(\\d{1,4}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,6}))?)?\\s*");

  private Moments() {}

  static LocalDate date(String text) throws Untranslatable {
    Matcher matcher = DATE.matcher(text.trim());
    if (matcher.matches()) {
      try {
        LocalDate date = LocalDate.parse(text.trim());
        if (date.getYear() > 0) {
          return date;
        }
      } catch (DateTimeException e) {
        // PostgreSQL has the right words for a date that does not exist.
      }
    }
    throw new Untranslatable("the form of a date has no rule");
  }

  static LocalDateTime timestamp(String text) throws Untranslatable {
    Matcher matcher = TIMESTAMP.matcher(text.trim());
    if (!matcher.matches()) {
      throw new Untranslatable("the form of a timestamp has no rule");
    }
    LocalDate date = date(matcher.group(1));
    if (matcher.group(2) == null) {
      return date.atStartOfDay();
    }
    int seconds = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    int millis = matcher.group(5) == null ? 0 : millis(matcher.group(5));
    try {
      return date.atTime(
          Integer.parseInt(matcher.group(2)),
          Integer.parseInt(matcher.group(3)),
          seconds,
          millis * 1_000_000);
    } catch (DateTimeException e) {
      throw new Untranslatable("the form of a timestamp has no rule");
    }
  }

  /** Milliseconds from the digits behind the point; Presto has no finer timestamps. */
  private static int millis(String digits) throws Untranslatable {
    try {
      return new BigDecimal("0." + digits).movePointRight(3).intValueExact();
    } catch (ArithmeticException e) {
      throw new Untranslatable("microseconds are evaluated by PostgreSQL");
    }
  }

  /**
   * An interval.
   *
   * @param fields the words behind INTERVAL: "" or one unit
   */
  static Constant.Span interval(String text, String fields) throws Untranslatable {
    Matcher number = NUMBER.matcher(text);
    if (number.matches()) {
      return unit(Integer.parseInt(number.group(1)), fields.isEmpty() ? "second" : fields);
    }
    if (!fields.isEmpty()) {
      throw new Untranslatable("the form of an interval has no rule");
    }
    int months = 0;
    int days = 0;
    long millis = 0;
    int at = 0;
    Matcher part = PART.matcher(text);
    while (part.find() && part.start() == at) {
      Constant.Span span = unit(Integer.parseInt(part.group(1)), part.group(2));
      months += span.months();
      days += span.days();
      millis += span.millis();
      at = part.end();
    }
    Matcher clock = CLOCK.matcher(text.substring(at));
    if (clock.matches()) {
      millis += clock(clock);
      at = text.length();
    }
    if (at < text.length() || text.isBlank()) {
      throw new Untranslatable("the form of an interval has no rule");
    }
    return new Constant.Span(months, days, millis);
  }

  private static Constant.Span unit(int amount, String unit) throws Untranslatable {
    if (Math.abs((long) amount) > 1_000_000) {
      throw new Untranslatable("the size of an interval has no rule");
    }
    String singular = unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
    return switch (singular) {
      case "year" -> new Constant.Span(12 * amount, 0, 0);
      case "mon", "month" -> new Constant.Span(amount, 0, 0);
      case "week" -> new Constant.Span(0, 7 * amount, 0);
      case "day" -> new Constant.Span(0, amount, 0);
      case "hour" -> new Constant.Span(0, 0, 3_600_000L * amount);
      case "minute", "min" -> new Constant.Span(0, 0, 60_000L * amount);
      case "second", "sec" -> new Constant.Span(0, 0, 1_000L * amount);
      default -> throw new Untranslatable("the form of an interval has no rule");
    };
  }

  private static long clock(Matcher clock) throws Untranslatable {
    long seconds = clock.group(4) == null ? 0 : Long.parseLong(clock.group(4));
    long minutes = Long.parseLong(clock.group(3));
    if (seconds > 59 || minutes > 59) {
      throw new Untranslatable("the form of an interval has no rule");
    }
    long millis = clock.group(5) == null ? 0 : millis(clock.group(5));
    long all = ((Long.parseLong(clock.group(2)) * 60 + minutes) * 60 + seconds) * 1000 + millis;
    return clock.group(1).equals("-") ? -all : all;
  }
}
