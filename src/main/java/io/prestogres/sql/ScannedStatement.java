package io.prestogres.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One statement of a message.
 *
 * @param text the whole message
 * @param start position of the statement's first token in the text
 * @param end position behind its last token: without semicolon, blanks and comments around it
 * @param shape what kind of statement it is
 * @param names every name in it that may be a relation's: more than there are, never fewer
 * @param write what it writes, if it is a statement that does
 */
public record ScannedStatement(
    String text,
    int start,
    int end,
    Shape shape,
    List<NameReference> names,
    Optional<WriteStatement> write) {

  public ScannedStatement {
    names = List.copyOf(names);
  }

  /** Whether a word stands in the statement outside of strings, comments and quoted names. */
  public boolean hasWord(String word) {
    Tokens tokens = Tokens.of(statement());
    return IntStream.range(0, tokens.size()).anyMatch(i -> tokens.word(i, word));
  }

  /** The statement itself. */
  public String statement() {
    return text.substring(start, end);
  }
}
