package io.prestogres.intercept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.prestogres.config.PluginConfig;
import io.prestogres.metrics.ProxyMetrics;
import io.prestogres.plugin.Plugin;
import io.prestogres.plugin.PluginContext;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.Response;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.MalformedURLException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Plugins that are scripts of a test, and chains of them that belong to one session's context.
 *
 * <p>A script that waits for {@link #end} waits until the test is over.
 */
final class ScriptedPlugins {
  /** Longer than any test takes. */
  static final Duration PATIENT = Duration.ofSeconds(30);

  static final Query QUERY = new Query("SELECT 1", Query.Protocol.SIMPLE);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ProxyMetrics metrics = new ProxyMetrics();
  private final CountDownLatch end = new CountDownLatch(1);
  private PluginWorkers workers = new PluginWorkers(1, 10);
  private int instances;

  /** Has other threads call the plugins of the chains that are made from here on. */
  void useWorkers(int threads, int waiting) {
    workers.close();
    workers = new PluginWorkers(threads, waiting);
  }

  Context context() {
    return context;
  }

  CountDownLatch end() {
    return end;
  }

  /** Ends whatever still waits. */
  void close() throws Exception {
    end.countDown();
    workers.close();
    metrics.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** What foreign code does that waits: it can be interrupted. */
  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Response response(long rows) {
    return new Response(QUERY, List.of("SELECT " + rows), Optional.empty(), rows, 10, 10);
  }

  static StartupMessage startup() {
    Map<String, String> parameters = Map.of("user", "ada", "database", "hive");
    return new StartupMessage(196_608, parameters, Buffer.buffer()).with(parameters);
  }

  InterceptorChain chain(LoadedPlugin... plugins) throws Exception {
    return interceptors(plugins).chain(context, "127.0.0.1");
  }

  Interceptors interceptors(LoadedPlugin... plugins) throws Exception {
    List<StartedPlugin> started = new ArrayList<>();
    for (LoadedPlugin plugin : plugins) {
      StartedPlugin starting = new StartedPlugin(plugin);
      starting.start();
      started.add(starting);
    }
    String name = "one" + (++instances == 1 ? "" : instances);
    return new Interceptors(name, started, workers, metrics.instance(name));
  }

  static LoadedPlugin plugin(String name, Duration timeout, Consumer<PluginContext> start)
      throws MalformedURLException {
    Path jar = Path.of("none.jar");
    return new LoadedPlugin(
        "plugins[0]",
        new PluginConfig(name, jar, Map.of(), List.of(), timeout),
        new Scripted(name, start),
        new PluginClassLoader(jar));
  }

  private record Scripted(String name, Consumer<PluginContext> script) implements Plugin {
    @Override
    public int apiVersion() {
      return API_VERSION;
    }

    @Override
    public void start(PluginContext context) {
      script.accept(context);
    }
  }

  /** What is answered, on the context of the session. */
  <T> T ask(Supplier<Future<T>> question) throws Exception {
    CompletableFuture<T> answer = new CompletableFuture<>();
    context.runOnContext(
        v ->
            question
                .get()
                .onComplete(
                    (value, failure) -> {
                      if (Vertx.currentContext() != context) {
                        answer.completeExceptionally(new AssertionError("on another thread"));
                      } else if (failure != null) {
                        answer.completeExceptionally(failure);
                      } else {
                        answer.complete(value);
                      }
                    }));
    return answer.get(10, TimeUnit.SECONDS);
  }

  /** The error that is answered. */
  PgException error(Supplier<? extends Future<?>> question) {
    ExecutionException thrown =
        catchThrowableOfType(ExecutionException.class, () -> ask(() -> question.get().mapEmpty()));
    assertThat(thrown.getCause()).isInstanceOf(PgException.class);
    return (PgException) thrown.getCause();
  }

  /** How many failures of the first instance were counted. */
  double failures(String reason) {
    String line = "prestogres_plugin_failures_total{instance=\"one\",reason=\"" + reason + "\"} ";
    return metrics
        .scrape()
        .lines()
        .filter(found -> found.startsWith(line))
        .mapToDouble(found -> Double.parseDouble(found.substring(line.length())))
        .sum();
  }
}
