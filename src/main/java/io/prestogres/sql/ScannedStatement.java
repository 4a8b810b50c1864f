package io.prestogres.sql;

import java.util.List;

/**
 * One statement of a message.
 *
 * @param text the whole message
 * @param start position of the statement's first token in the text
 * @param end position behind its last token: without semicolon, blanks and comments around it
 * @param shape what kind of statement it is
 * @param names every name in it that may be a relation's: more than there are, never fewer
 */
public record ScannedStatement(
    String text, int start, int end, Shape shape, List<NameReference> names) {

  public ScannedStatement {
    names = List.copyOf(names);
  }

  /** The statement itself. */
  public String statement() {
    return text.substring(start, end);
  }
}
