package io.prestogres.session;

import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import java.util.List;

/**
 * The two forms in which a shell would answer nothing, because PostgreSQL looks at the shell alone
 * and not at its child: {@code ONLY t} and {@code COPY t TO}. Both are turned into the form that
 * reads the child.
 */
final class ShellGaps {
  private ShellGaps() {}

  static void close(List<ScannedStatement> statements, NameResolution names, TextEdits edits) {
    for (ScannedStatement statement : statements) {
      if (statement.shape() instanceof Shape.CopyTable copy && names.isShell(copy.table())) {
        refuse(names.isParent(copy.table()), "COPY TO");
        edits.replace(copy.start(), copy.end(), copy.asQuery(statement.text()));
      }
      for (NameReference name : statement.names()) {
        refuse(name.only() && names.isParent(name), "ONLY");
        if (name.only() && names.isShell(name)) {
          // Blanked up to the closing bracket of ONLY (t), which may follow the name.
          int end =
              Math.min(name.end() + 1 + blanks(statement.text(), name.end()), statement.end());
          edits.replace(
              name.onlyStart(),
              end,
              name.blankOnly(statement.text()).substring(name.onlyStart(), end));
        }
      }
    }
  }

  /** The rows of the shell's own child are wanted, and those of its other children are not. */
  private static void refuse(boolean ambiguous, String what) {
    if (ambiguous) {
      throw PgException.error(
          SqlState.FEATURE_NOT_SUPPORTED,
          what + " cannot be done for a table of Presto's from which another table inherits");
    }
  }

  private static int blanks(String text, int from) {
    int count = 0;
    while (from + count < text.length() && Character.isWhitespace(text.charAt(from + count))) {
      count++;
    }
    return count;
  }
}
