package io.prestogres.intercept;

import io.prestogres.config.ConfigException;
import io.prestogres.config.PluginConfig;
import io.prestogres.config.Problem;
import io.prestogres.plugin.Plugin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Finds the plugins of a configuration in their jars. Reads files, so it blocks. */
public final class PluginLoader {

  private static final String SERVICES = "META-INF/services/" + Plugin.class.getName();

  private final List<Problem> problems = new ArrayList<>();

  private PluginLoader() {}

  /**
   * Says whether every plugin can be loaded; starts none.
   *
   * @throws ConfigException with everything that is wrong
   */
  public static void check(List<PluginConfig> configs) {
    load(configs).forEach(LoadedPlugin::close);
  }

  /** Loads every plugin, in order; if one cannot be, throws and leaves nothing open. */
  static List<LoadedPlugin> load(List<PluginConfig> configs) {
    PluginLoader loader = new PluginLoader();
    List<LoadedPlugin> loaded = new ArrayList<>();
    for (int i = 0; i < configs.size(); i++) {
      loader.load("plugins[" + i + "]", configs.get(i), loaded);
    }
    if (!loader.problems.isEmpty()) {
      loaded.forEach(LoadedPlugin::close);
      throw new ConfigException("plugins", loader.problems);
    }
    return loaded;
  }

  private void load(String path, PluginConfig config, List<LoadedPlugin> loaded) {
    try (JarFile jar = new JarFile(config.jar().toFile())) {
      if (jar.getEntry(SERVICES) == null) {
        report(path + ".jar", config.jar() + " holds no plugin: it lacks " + SERVICES);
        return;
      }
      PluginClassLoader loader = new PluginClassLoader(config.jar());
      List<Plugin> chosen = chosen(path, config, loader);
      if (chosen.size() == 1) {
        loaded.add(new LoadedPlugin(path, config, chosen.get(0), loader));
      } else {
        loader.close();
      }
    } catch (IOException e) {
      report(path + ".jar", config.jar() + " cannot be read as a jar (" + e + ")");
    }
  }

  /** One plugin, or none if something was wrong. */
  private List<Plugin> chosen(String path, PluginConfig config, PluginClassLoader loader) {
    try {
      List<Plugin> found = new ArrayList<>();
      ServiceLoader.load(Plugin.class, loader).forEach(found::add);
      List<Plugin> named = found.stream().filter(p -> config.name().equals(p.name())).toList();
      if (named.size() != 1) {
        String names = found.stream().map(Plugin::name).collect(Collectors.joining(", "));
        report(
            path + ".name",
            "%s holds %s plugin %s; it holds: %s"
                .formatted(
                    config.jar(), named.isEmpty() ? "no" : "more than one", config.name(), names));
        return List.of();
      }
      return current(path, config, named.get(0));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      // Whatever the constructors of a plugin throw comes as a ServiceConfigurationError.
      String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
      report(path + ".jar", config.jar() + " cannot be loaded: " + e + cause);
      return List.of();
    }
  }

  private List<Plugin> current(String path, PluginConfig config, Plugin plugin) {
    int version = plugin.apiVersion();
    if (version >= 1 && version <= Plugin.API_VERSION) {
      return List.of(plugin);
    }
    report(
        path + ".jar",
        "%s was built for version %d of the plugin API; this proxy has version %d"
            .formatted(config.jar(), version, Plugin.API_VERSION));
    return List.of();
  }

  private void report(String path, String message) {
    problems.add(new Problem(path, 0, message));
  }
}
