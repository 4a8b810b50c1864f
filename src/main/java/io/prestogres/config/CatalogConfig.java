package io.prestogres.config;

import java.time.Duration;
import java.util.List;

/**
 * How the shells are kept fresh.
 *
 * @param refresh the age from which the shells of a catalog are compared with Presto's tables again
 *     when a client connects
 * @param connectTimeout the longest that a connecting client waits for that
 * @param unlistedSchemas schemas that are mirrored although Presto does not list them, in catalogs
 *     that have them
 */
public record CatalogConfig(
    Duration refresh, Duration connectTimeout, List<String> unlistedSchemas) {

  /** What holds where the file says nothing. */
  public static final CatalogConfig DEFAULT =
      new CatalogConfig(Duration.ofSeconds(60), Duration.ofSeconds(30), List.of());

  /** Refuses durations that are not positive. */
  public CatalogConfig {
    unlistedSchemas = List.copyOf(unlistedSchemas);
    Bounds.check("refresh", refresh, Bounds.REFRESH);
    Bounds.check("connectTimeout", connectTimeout, Bounds.TIMEOUT);
  }
}
