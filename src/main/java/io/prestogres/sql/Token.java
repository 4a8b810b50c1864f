package io.prestogres.sql;

/** A lexical unit of a statement, as the range [start, end) of the text it was read from. */
record Token(Kind kind, int start, int end) {

  enum Kind {
    /** An identifier or keyword without quotes. */
    WORD,
    /** {@code "…"}. */
    QUOTED,
    /** {@code U&"…"}. */
    UNICODE_QUOTED,
    /** {@code '…'}, with its continuations on later lines. */
    STRING,
    /** {@code E'…'}. */
    ESCAPE_STRING,
    /** {@code U&'…'}. */
    UNICODE_STRING,
    /** {@code B'…'}, {@code X'…'} and {@code N'…'}. */
    TYPED_STRING,
    /** {@code $tag$…$tag$}. */
    DOLLAR_STRING,
    NUMBER,
    /** {@code $1}. */
    PARAMETER,
    OPERATOR,
    /** One of {@code , ( ) [ ] . ; :} and the two-letter {@code ::} and {@code :=}. */
    PUNCTUATION,
    /** A string, identifier or comment without an end, or a character outside the language. */
    BROKEN
  }

  boolean isString() {
    return switch (kind) {
      case STRING, ESCAPE_STRING, UNICODE_STRING, DOLLAR_STRING -> true;
      default -> false;
    };
  }

  boolean isIdentifier() {
    return kind == Kind.WORD || kind == Kind.QUOTED || kind == Kind.UNICODE_QUOTED;
  }
}
