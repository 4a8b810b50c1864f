package io.prestogres.functions;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the value of a parameter, given as PostgreSQL's text, as an expression of its type. */
final class ParameterLiterals {
  private static final Pattern HEXADECIMAL = Pattern.compile("\\\\x(?:[0-9A-Fa-f]{2})*");

  /** PostgreSQL writes {@code +02} and {@code +05:30} right behind the time. */
  private static final Pattern OFFSET =
      Pattern.compile(
          "(?<time>.*\\d:\\d\\d(?:\\.\\d+)?)(?<hours>[+-]\\d\\d)(?::?(?<minutes>\\d\\d))?");

  private ParameterLiterals() {}

  static String of(String type, @Nullable String value) throws SQLException {
    boolean unknown = type.equals("unknown") || type.equals("array");
    if (value == null) {
      return unknown ? "NULL" : "CAST(NULL AS " + type + ")";
    }
    return switch (ColumnType.parse(type).name()) {
      case "varbinary" -> "from_hex(" + quote(hexadecimal(value)) + ")";
      case "json" -> "json_parse(" + quote(value) + ")";
      case "timestamp with time zone", "time with time zone" -> cast(zoned(value), type);
      default -> cast(value, unknown ? "varchar" : type);
    };
  }

  private static String cast(String text, String type) {
    return "CAST(" + quote(text) + " AS " + type + ")";
  }

  private static String hexadecimal(String text) throws SQLException {
    if (!HEXADECIMAL.matcher(text).matches()) {
      throw new SQLException("a parameter of type bytea must be given as \\x and digits", "22P02");
    }
    return text.substring(2);
  }

  private static String zoned(String text) {
    Matcher matcher = OFFSET.matcher(text);
    if (!matcher.matches()) {
      return text;
    }
    String minutes = matcher.group("minutes");
    return matcher.group("time")
        + " "
        + matcher.group("hours")
        + ":"
        + (minutes == null ? "00" : minutes);
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
