package io.prestogres.config;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Presto or Trino behind an instance.
 *
 * @param url the coordinator, {@code http} or {@code https}, with its port and without user, query
 *     or fragment
 * @param flavor which of the two dialects of the client protocol it speaks
 * @param catalog the catalog whose tables are shown; "": the one named like the login database
 * @param databases with {@code catalog}: the login databases in which it is shown, at least one;
 *     otherwise empty
 * @param user the user that Presto sees; "": the PostgreSQL login name
 * @param source the source that Presto sees, by which its resource groups choose
 * @param sessionProperties Presto session properties that are set for every query, in the file's
 *     order
 * @param requestTimeout the longest that one HTTP request may stay unanswered
 */
public record PrestoConfig(
    URI url,
    Flavor flavor,
    String catalog,
    List<String> databases,
    String user,
    String source,
    Map<String, String> sessionProperties,
    Duration requestTimeout) {

  /**
   * Refuses a URL of another kind, a timeout out of bounds, and a catalog without databases or the
   * reverse.
   */
  public PrestoConfig {
    databases = List.copyOf(databases);
    sessionProperties = Collections.unmodifiableMap(new LinkedHashMap<>(sessionProperties));
    if (!isCoordinator(url)) {
      throw new IllegalArgumentException("not the URL of a coordinator");
    }
    Bounds.check("source", source);
    Bounds.check("requestTimeout", requestTimeout, Bounds.TIMEOUT);
    if (catalog.isEmpty() != databases.isEmpty()) {
      throw new IllegalArgumentException("catalog and databases need each other");
    }
  }

  /** What holds where the file says nothing but the URL. */
  public static PrestoConfig defaults(URI url) {
    return new PrestoConfig(
        url, Flavor.PRESTO, "", List.of(), "", "prestogres", Map.of(), Duration.ofSeconds(30));
  }

  static boolean isCoordinator(URI url) {
    boolean http =
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
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

  /** Which dialect of the client protocol: the names of the HTTP headers, above all. */
  public enum Flavor {
    /** prestodb.io. */
    PRESTO,
    /** trino.io. */
    TRINO
  }
}
