package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Backends with a JVM that outlive their clients: who gets them, and what is left of the last. */
@ExtendWith(StackExtension.class)
@OverPljava
final class WarmBackendsOverPljavaIT {
  private static final String DATABASE = "warm";
  private static final String ROLE = "walter";
  private static final String PID = "select pg_backend_pid()";
  private static final String ASK = "select count(*) from tiny.region";
  private static final String PRESTO_USER =
      "select unnest(b[1]::text[]) from"
          + " (select prestogres.fetch_presto_query_results('select current_user') as b) t";

  private static final String LEFT_BEHIND =
      "select (select count(*) from pg_prepared_statements), (select count(*) from pg_cursors),"
          + " (select count(*) from pg_listening_channels()),"
          + " (select count(*) from pg_locks where locktype = 'advisory'),"
          + " to_regclass('pg_temp.mine') is null, current_user,"
          + " current_setting('timezone') = 'Asia/Tokyo', current_setting('search_path')";

  private final Stack stack;
  private Prestogres proxy;
  private int port;

  WarmBackendsOverPljavaIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void makeRoleAndDatabase() throws Exception {
    try (Connection administrator = stack.direct("postgres", "postgres")) {
      String there = "select count(*) from pg_database where datname = '" + DATABASE + "'";
      if (Stack.rows(administrator, there).equals(List.of("0"))) {
        stack.postgresql().createDatabase(DATABASE, "presto");
        stack.postgresql().createRole(ROLE, "");
        stack.postgresql().createRole("wilma", "IN ROLE " + ROLE);
      }
    }
    start(new WarmBackendsConfig(2, Duration.ofMinutes(1), Duration.ofMinutes(5)));
  }

  private void start(WarmBackendsConfig warm) throws Exception {
    port = LoopbackPort.claim(0);
    InstanceConfig usual =
        Stack.withPresto(
            Stack.instance(
                "warm",
                port,
                stack.postgresql().port(),
                stack.presto().uri(),
                InstanceConfig.TableFunction.PLJAVA),
            Stack.presto(stack.presto().uri(), "tpch", List.of(DATABASE)));
    InstanceConfig instance =
        Stack.withRedirect(
            Stack.withCatalog(
                usual, Stack.onlyTiny(usual.catalog(), Duration.ofMinutes(2), Duration.ZERO)),
            Stack.withWarmBackends(usual.redirect(), warm));
    proxy = Prestogres.start(Stack.config(instance));
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private Connection connect(String user) throws SQLException {
    return Stack.connect(port, user, DATABASE);
  }

  /** The process id of a client's backend, which has asked Presto and said goodbye. */
  private String leave(String user, String... statements) throws SQLException {
    String pid;
    try (Connection connection = connect(user)) {
      assertThat(Stack.rows(connection, ASK)).containsExactly("5");
      pid = Stack.rows(connection, PID).get(0);
      Stack.run(connection, statements);
    }
    return pid;
  }

  /** As its next client would find it. */
  private void awaitReset(String pid) {
    Eventually.holds(Duration.ofSeconds(5), () -> activity(pid).contains("pg_settings"));
  }

  private void awaitEnd(String pid) {
    Eventually.holds(Duration.ofSeconds(8), () -> activity(pid).isEmpty());
  }

  private String activity(String pid) {
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      return String.join(
          "", Stack.rows(administrator, "select query from pg_stat_activity where pid = " + pid));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertServedBy(String pid, boolean same, String user) throws SQLException {
    try (Connection next = connect(user)) {
      assertThat(Stack.rows(next, PID).equals(List.of(pid))).isEqualTo(same);
      assertThat(Stack.rows(next, ASK)).containsExactly("5");
    }
  }

  @Test
  void shouldServeTheNextClientAsIfItWereNew() throws SQLException {
    String pid =
        leave(
            ROLE,
            "set timezone to 'Asia/Tokyo'",
            "set search_path to tiny",
            "set session query_max_run_time = '17m'",
            "create temp table mine (a int)",
            "prepare p as select 1",
            "prepare q as " + ASK,
            "declare c cursor with hold for select 1",
            "listen news",
            "select pg_advisory_lock(42)");
    awaitReset(pid);

    try (Connection next = connect(ROLE)) {
      assertThat(Stack.rows(next, PID)).containsExactly(pid);
      assertThat(Stack.rows(next, LEFT_BEHIND))
          .containsExactly("0|0|0|0|t|walter|f|\"$user\", public");
      assertThat(Stack.rows(next, ASK)).containsExactly("5");
      assertThat(Stack.rows(next, PRESTO_USER)).containsExactly(ROLE);
      assertThat(Stack.rows(next, "show session"))
          .noneMatch(row -> row.startsWith("query_max_run_time|17m"));
      assertThatThrownBy(() -> Stack.run(next, "execute q"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("26000"));
    }
  }

  @Test
  void shouldIgnoreWhatComesAfterTheGoodbye() throws Exception {
    String pid;
    try (RawClient client = RawClient.session(port, ROLE, DATABASE)) {
      client.send(Frontend.query(ASK));
      client.readTo('Z');
      client.send(
          Frontend.terminate()
              .appendBuffer(Frontend.terminate())
              .appendBuffer(Frontend.query("create table public.late ()")));
      client.assertEnd();
    }
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      String reset =
          "select pid from pg_stat_activity where usename = '%s' and query like '%%pg_settings%%'"
              .formatted(ROLE);
      Eventually.holds(
          Duration.ofSeconds(5),
          () -> Stack.answers(administrator, "select count(*) from (" + reset + ") t", "1"));
      pid = Stack.rows(administrator, reset).get(0);
      assertThat(Stack.rows(administrator, "select to_regclass('public.late') is null"))
          .containsExactly("t");
    }
    try (RawClient first = RawClient.session(port, ROLE, DATABASE);
        RawClient second = RawClient.session(port, ROLE, DATABASE);
        Connection administrator = stack.direct("postgres", DATABASE)) {
      first.assertUsable();
      second.assertUsable();
      // One of them has it, the other does not.
      assertThat(
              Stack.rows(
                  administrator,
                  "select count(*), count(*) filter (where pid = %s) from pg_stat_activity"
                          .formatted(pid)
                      + " where usename = '"
                      + ROLE
                      + "'"))
          .containsExactly("2|1");
    }
  }

  @Test
  void shouldForgetTheRoleThatWasSet() throws SQLException {
    String pid = leave("wilma", "set role " + ROLE);
    awaitReset(pid);
    try (Connection next = connect("wilma")) {
      assertThat(Stack.rows(next, PID)).containsExactly(pid);
      assertThat(Stack.rows(next, "select current_user")).containsExactly("wilma");
      assertThat(Stack.rows(next, PRESTO_USER)).containsExactly("wilma");
    }
  }

  @Test
  void shouldServeOnlyWhoAsksForTheSame() throws SQLException {
    String pid = leave(ROLE);
    awaitReset(pid);
    assertServedBy(pid, false, "wilma");
    try (Connection named =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&ApplicationName=other&assumeMinServerVersion=15"
                    .formatted(port, DATABASE, ROLE));
        Connection elsewhere = Stack.connect(port, ROLE, "postgres")) {
      assertThat(Stack.rows(named, PID)).doesNotContain(pid);
      assertThat(Stack.rows(elsewhere, PID)).doesNotContain(pid);
    }
    assertServedBy(pid, true, ROLE);
  }

  @Test
  void shouldEndABackendWhoseSettingsWouldBeOthersToday() throws SQLException {
    String pid = leave(ROLE);
    awaitReset(pid);
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      Stack.run(administrator, "alter role " + ROLE + " set app.shade to 'green'");
      try (Connection next = connect(ROLE)) {
        assertThat(Stack.rows(next, PID)).doesNotContain(pid);
        assertThat(Stack.rows(next, "show app.shade")).containsExactly("green");
      }
      awaitEnd(pid);
      Stack.run(administrator, "alter role " + ROLE + " reset all");
    }
  }

  @Test
  void shouldLetPostgresqlDecideWhoMayLogIn() throws SQLException {
    String pid = leave(ROLE);
    awaitReset(pid);
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      Stack.run(administrator, "alter role " + ROLE + " nologin");
      assertThatThrownBy(() -> connect(ROLE))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
      Stack.run(administrator, "alter role " + ROLE + " login");
    }
    assertServedBy(pid, true, ROLE);
  }

  @Test
  void shouldGiveWayToAClientThatHasNoConnectionLeft() throws SQLException {
    String pid = leave(ROLE);
    awaitReset(pid);
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      Stack.run(administrator, "alter role " + ROLE + " connection limit 1");
      try {
        assertThatThrownBy(() -> connect(ROLE))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53300"));
        awaitEnd(pid);
        assertServedBy(pid, false, ROLE);
      } finally {
        Stack.run(administrator, "alter role " + ROLE + " connection limit -1");
      }
    }
  }

  @Test
  void shouldKeepNoneThatIsInATransactionOrHasNoJvm() throws Exception {
    String inBlock = leave(ROLE, "begin");
    String withoutJvm;
    try (Connection connection = connect(ROLE)) {
      withoutJvm = Stack.rows(connection, PID).get(0);
    }
    awaitEnd(inBlock);
    awaitEnd(withoutJvm);
    try (RawClient lost = RawClient.session(port, ROLE, DATABASE)) {
      lost.assertUsable();
    }
    Eventually.holds(() -> stack.backends("%walter%") == 0);
  }

  @Test
  void shouldKeepNoMoreThanConfigured() throws SQLException {
    List<String> pids;
    try (Connection first = connect(ROLE);
        Connection second = connect(ROLE);
        Connection third = connect(ROLE)) {
      for (Connection connection : List.of(first, second, third)) {
        assertThat(Stack.rows(connection, ASK)).containsExactly("5");
      }
      pids =
          List.of(
              Stack.rows(first, PID).get(0),
              Stack.rows(second, PID).get(0),
              Stack.rows(third, PID).get(0));
    }
    Eventually.holds(
        Duration.ofSeconds(8),
        () -> pids.stream().filter(pid -> !activity(pid).isEmpty()).count() == 2);
  }

  @Test
  void shouldEndThoseThatNobodyWants() throws Exception {
    proxy.close();
    start(new WarmBackendsConfig(2, Duration.ofSeconds(1), Duration.ofMinutes(5)));
    awaitEnd(leave(ROLE));

    proxy.close();
    start(new WarmBackendsConfig(2, Duration.ofMinutes(1), Duration.ofMillis(1)));
    awaitEnd(leave(ROLE));
  }

  @Test
  void shouldNotKeepABackendThatIsTerminated() throws SQLException {
    String pid = leave(ROLE);
    awaitReset(pid);
    try (Connection administrator = stack.direct("postgres", DATABASE)) {
      Stack.rows(administrator, "select pg_terminate_backend(" + pid + ")");
    }
    awaitEnd(pid);
    assertServedBy(pid, false, ROLE);
  }

  @Test
  void shouldCancelForTheClientThatIsThere() throws Exception {
    String pid = leave(ROLE);
    awaitReset(pid);
    try (Connection next = connect(ROLE);
        Statement statement = next.createStatement()) {
      assertThat(Stack.rows(next, PID)).containsExactly(pid);
      CompletableFuture<String> canceled = Stack.sqlState(statement, "select pg_sleep(31)");
      Eventually.holds(() -> stack.backends("select pg_sleep(31)") == 1);
      statement.cancel();
      assertThat(canceled.get(2, TimeUnit.SECONDS)).isEqualTo("57014");
      assertThat(Stack.rows(next, ASK)).containsExactly("5");
    }
  }
}
