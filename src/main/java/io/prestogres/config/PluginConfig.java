package io.prestogres.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One plugin and what it is given.
 *
 * @param name the name that the plugin calls itself by; no two plugins have the same
 * @param jar the file that holds it
 * @param settings what the plugin itself reads, in the file's order
 * @param instances the names of the instances whose clients it intercepts; empty: all
 * @param timeout the longest that one call of it may take
 */
public record PluginConfig(
    String name, Path jar, Map<String, Secret> settings, List<String> instances, Duration timeout) {

  /** What {@code timeout} is where the file says nothing. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** Refuses an empty name and a duration that is not positive. */
  public PluginConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    instances = List.copyOf(instances);
    Bounds.check("name", name);
    Bounds.check("timeout", timeout, Bounds.TIMEOUT);
  }

  /** Whether it intercepts the clients of an instance. */
  public boolean serves(String instance) {
    return instances.isEmpty() || instances.contains(instance);
  }
}
