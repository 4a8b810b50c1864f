package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.prestogres.sql.Shell;
import io.prestogres.sql.SqlQuoting;
import io.prestogres.sql.StatementScanner;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@link ShellGaps} for messages about which PostgreSQL cannot be asked first: Parse, and a Query
 * within a batch. A name with its schema leaves no doubt; without one, and in a session whose texts
 * our scanner does not read as PostgreSQL does, the statement raises an error when it is executed,
 * for it might silently answer nothing.
 */
final class UnaskedGaps {
  private static final String NAME_IT =
      "ONLY and COPY TO need the schema of a table that has the name of one of Presto's";

  private static final String READABLE =
      "ONLY and COPY TO of Presto's tables need client_encoding UTF8 and standard_conforming_strings";

  private static final Pattern GAP = Pattern.compile("\\b(only|copy)\\b");

  private UnaskedGaps() {}

  /**
   * The message with the gaps closed; the frame itself if there are none.
   *
   * @param readable whether the scanner reads the session's texts as PostgreSQL does
   */
  static Buffer close(byte type, Buffer frame, MirroredDatabase database, boolean readable) {
    try {
      if (!readable) {
        return closeUnread(type, frame, database);
      }
      if (type == Frontend.QUERY) {
        return close(Frontend.readQuery(frame), database).map(Frontend::query).orElse(frame);
      }
      Frontend.Parse parse = Frontend.Parse.read(frame);
      return close(parse.text(), database)
          .map(text -> Frontend.parse(parse.name(), text, parse.parameterTypes()))
          .orElse(frame);
    } catch (PgException notOurs) {
      // What is no text in UTF-8 is PostgreSQL's to complain of.
      return frame;
    }
  }

  /** Every encoding a client may have holds ASCII as it is, so the words can be looked for. */
  private static Buffer closeUnread(byte type, Buffer frame, MirroredDatabase database) {
    String text =
        new String(frame.getBytes(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (!GAP.matcher(text).find() || !database.namesOccurIn(text)) {
      return frame;
    }
    return type == Frontend.QUERY
        ? Frontend.query(refusal(READABLE))
        : Frontend.parse(Frontend.parsedStatement(frame).orElse(""), refusal(READABLE), List.of());
  }

  static Optional<String> close(String text, MirroredDatabase database) {
    List<ScannedStatement> statements = StatementScanner.scan(text);
    Map<List<String>, Shell> certain = new HashMap<>();
    boolean found = false;
    for (ScannedStatement statement : statements) {
      for (NameReference name : statement.names()) {
        boolean gap =
            name.only()
                || (statement.shape() instanceof Shape.CopyTable copy && copy.table().equals(name));
        if (gap && database.mayName(name.parts())) {
          Optional<Shell> shell = withSchema(name.parts(), database);
          if (name.parts().size() == 1) {
            return Optional.of(refusal(NAME_IT));
          }
          found |= shell.isPresent();
          shell.ifPresent(known -> certain.put(name.parts(), known));
        }
      }
    }
    if (!found) {
      return Optional.empty();
    }
    TextEdits edits = new TextEdits(text);
    ShellGaps.close(statements, NameResolution.of("", certain), edits);
    return Optional.of(edits.text());
  }

  private static Optional<Shell> withSchema(List<String> parts, MirroredDatabase database) {
    int last = parts.size() - 1;
    return last == 0 ? Optional.empty() : database.shell(parts.get(last - 1), parts.get(last));
  }

  private static String refusal(String message) {
    return "DO "
        + SqlQuoting.literal(
            "BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = "
                + SqlQuoting.literal(message)
                + "; END");
  }
}
