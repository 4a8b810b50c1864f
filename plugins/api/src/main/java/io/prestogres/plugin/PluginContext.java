package io.prestogres.plugin;

import java.util.Map;

/**
 * What a plugin is started with. Valid during {@link Plugin#start}, on the thread that called it.
 * Implemented by the proxy; later versions may add methods.
 */
public interface PluginContext {

  /** The plugin's settings in the configuration, in its order; values may be secrets. */
  Map<String, String> settings();

  /** Has the interceptor asked before a client is connected, after those registered before. */
  void interceptConnects(ConnectInterceptor interceptor);

  /** Has the interceptor asked about every statement, after those registered before. */
  void interceptQueries(QueryInterceptor interceptor);

  /** Has the interceptor told of the end of every statement, after those registered before. */
  void observeResponses(ResponseInterceptor interceptor);
}
