package io.prestogres.functions;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A connection to a coordinator by way of its own driver. For one query and one thread, but for
 * {@link #abort} and {@link #end}.
 */
public interface EngineLink extends AutoCloseable {
  /** The name under which {@link #prepare} prepares. */
  String PREPARED = "prestogres";

  /** Has the listener told the id of what runs, maybe again and again. */
  void onQueryId(Consumer<String> listener) throws SQLException;

  /** Prepares a statement as {@link #PREPARED}, and returns the types of its parameters. */
  List<String> prepare(String query) throws SQLException, InterruptedException;

  /**
   * Runs a statement.
   *
   * @return its rows; nothing if it has none, and then {@link #updateCount} tells what it did
   */
  Optional<EngineRows> execute(String sql) throws SQLException, InterruptedException;

  /** How many rows the statement changed that has just run. */
  long updateCount() throws SQLException;

  /** Has the thread that waits for the coordinator fail; its interrupt follows. From any thread. */
  void abort();

  /**
   * Ends a query on the coordinator, and returns when it has heard; what has ended already is none
   * the worse for it. The driver does that too, but on a thread that it does not wait for, and that
   * is gone when the backend ends.
   */
  void end(String queryId);

  @Override
  void close() throws SQLException;
}
