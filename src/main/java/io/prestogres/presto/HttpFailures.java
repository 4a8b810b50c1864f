package io.prestogres.presto;

import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** What failures of HTTP mean to a user. */
final class HttpFailures {
  private static final String FORGOTTEN = "does not know the query any more";

  /** connection_failure: a coordinator that was restarted has lost its queries. */
  private static final String UNKNOWN_QUERY = "08006";

  private HttpFailures() {}

  static boolean isUnknownQuery(Throwable cause) {
    return cause instanceof PrestoException failure && failure.getMessage().endsWith(FORGOTTEN);
  }

  /** Whether the same request may be answered a little later. */
  static boolean isPassing(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
  }

  static PrestoException ofStatus(int status, URI uri, String text) {
    if (isPassing(status)) {
      return failure("57P03", uri, "is not available (HTTP " + status + ")", true);
    }
    String said = text.isEmpty() ? "" : ": " + text;
    return switch (status) {
      case 400 -> new PrestoException("08P01", "Presto refused the request" + said);
      case 401 -> new PrestoException("28000", "Presto refused the user's credentials" + said);
      case 403 -> new PrestoException("42501", "Presto refused the user access" + said);
      case 404, 410 -> failure(UNKNOWN_QUERY, uri, FORGOTTEN, true);
      case 413, 431 ->
          new PrestoException("54000", "the statement or its settings are too long for Presto");
      default -> new PrestoException("58000", "Presto answered with HTTP " + status + said);
    };
  }

  static PrestoException unreachable(URI uri, Throwable cause) {
    String why =
        cause instanceof UnknownHostException
            ? ": no such host"
            : cause instanceof SSLException ? ": TLS cannot be agreed upon" : "";
    return failure("08001", uri, "cannot be reached" + why, true);
  }

  static PrestoException lost(URI uri) {
    return new PrestoException(
        "08006",
        "",
        "the connection to Presto at " + PrestoCoordinator.authority(uri) + " was lost",
        "",
        null,
        true);
  }

  static PrestoException silent(URI uri, Duration limit) {
    return failure("08006", uri, "did not answer within " + limit.toMillis() + " ms", true);
  }

  private static PrestoException failure(String sqlState, URI uri, String what, boolean retriable) {
    return new PrestoException(
        sqlState,
        "",
        "Presto at " + PrestoCoordinator.authority(uri) + " " + what,
        "",
        null,
        retriable);
  }
}
