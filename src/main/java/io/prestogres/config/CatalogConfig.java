package io.prestogres.config;

import java.time.Duration;

/**
 * How the shells are kept fresh.
 *
 * @param refresh the age from which the shells of a catalog are compared with Presto's tables again
 *     when a client connects
 * @param connectTimeout the longest that a connecting client waits for that
 */
public record CatalogConfig(Duration refresh, Duration connectTimeout) {

  /** What holds where the file says nothing. */
  public static final CatalogConfig DEFAULT =
      new CatalogConfig(Duration.ofSeconds(60), Duration.ofSeconds(30));

  /** Refuses durations that are not positive. */
  public CatalogConfig {
    Bounds.check("refresh", refresh, Bounds.REFRESH);
    Bounds.check("connectTimeout", connectTimeout, Bounds.TIMEOUT);
  }
}
