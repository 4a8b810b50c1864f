package io.prestogres.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PluginTrialTest {

  private static final Map<String, String> ADA = Map.of("user", "ada");

  @Test
  void shouldShowEachInterceptorWhatTheOneBeforeMade() throws Exception {
    List<String> seen = new ArrayList<>();
    PluginTrial trial =
        start(
            context -> {
              for (String sign : List.of("a", "b")) {
                context.interceptQueries(
                    (session, query) -> {
                      seen.add(query.text());
                      return CompletableFuture.completedFuture(
                          QueryDecision.replace(query.text() + sign));
                    });
              }
            });

    QueryDecision decision = trial.client(ADA).query("SELECT ");

    assertThat(decision).isEqualTo(QueryDecision.replace("SELECT ab"));
    assertThat(seen).containsExactly("SELECT ", "SELECT a");
  }

  @Test
  void shouldStopAtTheFirstRefusal() throws Exception {
    QueryDecision refusal = QueryDecision.refuse("42501", "no");
    PluginTrial trial =
        start(
            context -> {
              context.interceptQueries((s, q) -> CompletableFuture.completedFuture(refusal));
              context.interceptQueries(
                  (s, q) -> {
                    throw new AssertionError("asked after a refusal");
                  });
            });

    assertThat(trial.client(ADA).query("SELECT 1")).isEqualTo(refusal);
  }

  @Test
  void shouldKeepParametersAndAttributesOfASession() throws Exception {
    List<Object> seen = new ArrayList<>();
    PluginTrial trial =
        start(
            context -> {
              context.interceptConnects(
                  session -> {
                    session.attributes().put("key", session.user());
                    return CompletableFuture.completedFuture(
                        ConnectDecision.acceptWith(Map.of("user", "grace", "database", "hive")));
                  });
              context.observeResponses(
                  (session, response) -> {
                    seen.add(session.attributes().get("key"));
                    seen.add(session.user());
                    seen.add(session.database());
                    seen.add(response.rows());
                  });
            });
    PluginTrial.Client client = trial.client(ADA);

    client.connect();
    client.responded(
        new Response(
            new Query("SELECT 1", Query.Protocol.SIMPLE),
            List.of("SELECT 1"),
            Optional.empty(),
            1,
            60,
            1_000));

    assertThat(seen).containsExactly("ada", "grace", "hive", 1L);
  }

  @Test
  void shouldThrowWhatTheProxyWouldRefuse() throws Exception {
    PluginTrial failing =
        start(
            context ->
                context.interceptQueries(
                    (session, query) ->
                        CompletableFuture.failedFuture(new IllegalStateException("broken"))));
    PluginTrial silent =
        start(
            context ->
                context.interceptConnects(
                    session -> CompletableFuture.supplyAsync(() -> null, Runnable::run)));

    assertThatThrownBy(() -> failing.client(ADA).query("SELECT 1")).hasMessageContaining("broken");
    assertThatThrownBy(() -> silent.client(ADA).connect()).hasMessageContaining("decided null");
  }

  @Test
  void shouldRefuseDecisionsThatTheProtocolCannotSay() {
    assertThatThrownBy(() -> QueryDecision.refuse("4250", "short"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> QueryDecision.refuse("00000", "success"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConnectDecision.refuse("28000", " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> QueryDecision.replace("SELECT '\0'"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ConnectDecision.acceptWith(Map.of("database", "hive")))
        .hasMessageContaining("user");
  }

  private static PluginTrial start(Consumer<PluginContext> start) throws Exception {
    return PluginTrial.start(
        new Plugin() {
          @Override
          public int apiVersion() {
            return API_VERSION;
          }

          @Override
          public String name() {
            return "tried";
          }

          @Override
          public void start(PluginContext context) {
            start.accept(context);
          }
        },
        Map.of());
  }
}
