package io.prestogres.session;

import io.prestogres.sql.PrestoText;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.prestogres.sql.ShellResolver;
import java.util.Optional;

/**
 * The one statement of a message that may be rewritten, and the part of it that is replaced.
 *
 * @param query what PostgreSQL describes and the translator reads
 * @param start where the part begins that is replaced, in the message's text
 * @param end where it ends
 * @param bracketed whether the replacement stands in brackets
 */
record Target(
    ScannedStatement statement,
    String query,
    int start,
    int end,
    boolean bracketed,
    boolean prestoOnly) {

  /** The target in a statement, if it has a shape that can be rewritten. */
  static Optional<Target> of(ScannedStatement statement) {
    String text = statement.text();
    if (statement.shape() instanceof Shape.Query query) {
      return Optional.of(plain(statement, query.start(), query.end(), false));
    }
    if (statement.shape() instanceof Shape.Wrapped wrapped) {
      return Optional.of(plain(statement, wrapped.start(), wrapped.end(), false));
    }
    if (statement.shape() instanceof Shape.Prepare prepare) {
      return Optional.of(plain(statement, prepare.start(), prepare.end(), false));
    }
    if (statement.shape() instanceof Shape.PrestoOnly presto) {
      return Optional.of(plain(statement, presto.start(), presto.end(), true));
    }
    if (statement.shape() instanceof Shape.CopyTable copy) {
      String bracketed = copy.asQuery(text);
      return Optional.of(
          new Target(
              statement,
              bracketed.substring(1, bracketed.length() - 1),
              copy.start(),
              copy.end(),
              true,
              false));
    }
    return Optional.empty();
  }

  private static Target plain(ScannedStatement statement, int start, int end, boolean prestoOnly) {
    return new Target(
        statement, statement.text().substring(start, end), start, end, false, prestoOnly);
  }

  /** What the query's positions have to be moved by to be the message's, in characters. */
  int shift() {
    return statement.text().codePointCount(0, start);
  }

  /** The query as Presto is to read it, with the shells' names as Presto knows them. */
  PrestoText.Parametrized prestoText(ShellResolver resolver) {
    return PrestoText.parametrize(query, resolver);
  }

  void replace(TextEdits edits, String call) {
    edits.replace(start, end, bracketed ? "(" + call + ")" : call);
  }
}
