package io.prestogres.intercept;

import static java.util.Objects.requireNonNull;

import io.prestogres.config.Secret;
import io.prestogres.plugin.ConnectInterceptor;
import io.prestogres.plugin.PluginContext;
import io.prestogres.plugin.QueryInterceptor;
import io.prestogres.plugin.ResponseInterceptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plugin and what it registered. Is its context while it starts, on one thread; afterwards only
 * read.
 */
final class StartedPlugin implements PluginContext {

  private final LoadedPlugin loaded;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<ConnectInterceptor> connects = new ArrayList<>();
  private final List<QueryInterceptor> queries = new ArrayList<>();
  private final List<ResponseInterceptor> responses = new ArrayList<>();
  private boolean started;

  StartedPlugin(LoadedPlugin loaded) {
    this.loaded = loaded;
    loaded.config().settings().forEach((key, value) -> settings.put(key, text(value)));
  }

  private static String text(Secret value) {
    return value.value();
  }

  /** Runs the plugin's own start; what it registers after that is refused. */
  void start() throws Exception {
    loaded.plugin().start(this);
    started = true;
  }

  LoadedPlugin loaded() {
    return loaded;
  }

  List<ConnectInterceptor> connects() {
    return connects;
  }

  List<QueryInterceptor> queries() {
    return queries;
  }

  List<ResponseInterceptor> responses() {
    return responses;
  }

  @Override
  public Map<String, String> settings() {
    return Collections.unmodifiableMap(settings);
  }

  @Override
  public void interceptConnects(ConnectInterceptor interceptor) {
    register(connects, interceptor);
  }

  @Override
  public void interceptQueries(QueryInterceptor interceptor) {
    register(queries, interceptor);
  }

  @Override
  public void observeResponses(ResponseInterceptor interceptor) {
    register(responses, interceptor);
  }

  private <I> void register(List<I> interceptors, I interceptor) {
    if (started) {
      throw new IllegalStateException("interceptors are registered while the plugin starts");
    }
    interceptors.add(requireNonNull(interceptor));
  }
}
