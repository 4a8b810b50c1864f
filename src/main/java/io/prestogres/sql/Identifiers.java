package io.prestogres.sql;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** PostgreSQL's rules for what a written identifier means. */
final class Identifiers {

  /** NAMEDATALEN - 1: longer identifiers are cut, not refused. */
  private static final int LONGEST_NAME = 63;

  private Identifiers() {}

  /** Lower case for ASCII letters only: so PostgreSQL folds in every multi-byte encoding. */
  static String lower(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (isUpper(word.charAt(i))) {
        StringBuilder lower = new StringBuilder(word);
        for (int k = i; k < lower.length(); k++) {
          char c = lower.charAt(k);
          if (isUpper(c)) {
            lower.setCharAt(k, (char) (c + ('a' - 'A')));
          }
        }
        return lower.toString();
      }
    }
    return word;
  }

  private static boolean isUpper(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** The name that the identifier at {@code i} stands for; empty if its escapes are wrong. */
  static Optional<String> name(Tokens tokens, int i) {
    String raw = tokens.raw(i);
    return switch (tokens.get(i).kind()) {
      case WORD -> Optional.of(cut(lower(raw)));
      case QUOTED -> Optional.of(cut(raw.substring(1, raw.length() - 1).replace("\"\"", "\"")));
      case UNICODE_QUOTED ->
          Literals.unicode(raw.substring(3, raw.length() - 1).replace("\"\"", "\""), '\\')
              .map(Identifiers::cut);
      default -> Optional.empty();
    };
  }

  private static String cut(String name) {
    // A char is at most three bytes of UTF-8.
    if (name.length() * 3 <= LONGEST_NAME
        || name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME) {
      return name;
    }
    int bytes = 0;
    int i = 0;
    while (i < name.length()) {
      int codePoint = name.codePointAt(i);
      bytes += utf8Length(codePoint);
      if (bytes > LONGEST_NAME) {
        break;
      }
      i += Character.charCount(codePoint);
    }
    return name.substring(0, i);
  }

  private static int utf8Length(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
