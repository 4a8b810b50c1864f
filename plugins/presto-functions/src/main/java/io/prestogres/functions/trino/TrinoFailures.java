package io.prestogres.functions.trino;

import io.trino.jdbc.$internal.client.QueryError;
import io.trino.jdbc.$internal.client.StatementClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes exceptions with PostgreSQL's SQLSTATE of what Trino reports, by the error's name, and of
 * what happens on the way to it.
 */
final class TrinoFailures {
  /** The proxy's own table. */
  private static final String TABLE = "/io/prestogres/presto/standard-errors.txt";

  private static final Map<String, String> SQL_STATES = table();

  /** Trino repeats the place in its text, which the client did not write. */
  private static final Pattern LOCATION = Pattern.compile("^line \\d{1,9}:\\d{1,9}: ");

  private final String authority;

  TrinoFailures(String authority) {
    this.authority = authority;
  }

  /** Fails unless the query has come to its end. */
  void requireSuccess(StatementClient ended) throws SQLException {
    QueryError error = ended.finalStatusInfo().getError();
    if (error != null) {
      throw ofQuery(error);
    }
    if (!ended.isFinished()) {
      throw new SQLException("the connection to " + presto() + " was lost", "08006");
    }
  }

  private static SQLException ofQuery(QueryError error) {
    String name = String.valueOf(error.getErrorName());
    String known = SQL_STATES.get(name);
    String state =
        known == null
            ? SQL_STATES.getOrDefault(String.valueOf(error.getErrorType()), "XX000")
            : known;
    String text = error.getMessage() == null ? "" : error.getMessage();
    String message = LOCATION.matcher(text).replaceFirst("").strip();
    return new SQLException(message.isEmpty() ? name : message, state);
  }

  /**
   * What a request has failed of.
   *
   * @param status of HTTP; 0 if there was no answer
   */
  SQLException ofRequest(RuntimeException failure, int status) {
    return switch (status) {
      case 0, 200 -> withoutStatus(failure);
      case 400 -> new SQLException("Presto refused the request", "08P01", failure);
      case 401 -> new SQLException("Presto refused the user's credentials", "28000", failure);
      case 403 -> new SQLException("Presto refused the user access", "42501", failure);
      case 404, 410 ->
          new SQLException(presto() + " does not know the query any more", "08006", failure);
      case 413, 431 ->
          new SQLException(
              "the statement or its settings are too long for Presto", "54000", failure);
      case 429, 502, 503, 504 ->
          new SQLException(presto() + " is not available (HTTP " + status + ")", "57P03", failure);
      default -> new SQLException("Presto answered with HTTP " + status, "58000", failure);
    };
  }

  private SQLException withoutStatus(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return unreachable(": TLS cannot be agreed upon", failure);
      }
      if (cause instanceof UnknownHostException) {
        return unreachable(": no such host", failure);
      }
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return unreachable("", failure);
      }
      if (cause instanceof InterruptedIOException) {
        return new SQLException(presto() + " did not answer in time", "08006", failure);
      }
      if (cause instanceof IOException) {
        return new SQLException("the connection to " + presto() + " was lost", "08006", failure);
      }
    }
    return new SQLException(presto() + " failed: " + failure.getMessage(), "08006", failure);
  }

  private SQLException unreachable(String why, @Nullable Throwable cause) {
    return new SQLException(presto() + " cannot be reached" + why, "08001", cause);
  }

  private String presto() {
    return "Presto at " + authority;
  }

  private static Map<String, String> table() {
    try (InputStream file = TrinoFailures.class.getResourceAsStream(TABLE)) {
      if (file == null) {
        throw new IllegalStateException(TABLE + " is missing");
      }
      Map<String, String> table = new HashMap<>();
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(row -> !row.isEmpty() && !row.startsWith("#"))
          .map(row -> List.of(row.split(" ", -1)))
          .forEach(
              words -> words.subList(1, words.size()).forEach(n -> table.put(n, words.get(0))));
      return Map.copyOf(table);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
