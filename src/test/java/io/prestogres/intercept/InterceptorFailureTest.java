package io.prestogres.intercept;

import static io.prestogres.intercept.ScriptedPlugins.PATIENT;
import static io.prestogres.intercept.ScriptedPlugins.QUERY;
import static io.prestogres.intercept.ScriptedPlugins.await;
import static io.prestogres.intercept.ScriptedPlugins.plugin;
import static io.prestogres.intercept.ScriptedPlugins.response;
import static io.prestogres.intercept.ScriptedPlugins.startup;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.QueryDecision;
import io.prestogres.plugin.QueryInterceptor;
import io.prestogres.protocol.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of plugins that fail, hang, or are called too often. */
class InterceptorFailureTest {
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final ScriptedPlugins plugins = new ScriptedPlugins();

  @AfterEach
  void close() throws Exception {
    plugins.close();
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
        plugins.chain(plugin("frail", timeout, context -> context.interceptQueries(once)));

    PgException error = plugins.error(() -> chain.query(QUERY));
    String next = plugins.ask(() -> chain.query(QUERY));

    assertThat(error.fields()).hasToString("38000: plugin frail " + message);
    assertThat(error.fields().isFatal()).isFalse();
    assertThat(next).isEqualTo("SELECT 1");
    assertThat(plugins.failures(reason)).isEqualTo(1);
  }

  @Test
  void shouldRefuseAConnectWhosePluginFails() throws Exception {
    InterceptorChain chain =
        plugins.chain(
            plugin(
                "frail",
                PATIENT,
                context -> {
                  context.interceptConnects(
                      session ->
                          completedFuture(
                              ConnectDecision.acceptWith(Map.of("user", "u".repeat(20_000)))));
                }));

    PgException error = plugins.error(() -> chain.connect(startup()));

    assertThat(error.fields())
        .hasToString("38000: plugin frail gave an answer that cannot be used");
    assertThat(error.fields().isFatal()).isTrue();
    assertThat(plugins.failures("invalid_answer")).isEqualTo(1);
  }

  @Test
  void shouldGoOnWhenAnObserverFails() throws Exception {
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    InterceptorChain chain =
        plugins.chain(
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

    plugins.context().runOnContext(v -> chain.responded(response(7)));
    String text = plugins.ask(() -> chain.query(QUERY));

    assertThat(text).isEqualTo("SELECT 1");
    assertThat(told).containsExactly(7L);
    assertThat(plugins.failures("threw")).isEqualTo(1);
  }

  @Test
  void shouldDropResponsesOnlyWhenVeryManyWait() throws Exception {
    InterceptorChain chain =
        plugins.chain(
            plugin(
                "a",
                PATIENT,
                context -> context.observeResponses((session, r) -> await(plugins.end()))));
    CompletableFuture<Boolean> sent = new CompletableFuture<>();

    plugins
        .context()
        .runOnContext(
            v -> {
              for (int i = 0; i < 1_003; i++) {
                chain.responded(response(i));
              }
              sent.complete(true);
            });
    sent.get(10, TimeUnit.SECONDS);

    assertThat(plugins.failures("busy")).isEqualTo(3);
  }

  @Test
  void shouldSayWhenThereAreTooManyCalls() throws Exception {
    plugins.useWorkers(1, 1);
    LoadedPlugin plugin =
        plugin(
            "a",
            PATIENT,
            context ->
                context.interceptQueries(
                    (s, q) -> {
                      await(plugins.end());
                      return completedFuture(QueryDecision.pass());
                    }));
    Interceptors interceptors = plugins.interceptors(plugin);
    InterceptorChain running = interceptors.chain(plugins.context(), "");
    InterceptorChain waiting = interceptors.chain(plugins.context(), "");
    InterceptorChain refused = interceptors.chain(plugins.context(), "");

    plugins.context().runOnContext(v -> running.query(QUERY));
    plugins.context().runOnContext(v -> waiting.query(QUERY));
    PgException error = plugins.error(() -> refused.query(QUERY));

    assertThat(error.fields())
        .hasToString("38000: plugin a could not be called: too many calls of plugins");
    assertThat(plugins.failures("busy")).isEqualTo(1);
  }

  private static Arguments failure(String message, String reason, QueryInterceptor failing) {
    return Arguments.of(message, reason, failing);
  }

  private static CompletableFuture<QueryDecision> thrown(Throwable failure) {
    InterceptorFailureTest.<RuntimeException>sneak(failure);
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
}
