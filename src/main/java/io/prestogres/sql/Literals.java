package io.prestogres.sql;

import java.util.Optional;

/** The values that written string literals stand for. */
final class Literals {

  private Literals() {}

  /** The value of the string at {@code i}; empty if an escape in it is wrong or not certain. */
  static Optional<String> value(Tokens tokens, int i) {
    String raw = tokens.raw(i);
    return switch (tokens.get(i).kind()) {
      case STRING -> Optional.of(join(raw, 0, false));
      case ESCAPE_STRING -> escaped(join(raw, 1, true));
      case UNICODE_STRING ->
          tokens.word(i + 1, "uescape") ? Optional.empty() : unicode(join(raw, 2, false), '\\');
      case DOLLAR_STRING -> {
        int delimiter = raw.indexOf('$', 1) + 1;
        yield Optional.of(raw.substring(delimiter, raw.length() - delimiter));
      }
      default -> Optional.empty();
    };
  }

  /** The content of all parts of a literal, doubled quotes undone, backslashes as written. */
  private static String join(String raw, int openingQuote, boolean backslashEscapes) {
    StringBuilder value = new StringBuilder(raw.length());
    int i = openingQuote + 1;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '\\' && backslashEscapes) {
        value.append(c).append(raw.charAt(i + 1));
        i += 2;
      } else if (c != '\'') {
        value.append(c);
        i++;
      } else if (i + 1 < raw.length() && raw.charAt(i + 1) == '\'') {
        value.append('\'');
        i += 2;
      } else {
        i = nextPart(raw, i + 1);
      }
    }
    return value.toString();
  }

  /** The position behind the next opening quote; between the parts may be quotes in comments. */
  private static int nextPart(String raw, int from) {
    int i = from;
    while (i < raw.length() && raw.charAt(i) != '\'') {
      if (raw.startsWith("--", i)) {
        while (i < raw.length() && raw.charAt(i) != '\n' && raw.charAt(i) != '\r') {
          i++;
        }
      } else {
        i++;
      }
    }
    return i + 1;
  }

  /**
   * Undoes {@code E''} escapes. Octal and hexadecimal bytes above 7F are refused: bytes, not
   * characters.
   */
  private static Optional<String> escaped(String content) {
    StringBuilder value = new StringBuilder(content.length());
    int i = 0;
    while (i < content.length()) {
      char c = content.charAt(i++);
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escape = content.charAt(i++);
      switch (escape) {
        case 'b' -> value.append('\b');
        case 'f' -> value.append('\f');
        case 'n' -> value.append('\n');
        case 'r' -> value.append('\r');
        case 't' -> value.append('\t');
        case 'x', 'u', 'U', '0', '1', '2', '3', '4', '5', '6', '7' -> {
          return Optional.empty();
        }
        default -> value.append(escape);
      }
    }
    return Optional.of(value.toString());
  }

  /** Undoes {@code \XXXX} and {@code \+XXXXXX}. */
  static Optional<String> unicode(String content, char escape) {
    StringBuilder value = new StringBuilder(content.length());
    int i = 0;
    while (i < content.length()) {
      char c = content.charAt(i);
      if (c != escape) {
        value.append(c);
        i++;
        continue;
      }
      if (i + 1 < content.length() && content.charAt(i + 1) == escape) {
        value.append(escape);
        i += 2;
        continue;
      }
      boolean wide = i + 1 < content.length() && content.charAt(i + 1) == '+';
      int from = wide ? i + 2 : i + 1;
      int to = from + (wide ? 6 : 4);
      if (to > content.length() || !content.substring(from, to).matches("[0-9a-fA-F]+")) {
        return Optional.empty();
      }
      int codePoint = Integer.parseInt(content.substring(from, to), 16);
      if (codePoint == 0 || !Character.isValidCodePoint(codePoint)) {
        return Optional.empty();
      }
      value.appendCodePoint(codePoint);
      i = to;
    }
    return Optional.of(value.toString());
  }
}
