package io.prestogres.config;

import java.util.List;

/**
 * The whole configuration file.
 *
 * @param settings what holds for the whole process
 * @param plugins the plugins, in the order in which they are asked; no two with the same name
 * @param instances the listeners with what stands behind each; at least one, in the file's order,
 *     no two with the same name or the same port
 */
public record ProxyConfig(
    Settings settings, List<PluginConfig> plugins, List<InstanceConfig> instances) {

  /** Refuses an empty list of instances. */
  public ProxyConfig {
    plugins = List.copyOf(plugins);
    instances = List.copyOf(instances);
    if (instances.isEmpty()) {
      throw new IllegalArgumentException("no instance");
    }
  }

  /** A configuration without plugins. */
  public ProxyConfig(Settings settings, List<InstanceConfig> instances) {
    this(settings, List.of(), instances);
  }
}
