package io.prestogres.config;

import java.util.List;

/**
 * The whole configuration file.
 *
 * @param settings what holds for the whole process
 * @param instances the listeners with what stands behind each; at least one, in the file's order,
 *     no two with the same name or the same port
 */
public record ProxyConfig(Settings settings, List<InstanceConfig> instances) {

  /** Refuses an empty list of instances. */
  public ProxyConfig {
    instances = List.copyOf(instances);
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("no instance");
    }
  }
}
