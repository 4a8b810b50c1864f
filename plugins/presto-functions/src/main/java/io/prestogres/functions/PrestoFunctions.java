package io.prestogres.functions;

import java.security.AccessControlException;
import java.security.AccessController;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.pljava.ResultSetProvider;

/**
 * What PL/Java calls. Its methods are named in CREATE FUNCTION statements. On PostgreSQL's thread
 * only.
 */
public final class PrestoFunctions {
  /** Counts up when the proxy and the jar have to change together. */
  private static final int CONTRACT = 5;

  /** A backend is one process with one session; PL/Java calls static methods only. */
  private static final OpenQueries OPEN = new OpenQueries();

  private PrestoFunctions() {}

  /**
   * What this jar is: the number of the contract with the proxy, a blank, and the release. The
   * proxy asks for it before it relies on the rest.
   */
  public static String version() {
    String release = PrestoFunctions.class.getPackage().getImplementationVersion();
    return CONTRACT + " " + (release == null ? "(unknown release)" : release);
  }

  /**
   * Runs a query on Presto.
   *
   * <p>Each row of the result has two columns. The first is a batch of Presto's rows, as {@code
   * bytea}: for each of their columns the literal of an array of its values in PostgreSQL's text
   * forms and UTF-8, joined by <code>}"{</code>. The second is a failure, as {@code text[]}: {@code
   * !}, SQLSTATE, message and detail; it is the last. Where both are NULL nothing has come for 100
   * ms. A statement without rows gives one batch with the number of rows that it changed.
   *
   * @param url {@code jdbc:presto://host:port} or {@code jdbc:trino://host:port}
   * @param settings each as {@code name=value}: {@code user}, which is required, {@code catalog},
   *     {@code timeZone}, {@code source}, {@code clientInfo}, {@code clientTags}; properties of
   *     Presto's session as {@code session.name}, roles as {@code role.catalog}, credentials of
   *     connectors as {@code credential.name}; {@code authorization}, the header's value; {@code
   *     ca}, {@code certificate} and {@code key} as PEM; all of these {@code sealed} together, with
   *     {@code sealKey}; and presto-jdbc's own, as {@code SSL}
   * @param query with a {@code ?} for each parameter
   * @param parameters PostgreSQL's text of each; null for NULL
   * @throws SQLException 42501 unless the function's language may ask Presto, by PL/Java's policy
   */
  public static ResultSetProvider fetch(
      @Nullable String url,
      @Nullable String @Nullable [] settings,
      @Nullable String query,
      @Nullable String @Nullable [] parameters)
      throws SQLException {
    requireRight();
    QueryWorker worker = worker(url, settings, query, parameters);
    OPEN.listen();
    OPEN.add(worker);
    worker.start();
    return new BatchProvider(worker, () -> OPEN.remove(worker));
  }

  /** The policy grants it to the language of the proxy's functions, which are told the user. */
  @SuppressWarnings("removal") // PL/Java enforces its policy with it wherever Java still can.
  private static void requireRight() throws SQLException {
    try {
      AccessController.checkPermission(new RuntimePermission("prestogres.fetch"));
    } catch (AccessControlException refused) {
      throw new SQLException(
          "PL/Java's policy does not let this function ask Presto", "42501", refused);
    }
  }

  /** For tests as well, which have no session of PL/Java's. */
  static QueryWorker worker(
      @Nullable String url,
      @Nullable String @Nullable [] settings,
      @Nullable String query,
      @Nullable String @Nullable [] parameters) {
    try {
      if (query == null) {
        throw new SQLException("the query of fetch_presto_query_results is null", "22004");
      }
      @Nullable String[] values = parameters == null ? new String[0] : parameters.clone();
      return new QueryWorker(QuerySettings.parse(url, settings), query, values);
    } catch (SQLException failure) {
      return QueryWorker.failed(PrestoFailures.translate(failure, ""));
    }
  }
}
