package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Runs statements over {@code %s} on the local table of the samples and on the shell of the same
 * rows, and tells what differs.
 */
final class ShellComparison {
  private static final String SHELL = SampleTables.SHELL;
  private static final String LOCAL = SampleTables.LOCAL;
  private static final int WORKERS = 4;

  private final Stack stack;

  ShellComparison(Stack stack) {
    this.stack = stack;
  }

  /** What came of a statement: its rows, or the class of its error. */
  record Outcome(List<String> rows, String errorClass) {}

  /** How a statement is run. */
  @FunctionalInterface
  interface Run {
    List<String> rows() throws SQLException;
  }

  /** What comes of it; rows in a fixed order unless theirs counts. */
  static Outcome outcome(Run run, boolean ordered) {
    try {
      List<String> rows = new ArrayList<>(run.rows());
      if (!ordered) {
        Collections.sort(rows);
      }
      return new Outcome(rows, "");
    } catch (SQLException e) {
      return new Outcome(List.of(), Objects.toString(e.getSQLState()).substring(0, 2));
    }
  }

  /** A statement over {@code %s}, on the local table and on the shell; what differs, or nothing. */
  static List<String> difference(
      Connection expecting, Connection connection, String sql, boolean ordered) {
    Outcome expected = outcome(() -> Stack.rows(expecting, sql.replace("%s", LOCAL)), ordered);
    Outcome actual = outcome(() -> Stack.rows(connection, sql.replace("%s", SHELL)), ordered);
    return differ(sql, expected, actual);
  }

  /** A line about two outcomes, if they are not the same. */
  static List<String> differ(String what, Outcome expected, Outcome actual) {
    return expected.equals(actual)
        ? List.of()
        : List.of(what + "\n    expected " + expected + "\n    but was  " + actual);
  }

  /** Over a few connections at once, as a query on Presto waits more than it works. */
  List<String> differences(boolean extended, List<String> statements, boolean ordered)
      throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Callable<List<String>>> shares = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        shares.add(
            () ->
                differencesOfShare(
                    extended,
                    IntStream.range(0, statements.size())
                        .filter(at -> at % WORKERS == worker)
                        .mapToObj(statements::get)
                        .toList(),
                    ordered));
      }
      List<String> differences = new ArrayList<>();
      for (Future<List<String>> share : workers.invokeAll(shares)) {
        differences.addAll(share.get());
      }
      return differences;
    } finally {
      workers.shutdownNow();
    }
  }

  private List<String> differencesOfShare(
      boolean extended, List<String> statements, boolean ordered) throws SQLException {
    List<String> differences = new ArrayList<>();
    try (Connection expecting = stack.connectExtended("presto", "memory");
        Connection connection =
            extended
                ? stack.connectExtended("presto", "memory")
                : stack.connect("presto", "memory")) {
      for (String sql : statements) {
        differences.addAll(difference(expecting, connection, sql, ordered));
      }
    }
    return differences;
  }

  /** Whether the proxy has Presto run the whole of a simple query. */
  static boolean isRewritten(Connection connection, String sql) {
    return plan(connection, sql).contains("fetch_presto_query_results");
  }

  /** Whether PostgreSQL leaves the condition of a statement to the endpoint. */
  static boolean isPushed(Connection connection, String sql) {
    String plan = plan(connection, sql);
    return plan.isEmpty() || plan.contains(" WHERE ");
  }

  /** The others would be scanned as they are in the extended protocol. */
  List<String> rewritten(List<String> statements) throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      List<String> rewritten =
          statements.stream().filter(sql -> isRewritten(connection, sql)).toList();
      assertThat(rewritten).isNotEmpty();
      return rewritten;
    }
  }

  /** Empty for what PostgreSQL does not plan. */
  private static String plan(Connection connection, String sql) {
    String explain = "explain (verbose, costs off) " + sql.replace("%s", SHELL);
    return String.join("\n", outcome(() -> Stack.rows(connection, explain), true).rows());
  }
}
