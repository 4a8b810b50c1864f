package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend with a JVM inside that waits for its client, and is woken meanwhile. */
@ExtendWith(StackExtension.class)
@OverPljava
final class IdleBackendOverPljavaIT {
  /** Longer than an idle backend sleeps. */
  private static final Duration A_WHILE = Duration.ofMillis(2_500);

  private static final String STARTS_A_JVM = "select count(*) from tiny.region";

  private final Stack stack;

  IdleBackendOverPljavaIT(Stack stack) {
    this.stack = stack;
  }

  private RawClient client() throws IOException {
    return RawClient.session(stack.proxyPort(), "presto", "tpch");
  }

  private static List<String> ask(RawClient client, String sql) throws IOException {
    return client.send(Frontend.query(sql)).readTo('Z').stream()
        .filter(frame -> frame.type() == 'D')
        .map(frame -> frame.bytes().getString(11, frame.bytes().length()))
        .toList();
  }

  private List<String> activity(String column, String pid) {
    try (Connection administrator = stack.direct("postgres", "tpch")) {
      return Stack.rows(
          administrator, "select " + column + " from pg_stat_activity where pid = " + pid);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"select 1", "begin"})
  void shouldEndWhenItIsTerminated(String first) throws Exception {
    try (RawClient client = client();
        Connection administrator = stack.direct("postgres", "tpch")) {
      ask(client, first);
      assertThat(ask(client, STARTS_A_JVM)).containsExactly("5");
      String pid = ask(client, "select pg_backend_pid()").get(0);

      Stack.rows(administrator, "select pg_terminate_backend(" + pid + ")");

      assertThat(client.readError().sqlState()).isEqualTo("57P01");
      // PL/Java gives a JVM five seconds to end.
      Eventually.holds(Duration.ofSeconds(10), () -> activity("1", pid).isEmpty());
    }
  }

  @Test
  void shouldStayAsIdleAsItWas() throws Exception {
    try (RawClient client = client()) {
      ask(client, "begin");
      String pid = ask(client, "select pg_backend_pid()").get(0);
      String seen = "array[state, state_change::text, query, xact_start::text]";
      List<String> before = activity(seen, pid);

      client.assertSilent(A_WHILE);

      assertThat(activity(seen, pid)).hasSize(1).isEqualTo(before);
    }
  }

  @Test
  void shouldAnswerAsEverAfterItWasWoken() throws Exception {
    try (RawClient client = client()) {
      ask(client, "create temp table t (a int)");
      client.assertSilent(A_WHILE);
      client.send(Frontend.query("copy t from stdin")).readTo('G');
      client.assertSilent(A_WHILE);
      client.send(RawClient.message('d', (byte) '7', (byte) '\n'));
      client.assertSilent(A_WHILE);
      client.send(RawClient.message('c')).readTo('Z');
      client.assertSilent(A_WHILE);
      client.send(Frontend.parse("", "select a from t", List.of()).appendBuffer(Frontend.flush()));
      client.readTo('1');
      client.assertSilent(A_WHILE);
      client.send(
          Frontend.bind("", "").appendBuffer(Frontend.execute("")).appendBuffer(Frontend.sync()));
      assertThat(client.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('2', 'D', 'C', 'Z');
      client.assertSilent(A_WHILE);
      // The head of a message, and the rest of it later.
      Buffer query = Frontend.query("select a, 'x' from t");
      client.send(query.slice(0, 9));
      client.assertSilent(A_WHILE);
      client.send(query.slice(9, query.length()));
      assertThat(client.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('T', 'D', 'C', 'Z');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle_session_timeout", "idle_in_transaction_session_timeout"})
  void shouldBeEndedByTheTimeoutsForIdleSessions(String timeout) throws Exception {
    try (RawClient client = client()) {
      assertThat(ask(client, STARTS_A_JVM)).containsExactly("5");
      ask(client, "set " + timeout + " = '5s'");
      ask(client, timeout.contains("transaction") ? "begin" : "select 1");
      long start = System.nanoTime();

      assertThat(client.readError().sqlState()).isIn("57P05", "25P03");

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(4_500), Duration.ofSeconds(20));
    }
  }
}
