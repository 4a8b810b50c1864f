package io.prestogres.results;

import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cursors that one connection has open, each with the nesting level of the transaction that
 * opened it. Belongs to the connection's context.
 */
final class EndpointCursors {
  private static final int MAX_CURSORS = 1_000;

  /** Opens the cursor of a query. */
  @FunctionalInterface
  interface Opening {
    OpenCursor open(String query, List<Optional<String>> parameters);
  }

  private final Opening opening;
  private final Runnable onClose;
  private final Map<String, OpenCursor> cursors = new HashMap<>();

  /** 1 for the outermost transaction. */
  private final Map<String, Integer> levels = new HashMap<>();

  private int level = 1;

  /**
   * No cursors.
   *
   * @param onClose is run for each cursor that was opened
   */
  EndpointCursors(Opening opening, Runnable onClose) {
    this.opening = opening;
    this.onClose = onClose;
  }

  Optional<OpenCursor> find(String name) {
    return Optional.ofNullable(cursors.get(name));
  }

  /**
   * Opens a cursor.
   *
   * @throws PgException 42P03 if there is one of this name or there are too many, and what the
   *     opening throws
   */
  void declare(EndpointStatement.Declare declare, List<Optional<String>> parameters) {
    if (cursors.containsKey(declare.cursor()) || cursors.size() >= MAX_CURSORS) {
      throw PgException.error("42P03", "cursor \"" + declare.cursor() + "\" cannot be opened");
    }
    OpenCursor cursor = opening.open(declare.query(), parameters);
    cursors.put(declare.cursor(), cursor);
    levels.put(declare.cursor(), level);
  }

  /** Cursors end with the sub-transaction that opened them, if it is rolled back. */
  void savepoint(EndpointStatement.Savepoint savepoint) {
    if (savepoint.rollsBack()) {
      levels.entrySet().stream()
          .filter(entry -> entry.getValue() >= savepoint.level())
          .map(Map.Entry::getKey)
          .toList()
          .forEach(this::close);
    } else if (savepoint.releases()) {
      levels.replaceAll((cursor, opened) -> Math.min(opened, savepoint.level() - 1));
    }
    level =
        savepoint.rollsBack() || savepoint.releases() ? savepoint.level() - 1 : savepoint.level();
  }

  /**
   * Closes a cursor; its query on Presto ends.
   *
   * @throws PgException 34000 if there is none of this name
   */
  void close(String name) {
    OpenCursor open = cursors.remove(name);
    levels.remove(name);
    if (open == null) {
      throw noCursor(name);
    }
    discard(open);
  }

  /** Closes them all and goes back to the outermost level. */
  void closeAll() {
    cursors.values().forEach(this::discard);
    cursors.clear();
    levels.clear();
    level = 1;
  }

  private void discard(OpenCursor cursor) {
    onClose.run();
    cursor.rows().close();
  }

  static PgException noCursor(String name) {
    return PgException.error(
        SqlState.INVALID_CURSOR_NAME, "cursor \"" + name + "\" does not exist");
  }
}
