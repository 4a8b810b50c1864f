package io.prestogres.wire;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a message is what a script expects. */
final class TokenMatch {
  /** Fields of an error that are compared only where the script names them. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "detail",
          "hint",
          "where",
          "schema",
          "table",
          "column",
          "type",
          "constraint",
          "query",
          "internal");

  private TokenMatch() {}

  /** Compares in order; named tokens, which follow the others, by their names. */
  static boolean matches(List<Token> expected, List<Token> actual) {
    boolean open = !expected.isEmpty() && expected.get(expected.size() - 1).equals(Token.REST);
    List<Token> wanted = unnamed(open ? expected.subList(0, expected.size() - 1) : expected);
    List<Token> got = unnamed(actual);
    if (open ? got.size() < wanted.size() : got.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!matches(wanted.get(i), got.get(i))) {
        return false;
      }
    }
    return open || namedMatch(named(expected), named(actual));
  }

  private static boolean namedMatch(List<Token.Named> expected, List<Token.Named> actual) {
    for (Token.Named wanted : expected) {
      if (find(actual, wanted.name()).filter(got -> matches(wanted.value(), got)).isEmpty()) {
        return false;
      }
    }
    return actual.stream()
        .allMatch(got -> OPTIONAL.contains(got.name()) || find(expected, got.name()).isPresent());
  }

  private static boolean matches(Token expected, Token actual) {
    if (expected.equals(Token.ANY)) {
      return true;
    }
    if (expected instanceof Token.Regex regex) {
      return matches(regex, actual, StandardCharsets.UTF_8)
          || matches(regex, actual, StandardCharsets.ISO_8859_1);
    }
    if (expected instanceof Token.Group wanted && actual instanceof Token.Group got) {
      return matches(wanted.tokens(), got.tokens());
    }
    return expected.equals(actual);
  }

  /** Bytes that are no text, as keys, match with a character for each of them. */
  private static boolean matches(Token.Regex expected, Token actual, Charset charset) {
    String text =
        actual instanceof Token.Bytes bytes ? bytes.value().toString(charset) : actual.toString();
    return text.matches("(?s)" + expected.pattern());
  }

  private static Optional<Token> find(List<Token.Named> tokens, String name) {
    return tokens.stream()
        .filter(token -> token.name().equals(name))
        .map(Token.Named::value)
        .findFirst();
  }

  private static List<Token> unnamed(List<Token> tokens) {
    return tokens.stream().filter(token -> !(token instanceof Token.Named)).toList();
  }

  private static List<Token.Named> named(List<Token> tokens) {
    List<Token.Named> named = new ArrayList<>();
    for (Token token : tokens) {
      if (token instanceof Token.Named name) {
        named.add(name);
      }
    }
    return named;
  }
}
