package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireReader;
import io.prestogres.protocol.WireWriter;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.prestogres.sql.Shell;
import io.prestogres.sql.SqlQuoting;
import io.prestogres.sql.StatementScanner;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link ShellGaps} for statements that come as Parse. Within a batch PostgreSQL cannot be asked
 * what a name means, but a name with its schema leaves no doubt; without one the statement raises
 * an error when it is executed, for it might silently answer nothing.
 */
final class ParseGaps {
  private static final String REFUSAL =
      "ONLY and COPY TO need the schema of a table that has the name of one of Presto's";

  private ParseGaps() {}

  /** The Parse message with the gaps closed; the frame itself if there are none. */
  static Buffer close(Buffer frame, MirroredDatabase database) {
    WireReader reader = WireReader.body(frame);
    String name = reader.readCString();
    String text = reader.readCString();
    Optional<String> closed = close(text, database);
    if (closed.isEmpty()) {
      return frame;
    }
    return new WireWriter()
        .start((char) Frontend.PARSE)
        .writeCString(name)
        .writeCString(closed.get())
        .writeBytes(reader.readBytes(reader.remaining()))
        .finish()
        .toBuffer();
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
            return Optional.of(refusal());
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
    ShellGaps.close(
        statements, new NameResolution("", certain, List.of(), Optional.empty()), edits);
    return Optional.of(edits.text());
  }

  private static Optional<Shell> withSchema(List<String> parts, MirroredDatabase database) {
    int last = parts.size() - 1;
    return last == 0 ? Optional.empty() : database.shell(parts.get(last - 1), parts.get(last));
  }

  private static String refusal() {
    return "DO "
        + SqlQuoting.literal(
            "BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = '" + REFUSAL + "'; END");
  }
}
