package io.prestogres.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As whom and how Presto is asked, whoever asks.
 *
 * @param user the user that Presto sees; "": the PostgreSQL login name
 * @param source the source that Presto sees, by which its resource groups choose
 * @param clientTags tags by which resource groups choose; no commas
 * @param sessionProperties Presto session properties that are set for every query, in the file's
 *     order
 * @param roles roles to take on, by catalog: a name, ALL or NONE
 * @param extraCredentials what connectors ask for, by its name
 */
public record PrestoSessionConfig(
    String user,
    String source,
    List<String> clientTags,
    Map<String, String> sessionProperties,
    Map<String, String> roles,
    Map<String, Secret> extraCredentials) {

  /** What holds where the file says nothing. */
  public static final PrestoSessionConfig DEFAULT =
      new PrestoSessionConfig("", "prestogres", List.of(), Map.of(), Map.of(), Map.of());

  /** Refuses an empty source. */
  public PrestoSessionConfig {
    Bounds.check("source", source);
    clientTags = List.copyOf(clientTags);
    sessionProperties = Collections.unmodifiableMap(new LinkedHashMap<>(sessionProperties));
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
    extraCredentials = Collections.unmodifiableMap(new LinkedHashMap<>(extraCredentials));
  }
}
