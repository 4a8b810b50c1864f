package io.prestogres.intercept;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.prestogres.config.PluginConfig;
import io.prestogres.metrics.ProxyMetrics;
import io.prestogres.plugin.ClientSession;
import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.Plugin;
import io.prestogres.plugin.PluginContext;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.QueryDecision;
import io.prestogres.plugin.QueryInterceptor;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InterceptorChainTest {

  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Query QUERY = new Query("SELECT 1", Query.Protocol.SIMPLE);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final ProxyMetrics metrics = new ProxyMetrics();
  private PluginWorkers workers = new PluginWorkers(1, 10);
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    end.countDown();
    workers.close();
    metrics.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void shouldShowEachPluginWhatTheOneBeforeMade() throws Exception {
    InterceptorChain chain =
        chain(
            plugin("a", PATIENT, context -> context.interceptQueries(appending("a"))),
            plugin(
                "b",
                PATIENT,
                context -> {
                  context.interceptQueries(appending("b"));
                  context.interceptQueries((s, q) -> completedFuture(QueryDecision.pass()));
                  context.interceptQueries(appending("c"));
                }));

    assertThat(ask(() -> chain.query(QUERY))).isEqualTo("SELECT 1abc");
  }

  @Test
  void shouldConnectWithChangedParametersAndRememberThem() throws Exception {
    List<ClientSession> seen = Collections.synchronizedList(new ArrayList<>());
    InterceptorChain chain =
        chain(
            plugin(
                "a",
                PATIENT,
                context ->
                    context.interceptConnects(
                        session -> {
                          seen.add(session);
                          return completedFuture(
                              ConnectDecision.acceptWith(Map.of("user", "grace")));
                        })),
            plugin(
                "b",
                PATIENT,
                context -> {
                  context.interceptConnects(
                      session -> {
                        seen.add(session);
                        return completedFuture(ConnectDecision.accept());
                      });
                  context.interceptQueries(
                      (session, query) -> {
                        seen.add(session);
                        return completedFuture(QueryDecision.pass());
                      });
                }));

    StartupMessage sent = ask(() -> chain.connect(startup()));
    ask(() -> chain.query(QUERY));

    assertThat(sent.parameters()).isEqualTo(Map.of("user", "grace"));
    assertThat(sent.packet()).isEqualTo(startup().with(Map.of("user", "grace")).packet());
    assertThat(seen).extracting(ClientSession::user).containsExactly("ada", "grace", "grace");
    assertThat(seen).extracting(ClientSession::database).containsExactly("hive", "grace", "grace");
    assertThat(seen).extracting(ClientSession::instance).containsOnly("one");
    assertThat(seen).extracting(ClientSession::clientAddress).containsOnly("127.0.0.1");
  }

  @Test
  void shouldRefuseAndAskNobodyElse() throws Exception {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    InterceptorChain chain =
        chain(
            plugin(
                "a",
                PATIENT,
                context -> {
                  context.interceptConnects(
                      session -> completedFuture(ConnectDecision.refuse("28000", "not you")));
                  context.interceptQueries(
                      (s, q) -> completedFuture(QueryDecision.refuse("42501", "not this")));
                }),
            plugin(
                "b",
                PATIENT,
                context -> {
                  context.interceptConnects(
                      session -> {
                        asked.add("connect");
                        return completedFuture(ConnectDecision.accept());
                      });
                  context.interceptQueries(
                      (s, q) -> {
                        asked.add("query");
                        return completedFuture(QueryDecision.pass());
                      });
                }));

    PgException connect = error(() -> chain.connect(startup()));
    PgException query = error(() -> chain.query(QUERY));

    assertThat(connect.fields()).hasToString("28000: not you");
    assertThat(connect.fields().isFatal()).isTrue();
    assertThat(query.fields()).hasToString("42501: not this");
    assertThat(query.fields().isFatal()).isFalse();
    assertThat(asked).isEmpty();
  }

  static Stream<Arguments> failures() {
    CompletableFuture<QueryDecision> never = new CompletableFuture<>();
    return Stream.of(
        failure("failed", "threw", (s, q) -> thrown(new IllegalStateException("inner secret"))),
        failure("failed", "threw", (s, q) -> thrown(new NoClassDefFoundError("missing"))),
        failure("failed", "threw", (s, q) -> endless(1)),
        failure(
            "failed",
            "threw",
            (s, q) -> CompletableFuture.failedFuture(new IllegalStateException("inner secret"))),
        failure("gave no answer", "no_answer", (s, q) -> null),
        failure("gave no answer", "no_answer", (s, q) -> completedFuture(null)),
        failure("did not answer within 1000 ms", "timeout", (s, q) -> never),
        failure("did not answer within 1000 ms", "timeout", (s, q) -> sleep()));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldMakeAFailureAnErrorOfItsStatementAlone(
      String message, String reason, QueryInterceptor failing) throws Exception {
    QueryInterceptor once =
        (session, query) ->
            session.attributes().putIfAbsent("failed", true) == null
                ? failing.onQuery(session, query)
                : completedFuture(QueryDecision.pass());
    Duration timeout = reason.equals("timeout") ? SHORT : PATIENT;
    InterceptorChain chain =
        chain(plugin("frail", timeout, context -> context.interceptQueries(once)));

    PgException error = error(() -> chain.query(QUERY));
    String next = ask(() -> chain.query(QUERY));

    assertThat(error.fields()).hasToString("38000: plugin frail " + message);
    assertThat(error.fields().isFatal()).isFalse();
    assertThat(next).isEqualTo("SELECT 1");
    assertThat(failures(reason)).isEqualTo(1);
  }

  @Test
  void shouldRefuseAConnectWhosePluginFails() throws Exception {
    InterceptorChain chain =
        chain(
            plugin(
                "frail",
                PATIENT,
                context -> {
                  context.interceptConnects(
                      session ->
                          completedFuture(
                              ConnectDecision.acceptWith(Map.of("user", "u".repeat(20_000)))));
                }));

    PgException error = error(() -> chain.connect(startup()));

    assertThat(error.fields())
        .hasToString("38000: plugin frail gave an answer that cannot be used");
    assertThat(error.fields().isFatal()).isTrue();
    assertThat(failures("invalid_answer")).isEqualTo(1);
  }

  @Test
  void shouldCallPluginsOnThreadsOfTheirOwn() throws Exception {
    List<String> threads = Collections.synchronizedList(new ArrayList<>());
    LoadedPlugin plugin =
        plugin(
            "a",
            PATIENT,
            context ->
                context.interceptQueries(
                    (s, q) -> {
                      threads.add(Thread.currentThread().getName());
                      threads.add(Thread.currentThread().getContextClassLoader().getName());
                      threads.add(String.valueOf(Vertx.currentContext()));
                      return CompletableFuture.supplyAsync(QueryDecision::pass);
                    }));
    InterceptorChain chain = chain(plugin);

    // ask() fails unless the answer comes on the session's context.
    ask(() -> chain.query(QUERY));

    assertThat(threads).containsExactly("plugin-1", "plugin none.jar", "null");
  }

  @Test
  void shouldCallOneAfterTheOther() throws Exception {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    workers = new PluginWorkers(4, 10);
    CountDownLatch slow = new CountDownLatch(1);
    InterceptorChain chain =
        chain(
            plugin(
                "a",
                PATIENT,
                context -> {
                  context.observeResponses(
                      (session, response) -> {
                        await(slow);
                        calls.add("response " + response.rows());
                      });
                  context.interceptQueries(
                      (session, query) -> {
                        calls.add(query.text());
                        return completedFuture(QueryDecision.pass());
                      });
                }));

    CompletableFuture<String> query = new CompletableFuture<>();
    context.runOnContext(
        v -> {
          chain.responded(response(1));
          chain.responded(response(2));
          chain.query(QUERY).onComplete(query::complete, query::completeExceptionally);
        });
    boolean early = arrives(query, Duration.ofMillis(100));
    slow.countDown();
    query.get(10, TimeUnit.SECONDS);

    assertThat(early).isFalse();
    assertThat(calls).containsExactly("response 1", "response 2", "SELECT 1");
  }

  @Test
  void shouldGoOnWhenAnObserverFails() throws Exception {
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    InterceptorChain chain =
        chain(
            plugin(
                "a",
                PATIENT,
                context -> {
                  context.observeResponses(
                      (session, response) -> {
                        throw new IllegalStateException("no disk");
                      });
                  context.observeResponses((session, response) -> told.add(response.rows()));
                  context.interceptQueries((s, q) -> completedFuture(QueryDecision.pass()));
                }));

    context.runOnContext(v -> chain.responded(response(7)));
    String text = ask(() -> chain.query(QUERY));

    assertThat(text).isEqualTo("SELECT 1");
    assertThat(told).containsExactly(7L);
    assertThat(failures("threw")).isEqualTo(1);
  }

  @Test
  void shouldDropResponsesOnlyWhenVeryManyWait() throws Exception {
    InterceptorChain chain =
        chain(
            plugin("a", PATIENT, context -> context.observeResponses((session, r) -> await(end))));
    CompletableFuture<Boolean> sent = new CompletableFuture<>();

    context.runOnContext(
        v -> {
          for (int i = 0; i < 1_003; i++) {
            chain.responded(response(i));
          }
          sent.complete(true);
        });
    sent.get(10, TimeUnit.SECONDS);

    assertThat(failures("busy")).isEqualTo(3);
  }

  @Test
  void shouldSayWhenThereAreTooManyCalls() throws Exception {
    workers = new PluginWorkers(1, 1);
    LoadedPlugin plugin =
        plugin(
            "a",
            PATIENT,
            context ->
                context.interceptQueries(
                    (s, q) -> {
                      await(end);
                      return completedFuture(QueryDecision.pass());
                    }));
    Interceptors interceptors = interceptors(plugin);
    InterceptorChain running = interceptors.chain(context, "");
    InterceptorChain waiting = interceptors.chain(context, "");
    InterceptorChain refused = interceptors.chain(context, "");

    context.runOnContext(v -> running.query(QUERY));
    context.runOnContext(v -> waiting.query(QUERY));
    PgException error = error(() -> refused.query(QUERY));

    assertThat(error.fields())
        .hasToString("38000: plugin a could not be called: too many calls of plugins");
    assertThat(failures("busy")).isEqualTo(1);
  }

  @Test
  void shouldKeepAttributesOfPluginsAndSessionsApart() throws Exception {
    QueryInterceptor counting =
        (session, query) -> {
          Object count = session.attributes().merge("count", 1, (a, b) -> (int) a + (int) b);
          return completedFuture(QueryDecision.replace(query.text() + " " + count));
        };
    Interceptors interceptors =
        interceptors(
            plugin("a", PATIENT, context -> context.interceptQueries(counting)),
            plugin("b", PATIENT, context -> context.interceptQueries(counting)));
    InterceptorChain first = interceptors.chain(context, "");
    InterceptorChain second = interceptors.chain(context, "");

    assertThat(ask(() -> first.query(QUERY))).isEqualTo("SELECT 1 1 1");
    assertThat(ask(() -> first.query(QUERY))).isEqualTo("SELECT 1 2 2");
    assertThat(ask(() -> second.query(QUERY))).isEqualTo("SELECT 1 1 1");
  }

  @Test
  void shouldBeEmptyWithoutInterceptors() throws Exception {
    Interceptors none = interceptors();
    Interceptors idle = interceptors(plugin("idle", PATIENT, context -> {}));
    Interceptors observing =
        interceptors(plugin("o", PATIENT, context -> context.observeResponses((s, r) -> {})));

    assertThat(none.isEmpty()).isTrue();
    assertThat(idle.isEmpty()).isTrue();
    assertThat(observing.isEmpty()).isFalse();
    assertThat(observing.seeQueries()).isFalse();
    assertThat(observing.seeResponses()).isTrue();
  }

  private static Arguments failure(String message, String reason, QueryInterceptor failing) {
    return Arguments.of(message, reason, failing);
  }

  private static CompletableFuture<QueryDecision> thrown(Throwable failure) {
    InterceptorChainTest.<RuntimeException>sneak(failure);
    return new CompletableFuture<>();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Throws what is not declared.
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  private static CompletableFuture<QueryDecision> endless(int depth) {
    return depth < 0 ? new CompletableFuture<>() : endless(1 + depth % 1_000_000);
  }

  private static CompletableFuture<QueryDecision> sleep() {
    await(new CountDownLatch(1));
    return completedFuture(QueryDecision.pass());
  }

  /** What foreign code does that waits: it can be interrupted. */
  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static QueryInterceptor appending(String sign) {
    return (session, query) -> completedFuture(QueryDecision.replace(query.text() + sign));
  }

  private static Response response(long rows) {
    return new Response(QUERY, List.of("SELECT " + rows), Optional.empty(), rows, 10, 10);
  }

  private static StartupMessage startup() {
    Map<String, String> parameters = Map.of("user", "ada", "database", "hive");
    return new StartupMessage(196_608, parameters, Buffer.buffer()).with(parameters);
  }

  private InterceptorChain chain(LoadedPlugin... plugins) throws Exception {
    InterceptorChain chain = interceptors(plugins).chain(context, "127.0.0.1");
    return chain;
  }

  private Interceptors interceptors(LoadedPlugin... plugins) throws Exception {
    List<StartedPlugin> started = new ArrayList<>();
    for (LoadedPlugin plugin : plugins) {
      StartedPlugin starting = new StartedPlugin(plugin);
      starting.start();
      started.add(starting);
    }
    String name = "one" + (++instances == 1 ? "" : instances);
    return new Interceptors(name, started, workers, metrics.instance(name));
  }

  private int instances;

  private static LoadedPlugin plugin(String name, Duration timeout, Consumer<PluginContext> start)
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

  private <T> T ask(Supplier<Future<T>> question) throws Exception {
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

  private PgException error(Supplier<? extends Future<?>> question) {
    ExecutionException thrown =
        catchThrowableOfType(ExecutionException.class, () -> ask(() -> question.get().mapEmpty()));
    assertThat(thrown.getCause()).isInstanceOf(PgException.class);
    return (PgException) thrown.getCause();
  }

  private static boolean arrives(CompletableFuture<?> future, Duration limit)
      throws InterruptedException, ExecutionException {
    try {
      future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  private double failures(String reason) {
    String line = "prestogres_plugin_failures_total{instance=\"one\",reason=\"" + reason + "\"} ";
    return metrics
        .scrape()
        .lines()
        .filter(found -> found.startsWith(line))
        .mapToDouble(found -> Double.parseDouble(found.substring(line.length())))
        .sum();
  }
}
