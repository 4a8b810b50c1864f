package io.prestogres.querylog;

import java.util.List;

/** One line of JSON: an object of texts, whole numbers and lists of texts. Not thread-safe. */
final class JsonLine {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder line = new StringBuilder("{");

  JsonLine add(String name, String value) {
    text(key(name), value);
    return this;
  }

  JsonLine add(String name, long value) {
    key(name).append(value);
    return this;
  }

  JsonLine add(String name, List<String> values) {
    key(name).append('[');
    for (int i = 0; i < values.size(); i++) {
      text(i == 0 ? line : line.append(','), values.get(i));
    }
    line.append(']');
    return this;
  }

  private StringBuilder key(String name) {
    return text(line.length() == 1 ? line : line.append(','), name).append(':');
  }

  private static StringBuilder text(StringBuilder to, String value) {
    to.append('"');
    for (int i = 0; i < value.length(); i++) {
      char sign = value.charAt(i);
      if (sign == '"' || sign == '\\') {
        to.append('\\').append(sign);
      } else if (sign < ' '
          || Character.isSurrogate(sign)
          || sign == '\u2028'
          || sign == '\u2029') {
        // Halves of pairs too: a lone one has no UTF-8, and some tools end lines at U+2028.
        to.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          to.append(HEX.charAt(sign >> shift & 0xf));
        }
      } else {
        to.append(sign);
      }
    }
    return to.append('"');
  }

  /** The object, without a line break. */
  @Override
  public String toString() {
    return line + "}";
  }
}
