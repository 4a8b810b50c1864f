package io.prestogres.sql;

import io.prestogres.sql.Token.Kind;
import java.util.List;

/** The tokens of a text with questions about them; an index out of range answers "no". */
record Tokens(String text, List<Token> list) {

  /** {@code $65535} is the last that PostgreSQL has. */
  private static final int LONGEST_PARAMETER = 6;

  static Tokens of(String text) {
    return new Tokens(text, Lexer.tokens(text));
  }

  int size() {
    return list.size();
  }

  Token get(int i) {
    return list.get(i);
  }

  boolean has(int i) {
    return i >= 0 && i < list.size();
  }

  /** The token's text as it was written. */
  String raw(int i) {
    Token token = list.get(i);
    return text.substring(token.start(), token.end());
  }

  /** The text of the tokens [from, to) as it was written. */
  String raw(int from, int to) {
    return text.substring(list.get(from).start(), list.get(to - 1).end());
  }

  /** Whether token {@code i} is this word, without quotes, in any case. */
  boolean word(int i, String word) {
    if (!has(i)) {
      return false;
    }
    Token token = list.get(i);
    return token.kind() == Kind.WORD
        && token.end() - token.start() == word.length()
        && text.regionMatches(true, token.start(), word, 0, word.length());
  }

  boolean anyWord(int i, String... words) {
    for (String word : words) {
      if (word(i, word)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the words stand one after the other from token {@code i} on. */
  boolean words(int i, String... words) {
    for (int k = 0; k < words.length; k++) {
      if (!word(i + k, words[k])) {
        return false;
      }
    }
    return true;
  }

  boolean punctuation(int i, char c) {
    if (!has(i)) {
      return false;
    }
    Token token = list.get(i);
    return token.kind() == Kind.PUNCTUATION
        && token.end() - token.start() == 1
        && text.charAt(token.start()) == c;
  }

  boolean punctuation(int i, String pair) {
    return has(i) && list.get(i).kind() == Kind.PUNCTUATION && raw(i).equals(pair);
  }

  boolean operator(int i, String operator) {
    return has(i) && list.get(i).kind() == Kind.OPERATOR && raw(i).equals(operator);
  }

  boolean identifier(int i) {
    return has(i) && list.get(i).isIdentifier();
  }

  boolean string(int i) {
    return has(i) && list.get(i).isString();
  }

  /** The number of the parameter, or 0 if the token is none or PostgreSQL cannot have so many. */
  int parameterNumber(int i) {
    boolean parameter = has(i) && list.get(i).kind() == Kind.PARAMETER;
    boolean possible = parameter && raw(i).length() <= LONGEST_PARAMETER;
    return possible ? Integer.parseInt(raw(i).substring(1)) : 0;
  }

  /** The word in lower case, or "" if token {@code i} is not a word. */
  String lowerWord(int i) {
    return has(i) && list.get(i).kind() == Kind.WORD ? Identifiers.lower(raw(i)) : "";
  }

  /** The index behind the bracket that closes the one at {@code open}; at most {@code end}. */
  int afterBracket(int open, int end) {
    int depth = 0;
    for (int i = open; i < end; i++) {
      if (punctuation(i, '(') || punctuation(i, '[')) {
        depth++;
      } else if (punctuation(i, ')') || punctuation(i, ']')) {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return end;
  }

  Tokens slice(int from, int to) {
    return new Tokens(text, list.subList(from, to));
  }
}
