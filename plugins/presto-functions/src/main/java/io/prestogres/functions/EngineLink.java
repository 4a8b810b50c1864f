package io.prestogres.functions;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

/** A connection to a coordinator by way of its own JDBC driver. For one query. */
public interface EngineLink {
  /** The driver's connection. */
  Connection connection();

  /** Has the listener told the id of what the statement runs, again and again. */
  void onQueryId(Statement statement, Consumer<String> listener) throws SQLException;

  /**
   * Ends a query on the coordinator, and returns when it has heard; what has ended already is none
   * the worse for it. The driver does that too, but on a thread that it does not wait for, and that
   * is gone when the backend ends.
   */
  void end(String queryId);
}
