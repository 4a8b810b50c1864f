package io.prestogres.functions;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes values as the input functions of PostgreSQL's types read them. */
final class PostgresText {
  private static final Pattern YEAR = Pattern.compile("(?<sign>[+-]?)(?<year>\\d+)(?<rest>-.*)");
  private static final Pattern DAYS = Pattern.compile("(?<sign>-?)(?<first>\\d+) (?<second>.+)");
  private static final Pattern MONTHS =
      Pattern.compile("(?<sign>-?)(?<first>\\d+)-(?<second>\\d+)");

  private PostgresText() {}

  /**
   * The text of a value.
   *
   * @throws SQLException 22021 at what PostgreSQL cannot hold, U+0000 and half a surrogate pair;
   *     22008 at an ambiguous time; 58030 at a value that is not of its type
   */
  static String of(Object value, ColumnType type) throws SQLException {
    if (type.name().equals("array") && !type.children().get(0).isNested()) {
      return array(elements(value), type.children().get(0));
    }
    if (type.isNested()) {
      return valid(JsonText.of(value, type));
    }
    if (value instanceof byte[] bytes) {
      return type.name().equals("varbinary")
          ? "\\x" + HexFormat.of().formatHex(bytes)
          : base64(bytes);
    }
    return scalar(value.toString(), value, type);
  }

  /** As the engine itself sends sketches and the like, which are texts to PostgreSQL. */
  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String scalar(String text, Object value, ColumnType type) throws SQLException {
    return switch (type.name()) {
      case "boolean" -> text.equals("true") ? "t" : "f";
      case "decimal" -> value instanceof BigDecimal number ? number.toPlainString() : text;
      case "date", "timestamp" -> withYear(text);
      case "time with time zone", "timestamp with time zone" ->
          ZonedText.of(text, type.name().startsWith("timestamp"));
      case "interval day to second" -> interval(text, DAYS, " days ", "");
      case "interval year to month" -> interval(text, MONTHS, " years ", " mons");
      default -> {
        if (value instanceof Map<?, ?> object) {
          if (type.name().equals("bingtile")) {
            yield JsonText.ofTile(object);
          }
          throw new SQLException(
              "values of type " + type.name() + " cannot be shown; select a cast of them", "0A000");
        }
        yield valid(text);
      }
    };
  }

  /** Presto's year 0 is 1 BC, -43 is 44 BC, and it writes +10000 with a sign. */
  static String withYear(String text) throws SQLException {
    if (text.length() > 4 && text.charAt(4) == '-' && text.charAt(0) > '0' && isDigits(text, 4)) {
      return text;
    }
    Matcher matcher = YEAR.matcher(text);
    if (!matcher.matches()) {
      throw notOfItsType();
    }
    long year = Long.parseLong(matcher.group("year"));
    if (!matcher.group("sign").equals("-") && year != 0) {
      return matcher.group("year") + matcher.group("rest");
    }
    return String.format("%04d", year + 1) + matcher.group("rest") + " BC";
  }

  private static boolean isDigits(String text, int length) {
    int i = 0;
    while (i < length && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i == length;
  }

  /** Presto's sign is that of the whole, PostgreSQL's that of one field. */
  private static String interval(String text, Pattern pattern, String middle, String end)
      throws SQLException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw notOfItsType();
    }
    String sign = matcher.group("sign");
    return sign + matcher.group("first") + middle + sign + matcher.group("second") + end;
  }

  private static String array(List<?> elements, ColumnType type) throws SQLException {
    StringBuilder out = new StringBuilder("{");
    for (Object element : elements) {
      out.append(out.length() == 1 ? "" : ",");
      if (element == null) {
        out.append("NULL");
      } else {
        ArrayLiterals.appendQuoted(of(element, type), out);
      }
    }
    return out.append('}').toString();
  }

  /** The elements of an array, some of which may be null. */
  static List<? extends @Nullable Object> elements(Object value) throws SQLException {
    if (value instanceof Array array && array.getArray() instanceof Object[] elements) {
      return Arrays.asList(elements);
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw notOfItsType();
  }

  private static String valid(String text) throws SQLException {
    requireValid(text);
    return text;
  }

  /** Refuses what PostgreSQL cannot hold, by 22021. */
  static void requireValid(String text) throws SQLException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw untranslatable("U+0000");
      }
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          throw untranslatable("half of a surrogate pair");
        }
        i++;
      }
    }
  }

  private static SQLException untranslatable(String what) {
    return new SQLException("a text holds " + what + ", which PostgreSQL cannot hold", "22021");
  }

  static SQLException notOfItsType() {
    return new SQLException("Presto sent a value that is not of its type", "58030");
  }
}
