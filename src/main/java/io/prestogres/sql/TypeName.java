package io.prestogres.sql;

import java.util.Set;

/**
 * A type's name as it was written, in lower case with single blanks.
 *
 * @param next the index of the token behind it
 */
record TypeName(String text, int next) {

  private static final Set<String> INTERVAL_FIELDS =
      Set.of("year", "month", "day", "hour", "minute", "second", "to");

  static TypeName read(Tokens tokens, int from) throws Untranslatable {
    int i = from;
    if (tokens.word(i, "pg_catalog") && tokens.punctuation(i + 1, '.')) {
      i += 2;
    }
    if (!tokens.identifier(i)) {
      throw new Untranslatable("a type has no rule");
    }
    StringBuilder text = new StringBuilder(tokens.lowerWord(i));
    if (text.isEmpty()) {
      text.append(tokens.raw(i));
    }
    i = moreWords(tokens, i, text);
    if (tokens.punctuation(i, '(')) {
      int end = tokens.afterBracket(i, tokens.size());
      for (int k = i; k < end; k++) {
        text.append(tokens.raw(k));
      }
      i = end;
    }
    i = timeZone(tokens, i, text);
    while (tokens.punctuation(i, '[')) {
      i = tokens.afterBracket(i, tokens.size());
      text.append("[]");
    }
    return new TypeName(text.toString(), i);
  }

  private static int moreWords(Tokens tokens, int first, StringBuilder text) {
    int i = first + 1;
    if (tokens.words(first, "double", "precision")
        || tokens.words(first, "character", "varying")
        || tokens.words(first, "char", "varying")
        || tokens.words(first, "bit", "varying")) {
      text.append(' ').append(tokens.lowerWord(i));
      return i + 1;
    }
    if (tokens.punctuation(i, '.')) {
      text.append('.').append(tokens.raw(i + 1));
      return i + 2;
    }
    if (tokens.word(first, "interval")) {
      TypeName fields = readIntervalFields(tokens, i);
      text.append(fields.text().isEmpty() ? "" : " " + fields.text());
      return fields.next();
    }
    return i;
  }

  private static int timeZone(Tokens tokens, int i, StringBuilder text) {
    boolean time = text.indexOf("time") == 0;
    if (time && tokens.anyWord(i, "with", "without") && tokens.words(i + 1, "time", "zone")) {
      text.append(' ').append(tokens.lowerWord(i)).append(" time zone");
      return i + 3;
    }
    return i;
  }

  static TypeName readIntervalFields(Tokens tokens, int from) {
    StringBuilder text = new StringBuilder();
    int i = from;
    while (INTERVAL_FIELDS.contains(tokens.lowerWord(i))) {
      text.append(text.isEmpty() ? "" : " ").append(tokens.lowerWord(i));
      i++;
    }
    return new TypeName(text.toString(), i);
  }
}
