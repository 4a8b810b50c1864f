package io.prestogres.sql;

import io.prestogres.sql.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL's lexical rules (scan.l) with {@code standard_conforming_strings} on. Comments and
 * blanks are dropped; anything without an end becomes one {@link Kind#BROKEN} token up to the end
 * of the text. Never throws.
 */
final class Lexer {

  private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?";

  /** A longer operator may end in + or - only if one of these is in it (scan.l, "operator"). */
  private static final String ALLOW_TRAILING_SIGN = "~!@#%^&|`?";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    int length = text.length();
    while (at < length) {
      char c = text.charAt(at);
      if (isBlank(c)) {
        at++;
      } else if (c == '-' && peek(1) == '-') {
        skipLineComment();
      } else if (c == '/' && peek(1) == '*') {
        blockComment();
      } else {
        token(c);
      }
    }
  }

  private void token(char c) {
    int start = at;
    if (isIdentifierStart(c)) {
      wordOrPrefixedString(c);
    } else if (c == '\'') {
      add(quoted(at, false) ? Kind.STRING : Kind.BROKEN, start);
    } else if (c == '"') {
      add(quotedIdentifier(at) ? Kind.QUOTED : Kind.BROKEN, start);
    } else if (c == '$') {
      dollar();
    } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      number();
    } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      operator();
    } else {
      punctuation(c);
    }
  }

  private void wordOrPrefixedString(char c) {
    int start = at;
    char next = peek(1);
    if (next == '\'') {
      switch (c) {
        case 'e', 'E' -> {
          add(quoted(at + 1, true) ? Kind.ESCAPE_STRING : Kind.BROKEN, start);
          return;
        }
        case 'b', 'B', 'x', 'X', 'n', 'N' -> {
          add(quoted(at + 1, false) ? Kind.TYPED_STRING : Kind.BROKEN, start);
          return;
        }
        default -> {}
      }
    } else if ((c == 'u' || c == 'U') && next == '&') {
      if (peek(2) == '\'') {
        add(quoted(at + 2, false) ? Kind.UNICODE_STRING : Kind.BROKEN, start);
        return;
      }
      if (peek(2) == '"') {
        add(quotedIdentifier(at + 2) ? Kind.UNICODE_QUOTED : Kind.BROKEN, start);
        return;
      }
    }
    at++;
    while (at < text.length() && isIdentifierPart(text.charAt(at))) {
      at++;
    }
    add(Kind.WORD, start);
  }

  /**
   * Reads a literal from its opening quote on, and the parts that continue it: literals with
   * nothing but blanks, comments to the end of a line, and at least one line break between are one.
   */
  private boolean quoted(int openingQuote, boolean backslashEscapes) {
    at = openingQuote + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && backslashEscapes) {
        at += 2;
      } else if (c != '\'') {
        at++;
      } else if (peek(1) == '\'') {
        at += 2;
      } else {
        at++;
        int continuation = continuation(at);
        if (continuation < 0) {
          return true;
        }
        at = continuation + 1;
      }
    }
    at = text.length();
    return false;
  }

  /** The position of the quote that continues a literal closed just before {@code from}, or -1. */
  private int continuation(int from) {
    boolean newline = false;
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (isBlank(c)) {
        newline |= c == '\n' || c == '\r';
        i++;
      } else if (c == '-' && i + 1 < text.length() && text.charAt(i + 1) == '-') {
        i = endOfLine(i);
      } else {
        return newline && c == '\'' ? i : -1;
      }
    }
    return -1;
  }

  private boolean quotedIdentifier(int openingQuote) {
    at = openingQuote + 1;
    while (at < text.length()) {
      if (text.charAt(at) != '"') {
        at++;
      } else if (peek(1) == '"') {
        at += 2;
      } else {
        at++;
        return true;
      }
    }
    return false;
  }

  private void dollar() {
    int start = at;
    if (isDigit(peek(1))) {
      at++;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      add(Kind.PARAMETER, start);
      return;
    }
    int i = at + 1;
    while (i < text.length() && isIdentifierPart(text.charAt(i)) && text.charAt(i) != '$') {
      i++;
    }
    if (i >= text.length() || text.charAt(i) != '$') {
      at++;
      add(Kind.BROKEN, start);
      return;
    }
    String delimiter = text.substring(start, i + 1);
    int close = text.indexOf(delimiter, i + 1);
    at = close < 0 ? text.length() : close + delimiter.length();
    add(close < 0 ? Kind.BROKEN : Kind.DOLLAR_STRING, start);
  }

  private void number() {
    int start = at;
    skipDigits();
    // "1..10" is a range in PL/pgSQL, not a number with two points.
    if (peek(0) == '.' && peek(1) != '.') {
      at++;
      skipDigits();
    }
    char exponent = peek(0);
    if (exponent == 'e' || exponent == 'E') {
      int digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
      if (isDigit(peek(digits))) {
        at += digits;
        skipDigits();
      }
    }
    boolean junk = at < text.length() && isIdentifierStart(text.charAt(at));
    while (at < text.length() && isIdentifierPart(text.charAt(at))) {
      at++;
    }
    add(junk ? Kind.BROKEN : Kind.NUMBER, start);
  }

  private void operator() {
    int start = at;
    int end = at + 1;
    while (end < text.length() && OPERATOR_CHARACTERS.indexOf(text.charAt(end)) >= 0) {
      if (startsComment(end)) {
        break;
      }
      end++;
    }
    if (end - start > 1 && !containsAny(start, end, ALLOW_TRAILING_SIGN)) {
      while (end - start > 1 && "+-".indexOf(text.charAt(end - 1)) >= 0) {
        end--;
      }
    }
    at = end;
    add(Kind.OPERATOR, start);
  }

  private boolean startsComment(int i) {
    return text.startsWith("--", i) || text.startsWith("/*", i);
  }

  private boolean containsAny(int start, int end, String characters) {
    for (int i = start; i < end; i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private void punctuation(char c) {
    int start = at;
    if (c == ':' && (peek(1) == ':' || peek(1) == '=')) {
      at += 2;
      add(Kind.PUNCTUATION, start);
    } else {
      at++;
      add(",()[].;:".indexOf(c) >= 0 ? Kind.PUNCTUATION : Kind.BROKEN, start);
    }
  }

  private void skipLineComment() {
    at = endOfLine(at);
  }

  private int endOfLine(int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) != '\n' && text.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  private void blockComment() {
    int start = at;
    int depth = 0;
    while (at < text.length()) {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
        if (depth == 0) {
          return;
        }
      } else {
        at++;
      }
    }
    add(Kind.BROKEN, start);
  }

  private void skipDigits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private void add(Kind kind, int start) {
    at = Math.min(at, text.length());
    tokens.add(new Token(kind, start, at));
  }

  private char peek(int ahead) {
    int i = at + ahead;
    return i < text.length() ? text.charAt(i) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Vertical tab is a blank since PostgreSQL 16 and an error before. */
  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
  }

  private static boolean isIdentifierStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static boolean isIdentifierPart(char c) {
    return isIdentifierStart(c) || isDigit(c) || c == '$';
  }
}
