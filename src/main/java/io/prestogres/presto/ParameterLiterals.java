package io.prestogres.presto;

import java.util.Optional;
import java.util.regex.Pattern;

/** Writes the value of a parameter, given as PostgreSQL's text, as an expression of its type. */
final class ParameterLiterals {
  private static final Pattern HEXADECIMAL = Pattern.compile("\\\\x(?:[0-9A-Fa-f]{2})*");

  /** PostgreSQL writes {@code +02} and {@code +05:30} right behind the time. */
  private static final Pattern OFFSET =
      Pattern.compile(
          "(?<time>.*\\d:\\d\\d(?:\\.\\d+)?)(?<hours>[+-]\\d\\d)(?::?(?<minutes>\\d\\d))?");

  private ParameterLiterals() {}

  /**
   * The expression.
   *
   * @throws PrestoException 22P02 when the text is no value of the type
   */
  static String of(PrestoType type, Optional<String> value) {
    String name = type.toString();
    // In "? || 'x'" Presto 0.296 takes the parameter for an array of it does not say what.
    boolean unknown = name.equals("unknown") || name.equals("array");
    if (value.isEmpty()) {
      return unknown ? "NULL" : "CAST(NULL AS " + name + ")";
    }
    String text = value.get();
    return switch (unknown ? "varchar" : baseName(type)) {
      case "varbinary" -> "from_hex(" + quote(hexadecimal(text)) + ")";
      case "json" -> "json_parse(" + quote(text) + ")";
      case "timestamp with time zone", "time with time zone" -> cast(zoned(text), name);
      default -> cast(text, unknown ? "varchar" : name);
    };
  }

  private static String baseName(PrestoType type) {
    return type instanceof PrestoType.Scalar scalar ? scalar.name() : "";
  }

  private static String cast(String text, String type) {
    return "CAST(" + quote(text) + " AS " + type + ")";
  }

  private static String hexadecimal(String text) {
    if (!HEXADECIMAL.matcher(text).matches()) {
      throw new PrestoException(
          "22P02", "a parameter of type bytea must be given as \\x and digits");
    }
    return text.substring(2);
  }

  private static String zoned(String text) {
    var matcher = OFFSET.matcher(text);
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
