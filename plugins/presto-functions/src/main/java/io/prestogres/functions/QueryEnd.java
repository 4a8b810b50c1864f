package io.prestogres.functions;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;

/**
 * Ends queries on Presto. presto-jdbc does that too, but on a thread that it does not wait for, and
 * that is gone when the backend ends.
 */
final class QueryEnd {
  /** Long for a request that Presto answers without work; a rollback waits for it. */
  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(1).toMillis();

  private QueryEnd() {}

  /**
   * Asks Presto, and returns when it has heard; what has ended already is none the worse for it.
   */
  static void ask(String authority, String user, String queryId) {
    try {
      HttpURLConnection request =
          (HttpURLConnection)
              new URL("http://" + authority + "/v1/query/" + queryId).openConnection();
      request.setRequestMethod("DELETE");
      request.setRequestProperty("X-Presto-User", user);
      request.setConnectTimeout(PATIENCE_MILLIS);
      request.setReadTimeout(PATIENCE_MILLIS);
      int unused = request.getResponseCode();
      request.disconnect();
    } catch (IOException unreachable) {
      // Then Presto gives the query up by itself, when nobody has read for five minutes.
    }
  }
}
