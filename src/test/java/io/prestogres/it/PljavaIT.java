package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.QueryInfo;
import io.prestogres.protocol.Frontend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is particular to the table function in PL/Java: who may call it, and how its queries end.
 */
@ExtendWith(StackExtension.class)
@OverPljava
final class PljavaIT {
  private static final String WHO =
      "select unnest(b[1]::text[]) from"
          + " (select prestogres.fetch_presto_query_results('select current_user') as b) t";

  private static final List<String> FORGERIES =
      List.of(
          "select prestogres.pljava_fetch('jdbc:presto://h:1', '{user=bob}', 'select 1', '{}')",
          "select prestogres.pljava_version()",
          "select * from prestogres.session",
          "update prestogres.session set presto_user = 'bob'",
          "insert into prestogres.session values (1, now(), 'bob', 'x', 'bob', '{}')",
          "set role prestogres_owner",
          "set session authorization bob",
          "create function pg_temp.f(text, text[], text, text[]) returns setof"
              + " prestogres.pljava_batch language prestogres_java as"
              + " 'io.prestogres.functions.PrestoFunctions.fetch'",
          "alter function prestogres.fetch_presto_query_results reset all");

  private final Stack stack;

  PljavaIT(Stack stack) {
    this.stack = stack;
  }

  private static Properties withPassword(Properties properties) {
    properties.setProperty("password", "secret");
    return properties;
  }

  private Connection alice() throws SQLException {
    return stack.connect("alice", "tpch", PljavaIT::withPassword);
  }

  @Test
  void shouldRunInsideOfPostgresql() throws SQLException {
    try (Connection connection = alice()) {
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
      assertThat(
              Stack.rows(
                  connection,
                  "select count(*) from pg_proc p join pg_language l on l.oid = p.prolang"
                      + " where lanname = 'prestogres_java' and proname like 'pljava%'"))
          .containsExactly("2");
    }
    QueryInfo query =
        stack.prestoQueries("count(*)").stream()
            .filter(info -> info.query().contains("\"region\""))
            .findFirst()
            .orElseThrow();
    assertThat(query.query()).contains("\"region\"");
  }

  @Test
  void shouldAskPrestoAsWhoeverLoggedIn() throws SQLException {
    try (Connection through = alice();
        Connection direct = stack.direct("alice", "tpch");
        Connection other = stack.connect("presto", "tpch");
        Connection administrator = stack.direct("postgres", "tpch")) {
      assertThat(Stack.rows(through, WHO)).containsExactly("alice");
      assertThat(Stack.rows(direct, WHO)).containsExactly("alice");
      Stack.run(administrator, "grant alice to presto");
      Stack.run(other, "set role alice");
      assertThat(Stack.rows(other, WHO)).containsExactly("presto");
      Stack.run(administrator, "revoke alice from presto");
    }
  }

  @Test
  void shouldLetNobodyForgeAUser() throws SQLException {
    try (Connection through = alice();
        Connection direct = stack.direct("alice", "tpch")) {
      for (Connection connection : List.of(through, direct)) {
        for (String sql : FORGERIES) {
          assertThatThrownBy(() -> Stack.run(connection, sql))
              .as(sql)
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isIn("42501", "22023"));
        }
        assertThat(Stack.rows(connection, WHO)).containsExactly("alice");
      }
    }
  }

  /** PostgreSQL takes any value for a setting of an extension that it has not loaded yet. */
  @ParameterizedTest
  @ValueSource(strings = {"pljava.vmoptions", "pljava.policy_urls", "pljava.libjvm_location"})
  void shouldStartTheJvmAsTheAdministratorSays(String setting) throws SQLException {
    try (Connection connection = alice()) {
      Stack.run(connection, "set " + setting + " to '/nowhere'");
      assertThat(Stack.rows(connection, WHO)).containsExactly("alice");
    }
  }

  /** Whoever may use PL/Java otherwise must not have a way around the function's owner. */
  @Test
  void shouldRefuseFunctionsInOtherLanguagesOfPljava() throws SQLException {
    try (Connection administrator = stack.direct("postgres", "tpch");
        Connection connection = alice()) {
      Stack.run(
          administrator,
          "grant usage on language java to alice",
          "grant usage on schema sqlj to alice",
          "grant select on all tables in schema sqlj to alice");
      Stack.run(
          connection,
          "create type pg_temp.batch as (b text[])",
          "create function pg_temp.f(text, text[], text, text[]) returns setof pg_temp.batch"
              + " language java as 'io.prestogres.functions.PrestoFunctions.fetch("
              + "java.lang.String,java.lang.String[],java.lang.String,java.lang.String[])'");
      String forged =
          "select pg_temp.f('jdbc:presto://%s', '{user=bob}', 'select current_user', '{}')"
              .formatted(stack.presto().uri().getAuthority());
      assertThatThrownBy(() -> Stack.rows(connection, forged))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      Stack.run(
          administrator,
          "revoke usage on language java from alice",
          "revoke usage on schema sqlj from alice",
          "revoke select on all tables in schema sqlj from alice");
    }
  }

  @Test
  void shouldUseThePresentSettingsOfTheSession() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      String zone =
          "select unnest(b[1]::text[]) from (select"
              + " prestogres.fetch_presto_query_results('select current_timezone()') as b) t";
      Stack.run(connection, "set timezone to 'Asia/Tokyo'");
      assertThat(Stack.rows(connection, zone)).containsExactly("Asia/Tokyo");
      Stack.run(connection, "begin", "set local timezone to 'America/Lima'");
      assertThat(Stack.rows(connection, zone)).containsExactly("America/Lima");
      Stack.run(connection, "rollback");
      assertThat(Stack.rows(connection, zone)).containsExactly("Asia/Tokyo");

      Stack.run(connection, "set session query_max_run_time = '17m'");
      assertThat(Stack.rows(connection, "show session"))
          .anyMatch(row -> row.startsWith("query_max_run_time|17m"));
      Stack.run(connection, "reset session query_max_run_time");
      assertThat(Stack.rows(connection, "show session"))
          .noneMatch(row -> row.startsWith("query_max_run_time|17m"));
    }
  }

  @Test
  void shouldForgetSessionsThatHaveEnded() throws SQLException {
    try (Connection administrator = stack.direct("postgres", "tpch")) {
      String pid;
      try (Connection connection = stack.connect("presto", "tpch")) {
        pid = Stack.rows(connection, "select pg_backend_pid()").get(0);
        assertThat(known(administrator, pid)).containsExactly("presto");
      }
      Eventually.holds(() -> known(administrator, pid).isEmpty());
    }
  }

  /** As after a crash of PostgreSQL: the table is unlogged. */
  @Test
  void shouldKnowItsPrestoAgainWhenTheTableWasEmptied() throws SQLException {
    try (Connection administrator = stack.direct("postgres", "memory");
        Connection first = stack.connect("presto", "memory");
        Connection direct = stack.direct("alice", "memory")) {
      assertThat(Stack.rows(first, "select 1")).containsExactly("1");
      Stack.run(administrator, "truncate prestogres.session");
      assertThatThrownBy(() -> Stack.rows(direct, WHO))
          .hasMessageContaining("this database does not know its Presto");
      try (Connection second = stack.connect("presto", "memory")) {
        assertThat(Stack.rows(second, WHO)).containsExactly("presto");
      }
      assertThat(Stack.rows(direct, WHO)).containsExactly("alice");
    }
  }

  private static List<String> known(Connection connection, String pid) {
    try {
      return Stack.rows(connection, "select role from prestogres.session where pid = " + pid);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldSendTheFirstRowWhileTheQueryRuns() throws Exception {
    try (RawClient client = RawClient.session(stack.proxyPort(), "presto", "tpch")) {
      client.send(Frontend.query("select orderkey, custkey from sf100.orders"));
      client.readTo('D');
      assertThat(running("orders")).isTrue();
    }
    Eventually.holds(() -> !running("orders"));
  }

  @Test
  void shouldEndQueriesWithTheBlockThatCaughtAnError() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create function pg_temp.caught() returns text language plpgsql as $$"
              + " declare c refcursor; r record; begin"
              + " begin open c for select prestogres.fetch_presto_query_results("
              + "'select orderkey, custkey from tpch.sf100.orders'); fetch c into r; raise 'stop';"
              + " exception when others then return 'caught'; end; end $$",
          "begin");
      assertThat(Stack.rows(connection, "select pg_temp.caught()")).containsExactly("caught");
      Eventually.holds(() -> !running("tpch.sf100.orders"));
      Stack.run(connection, "commit");
    }
  }

  @Test
  void shouldEndQueriesWhenTheBackendIsTerminated() throws Exception {
    try (Connection administrator = stack.direct("postgres", "tpch");
        Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      String pid = Stack.rows(connection, "select pg_backend_pid()").get(0);
      CompletableFuture<String> ended =
          Stack.sqlState(statement, "select count(*) from sf100.partsupp");
      Eventually.holds(Duration.ofSeconds(60), () -> running("partsupp"));
      Stack.rows(administrator, "select pg_terminate_backend(" + pid + ")");
      Eventually.holds(() -> !running("partsupp"));
      // PL/Java gives a JVM five seconds to end.
      assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("57P01");
    }
  }

  /** With a JVM inside, a backend that waits for something else does not wake up for a signal. */
  @Test
  void shouldCancelWhatIsNotJava() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      assertThat(Stack.rows(connection, WHO)).containsExactly("presto");
      CompletableFuture<String> ended = Stack.sqlState(statement, "select pg_sleep(30)");
      Eventually.holds(Duration.ofSeconds(30), () -> stack.backends("select pg_sleep(30)") == 1);
      statement.cancel();
      assertThat(ended.get(2, TimeUnit.SECONDS)).isEqualTo("57014");
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }

  private boolean running(String table) {
    return stack.prestoQueries(table).stream().anyMatch(query -> !query.ended());
  }
}
