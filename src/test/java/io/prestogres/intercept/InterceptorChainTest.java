package io.prestogres.intercept;

import static io.prestogres.intercept.ScriptedPlugins.PATIENT;
import static io.prestogres.intercept.ScriptedPlugins.QUERY;
import static io.prestogres.intercept.ScriptedPlugins.await;
import static io.prestogres.intercept.ScriptedPlugins.plugin;
import static io.prestogres.intercept.ScriptedPlugins.response;
import static io.prestogres.intercept.ScriptedPlugins.startup;
import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.plugin.ClientSession;
import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.QueryDecision;
import io.prestogres.plugin.QueryInterceptor;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What plugins see and what comes of their answers. */
class InterceptorChainTest {

  private final ScriptedPlugins plugins = new ScriptedPlugins();

  @AfterEach
  void close() throws Exception {
    plugins.close();
  }

  @Test
  void shouldShowEachPluginWhatTheOneBeforeMade() throws Exception {
    InterceptorChain chain =
        plugins.chain(
            plugin("a", PATIENT, context -> context.interceptQueries(appending("a"))),
            plugin(
                "b",
                PATIENT,
                context -> {
                  context.interceptQueries(appending("b"));
                  context.interceptQueries((s, q) -> completedFuture(QueryDecision.pass()));
                  context.interceptQueries(appending("c"));
                }));

    assertThat(plugins.ask(() -> chain.query(QUERY))).isEqualTo("SELECT 1abc");
  }

  @Test
  void shouldConnectWithChangedParametersAndRememberThem() throws Exception {
    List<ClientSession> seen = Collections.synchronizedList(new ArrayList<>());
    InterceptorChain chain =
        plugins.chain(
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

    StartupMessage sent = plugins.ask(() -> chain.connect(startup()));
    plugins.ask(() -> chain.query(QUERY));

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
        plugins.chain(
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

    PgException connect = plugins.error(() -> chain.connect(startup()));
    PgException query = plugins.error(() -> chain.query(QUERY));

    assertThat(connect.fields()).hasToString("28000: not you");
    assertThat(connect.fields().isFatal()).isTrue();
    assertThat(query.fields()).hasToString("42501: not this");
    assertThat(query.fields().isFatal()).isFalse();
    assertThat(asked).isEmpty();
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
    InterceptorChain chain = plugins.chain(plugin);

    // plugins.ask() fails unless the answer comes on the session's context.
    plugins.ask(() -> chain.query(QUERY));

    assertThat(threads).containsExactly("plugin-1", "plugin none.jar", "null");
  }

  @Test
  void shouldCallOneAfterTheOther() throws Exception {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    plugins.useWorkers(4, 10);
    CountDownLatch slow = new CountDownLatch(1);
    InterceptorChain chain =
        plugins.chain(
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
    plugins
        .context()
        .runOnContext(
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
  void shouldKeepAttributesOfPluginsAndSessionsApart() throws Exception {
    QueryInterceptor counting =
        (session, query) -> {
          Object count = session.attributes().merge("count", 1, (a, b) -> (int) a + (int) b);
          return completedFuture(QueryDecision.replace(query.text() + " " + count));
        };
    Interceptors interceptors =
        plugins.interceptors(
            plugin("a", PATIENT, context -> context.interceptQueries(counting)),
            plugin("b", PATIENT, context -> context.interceptQueries(counting)));
    InterceptorChain first = interceptors.chain(plugins.context(), "");
    InterceptorChain second = interceptors.chain(plugins.context(), "");

    assertThat(plugins.ask(() -> first.query(QUERY))).isEqualTo("SELECT 1 1 1");
    assertThat(plugins.ask(() -> first.query(QUERY))).isEqualTo("SELECT 1 2 2");
    assertThat(plugins.ask(() -> second.query(QUERY))).isEqualTo("SELECT 1 1 1");
  }

  @Test
  void shouldBeEmptyWithoutInterceptors() throws Exception {
    Interceptors none = plugins.interceptors();
    Interceptors idle = plugins.interceptors(plugin("idle", PATIENT, context -> {}));
    Interceptors observing =
        plugins.interceptors(
            plugin("o", PATIENT, context -> context.observeResponses((s, r) -> {})));

    assertThat(none.isEmpty()).isTrue();
    assertThat(idle.isEmpty()).isTrue();
    assertThat(observing.isEmpty()).isFalse();
    assertThat(observing.seeQueries()).isFalse();
    assertThat(observing.seeResponses()).isTrue();
  }

  private static QueryInterceptor appending(String sign) {
    return (session, query) -> completedFuture(QueryDecision.replace(query.text() + sign));
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
}
