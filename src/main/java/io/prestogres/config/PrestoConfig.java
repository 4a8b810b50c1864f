package io.prestogres.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The Presto or Trino behind an instance.
 *
 * @param url the coordinator, {@code http} or {@code https}, with its port and without user, query
 *     or fragment
 * @param flavor which of the two dialects of the client protocol it speaks
 * @param catalog the catalog whose tables are shown; "": the one named like the login database
 * @param databases with {@code catalog}: the login databases in which it is shown, at least one;
 *     otherwise empty
 * @param session as whom and how it is asked
 * @param login how the proxy proves to it who it is; needs https
 * @param requestTimeout the longest that one HTTP request may stay unanswered
 * @param writes which statements that write go to it
 */
public record PrestoConfig(
    URI url,
    Flavor flavor,
    String catalog,
    List<String> databases,
    PrestoSessionConfig session,
    PrestoLogin login,
    Duration requestTimeout,
    Writes writes) {

  /**
   * Refuses a URL of another kind, a timeout out of bounds, and a catalog without databases or the
   * reverse.
   */
  public PrestoConfig {
    databases = List.copyOf(databases);
    if (!isCoordinator(url)) {
      throw new IllegalArgumentException("not the URL of a coordinator");
    }
    Bounds.check("requestTimeout", requestTimeout, Bounds.TIMEOUT);
    if (catalog.isEmpty() != databases.isEmpty()) {
      throw new IllegalArgumentException("catalog and databases need each other");
    }
    if (login.needsTls() && !isEncrypted(url)) {
      throw new IllegalArgumentException("a login needs https");
    }
  }

  /** What holds where the file says nothing but the URL. */
  public static PrestoConfig defaults(URI url) {
    return new PrestoConfig(
        url,
        Flavor.PRESTO,
        "",
        List.of(),
        PrestoSessionConfig.DEFAULT,
        PrestoLogin.NONE,
        Duration.ofSeconds(30),
        Writes.OUTSIDE_TRANSACTIONS);
  }

  static boolean isEncrypted(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  static boolean isCoordinator(URI url) {
    boolean http = "http".equalsIgnoreCase(url.getScheme()) || isEncrypted(url);
    boolean plain =
        url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
    boolean root =
        url.getRawPath() == null || url.getRawPath().isEmpty() || url.getRawPath().equals("/");
    return http
        && plain
        && root
        && url.getHost() != null
        && url.getPort() <= 65_535
        && url.getPort() != 0;
  }

  /** Which statements that write go to Presto, which commits each of them at once. */
  public enum Writes {
    /** None. */
    NEVER,
    /** Those that no transaction of PostgreSQL's could undo. */
    OUTSIDE_TRANSACTIONS,
    /** All; a ROLLBACK does not undo them. */
    ALWAYS
  }

  /** Which dialect of the client protocol: the names of the HTTP headers, above all. */
  public enum Flavor {
    /** prestodb.io. */
    PRESTO,
    /** trino.io. */
    TRINO
  }
}
