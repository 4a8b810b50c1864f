package io.prestogres.intercept;

import io.prestogres.config.PluginConfig;
import io.prestogres.plugin.Plugin;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A plugin that was found, and not started yet.
 *
 * @param path where it stands in the configuration, as {@code plugins[0]}
 */
record LoadedPlugin(String path, PluginConfig config, Plugin plugin, PluginClassLoader loader)
    implements AutoCloseable {

  String name() {
    return config.name();
  }

  /** Closes the jar; classes that were not loaded yet cannot be any more. */
  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
