package io.prestogres.intercept;

import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.plugin.ConnectInterceptor;
import io.prestogres.plugin.QueryInterceptor;
import io.prestogres.plugin.ResponseInterceptor;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What intercepts the clients of one instance, in the configuration's order. Immutable. Where it is
 * {@link #isEmpty}, sessions need no chain.
 */
public final class Interceptors {

  private final String instance;
  private final int plugins;
  private final List<Step<ConnectInterceptor>> connects;
  private final List<Step<QueryInterceptor>> queries;
  private final List<Step<ResponseInterceptor>> responses;
  private final PluginWorkers workers;
  private final InstanceMetrics metrics;

  /** One interceptor, the plugin it belongs to, and that plugin's place among the others. */
  record Step<I>(int place, LoadedPlugin plugin, I interceptor) {}

  Interceptors(
      String instance,
      List<StartedPlugin> plugins,
      PluginWorkers workers,
      InstanceMetrics metrics) {
    this.instance = instance;
    this.plugins = plugins.size();
    this.connects = steps(plugins, StartedPlugin::connects);
    this.queries = steps(plugins, StartedPlugin::queries);
    this.responses = steps(plugins, StartedPlugin::responses);
    this.workers = workers;
    this.metrics = metrics;
  }

  private static <I> List<Step<I>> steps(
      List<StartedPlugin> plugins, Function<StartedPlugin, List<I>> kind) {
    List<Step<I>> steps = new ArrayList<>();
    for (int i = 0; i < plugins.size(); i++) {
      for (I interceptor : kind.apply(plugins.get(i))) {
        steps.add(new Step<>(i, plugins.get(i).loaded(), interceptor));
      }
    }
    return List.copyOf(steps);
  }

  /** Whether nothing is intercepted at all. */
  public boolean isEmpty() {
    return connects.isEmpty() && queries.isEmpty() && responses.isEmpty();
  }

  /** Whether a plugin wants to see texts: then none may reach PostgreSQL unseen. */
  public boolean seeQueries() {
    return !queries.isEmpty();
  }

  /** Whether a plugin wants to know how statements end. */
  public boolean seeResponses() {
    return !responses.isEmpty();
  }

  /**
   * The chain of one session.
   *
   * @param context the session's: where the chain is used, and where its futures complete
   * @param clientAddress the client's IP address; "" if it is not known
   */
  public InterceptorChain chain(Context context, String clientAddress) {
    return new InterceptorChain(this, context, clientAddress);
  }

  String instance() {
    return instance;
  }

  /** How many plugins there are, whatever they intercept. */
  int plugins() {
    return plugins;
  }

  List<Step<ConnectInterceptor>> connects() {
    return connects;
  }

  List<Step<QueryInterceptor>> queries() {
    return queries;
  }

  List<Step<ResponseInterceptor>> responses() {
    return responses;
  }

  PluginWorkers workers() {
    return workers;
  }

  InstanceMetrics metrics() {
    return metrics;
  }
}
