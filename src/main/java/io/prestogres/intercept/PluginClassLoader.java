package io.prestogres.intercept;

import io.prestogres.plugin.Plugin;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * Loads the classes of one plugin: the JDK's, the plugin API's from the proxy, and everything else
 * from the plugin's own jar. The proxy's classes and libraries cannot be seen, nor other plugins.
 */
final class PluginClassLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String API = Plugin.class.getPackageName() + ".";

  /**
   * Opens a jar.
   *
   * @throws MalformedURLException if no URL can name the file
   */
  PluginClassLoader(Path jar) throws MalformedURLException {
    super(
        "plugin " + jar.getFileName(),
        new URL[] {jar.toUri().toURL()},
        ClassLoader.getPlatformClassLoader());
  }

  /** A copy of the API in the jar is not used: its types would be others than the proxy's. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return name.startsWith(API)
        ? Class.forName(name, false, Plugin.class.getClassLoader())
        : super.loadClass(name, resolve);
  }
}
