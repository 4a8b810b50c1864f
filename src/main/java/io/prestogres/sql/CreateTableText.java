package io.prestogres.sql;

import java.util.Optional;

/** What the text says by which Presto would make a table, as SHOW CREATE TABLE tells it. */
public final class CreateTableText {
  private CreateTableText() {}

  /** The table's comment, "" if it has none; empty if the text is none of a table. */
  public static Optional<String> comment(String text) {
    Tokens tokens = Tokens.of(text);
    if (!tokens.words(0, "create", "table")) {
      return Optional.empty();
    }
    int open = 2;
    while (open < tokens.size() && !tokens.punctuation(open, '(')) {
      open++;
    }
    int behind = tokens.afterBracket(open, tokens.size());
    return tokens.word(behind, "comment") && tokens.string(behind + 1)
        ? Literals.value(tokens, behind + 1)
        : Optional.of("");
  }
}
