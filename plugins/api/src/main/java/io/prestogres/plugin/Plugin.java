package io.prestogres.plugin;

/**
 * What a plugin's jar provides as a service. The proxy makes one object, with the constructor that
 * has no parameters and should do nothing: it is also called to check a configuration.
 */
public interface Plugin {

  /** The version of this API. The proxy runs plugins that were compiled against it or before. */
  int API_VERSION = 1;

  /**
   * The version of the API that the plugin was compiled against: {@code return API_VERSION}. The
   * compiler puts the constant's value there, so the answer stays what it was on that day.
   */
  int apiVersion();

  /** The name that the configuration selects the plugin by; not blank, always the same. */
  String name();

  /**
   * Reads the settings and registers what the plugin intercepts. Called once, before the proxy
   * listens; may block.
   *
   * @throws Exception if the plugin cannot work, as with settings it does not understand; the proxy
   *     then shows the message and does not start
   */
  void start(PluginContext context) throws Exception;

  /**
   * Called once when the proxy stops, after the last interceptor was called; may block. Not called
   * if {@link #start} threw.
   */
  default void close() {}
}
