package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results of Presto in whatever PostgreSQL can build around them. */
@ExtendWith(StackExtension.class)
class TogetherIT {
  /** {@code -Dtogether.sessions=1000} is for the loopback provider: as many JVMs need 100 GB. */
  static final int SESSIONS = Integer.getInteger("together.sessions", 60);

  private final Stack stack;

  TogetherIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldReadSeveralResultsInOneStatement() throws SQLException {
    String call =
        "(select unnest(b[1]::bigint[]) k, unnest(b[2]::text[]) n from (select"
            + " prestogres.fetch_presto_query_results('select %s, name from tpch.sf1.%s') b"
            + " offset 0) t)";
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(
              Stack.rows(
                  connection,
                  "select a.n, b.n from "
                      + call.formatted("regionkey", "region")
                      + " a join "
                      + call.formatted("nationkey", "nation")
                      + " b using (k) order by 1 limit 2"))
          .containsExactly("AFRICA|ALGERIA", "AMERICA|ARGENTINA");
      assertThat(
              Stack.rows(
                  connection,
                  "select (select count(*) from sf1.nation) + (select count(*) from tiny.region)"
                      + " + (select count(*) from pg_class where relname = 'nation' and false)"))
          .containsExactly("30");
    }
  }

  @Test
  void shouldEvaluateCorrelatedSubqueriesOverLocalRows() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection, "create temp table wanted as select generate_series(0, 2)::bigint as r");
      assertThat(
              Stack.rows(
                  connection,
                  "select r, (select count(*) from sf1.nation n where n.regionkey = w.r)"
                      + " from wanted w order by r"))
          .containsExactly("0|5", "1|5", "2|5");
      assertThat(
              Stack.rows(
                  connection,
                  "select r from wanted w where exists (select from sf1.nation n"
                      + " where n.regionkey = w.r and n.name like 'C%') order by r"))
          .containsExactly("1", "2");
    }
  }

  @Test
  void shouldSurviveSubtransactions() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "begin", "declare c cursor for select name from sf1.nation order by 1");
      assertThat(Stack.rows(connection, "fetch 1 from c")).containsExactly("ALGERIA");
      Stack.run(connection, "savepoint s");
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
      assertThatThrownBy(
              () -> Stack.rows(connection, "select 1 / (regionkey - regionkey) from sf1.nation"))
          .hasMessageContaining("zero");
      Stack.run(connection, "rollback to s");
      assertThat(Stack.rows(connection, "fetch 1 from c")).containsExactly("ARGENTINA");
      Stack.run(
          connection,
          "do $$ declare n bigint; begin"
              + " begin select count(*) into n from sf1.nation where nationkey / 0 = 1;"
              + " exception when division_by_zero then n := -1; end;"
              + " perform set_config('test.n', (n + (select count(*) from sf1.region))::text, true);"
              + " end $$");
      assertThat(Stack.rows(connection, "select current_setting('test.n')")).containsExactly("4");
      assertThat(Stack.rows(connection, "fetch 1 from c")).containsExactly("BRAZIL");
      Stack.run(connection, "commit");
    }
  }

  @Test
  void shouldReadInReadOnlyAndSerializableTransactions() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      for (String level : List.of("read committed", "repeatable read", "serializable")) {
        Stack.run(connection, "begin isolation level " + level + " read only");
        assertThat(Stack.rows(connection, "select count(*) from sf1.nation")).containsExactly("25");
        assertThat(
                Stack.rows(
                    connection,
                    "select count(*) from sf1.nation n join pg_type t on t.oid::text = n.name"))
            .containsExactly("0");
        Stack.run(connection, "commit");
      }
    }
  }

  @Test
  void shouldKeepItsAnswersUnderGenericPlans() throws SQLException {
    try (Connection connection = stack.connectExtended("presto", "tpch");
        PreparedStatement whole =
            connection.prepareStatement("select name from sf1.nation where nationkey = ?");
        PreparedStatement scan =
            connection.prepareStatement(
                "select n.name, pg_typeof(n.name)::text from sf1.nation n where n.nationkey = ?")) {
      for (int key = 0; key < 20; key++) {
        whole.setLong(1, key);
        scan.setLong(1, key);
        try (ResultSet one = whole.executeQuery();
            ResultSet other = scan.executeQuery()) {
          String name = Stack.rows(one).get(0);
          assertThat(Stack.rows(other)).containsExactly(name + "|character varying");
        }
      }
      assertThat(
              Stack.rows(connection, "select sum(generic_plans) > 0 from pg_prepared_statements"))
          .containsExactly("t");
    }
  }

  @Test
  void shouldRefreshMaterializedViews() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create materialized view public.kept as select regionkey, count(*) as n"
              + " from sf1.nation group by regionkey",
          "refresh materialized view public.kept");
      assertThat(Stack.rows(connection, "select sum(n) from public.kept")).containsExactly("25");
      Stack.run(
          connection,
          "create unique index on public.kept (regionkey)",
          "refresh materialized view concurrently public.kept");
      assertThat(Stack.rows(connection, "select count(*) from public.kept")).containsExactly("5");
      Stack.run(connection, "drop materialized view public.kept");
    }
  }

  @Test
  void shouldRunAsTheOwnerInFunctionsThatSaySo() throws SQLException {
    try (Connection owner = stack.connect("presto", "tpch");
        Connection caller =
            stack.connect("alice", "tpch", p -> NeverSilentIT.with(p, "password", "secret"))) {
      Stack.run(
          owner,
          "create function public.nations() returns bigint language sql security definer"
              + " set search_path = sf1 as 'select count(*) from nation where nationkey > 4'",
          "create view public.theirs as select count(*) as n from sf1.nation where nationkey > 9",
          "grant select on public.theirs to alice");
      assertThat(Stack.rows(caller, "select public.nations()")).containsExactly("20");
      assertThat(Stack.rows(caller, "select n from public.theirs")).containsExactly("15");
      Stack.run(owner, "drop view public.theirs", "drop function public.nations");
    }
  }

  @Test
  void shouldServeManySessionsAtOnce() throws Exception {
    List<Connection> connections = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
    try {
      for (int i = 0; i < SESSIONS; i++) {
        connections.add(stack.connect("presto", "tpch"));
      }
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < SESSIONS; i++) {
        Connection connection = connections.get(i);
        String sql = "select nationkey * 1000 + %d from sf1.nation where nationkey = %d";
        String mine = sql.formatted(i, i % 25);
        answers.add(threads.submit(() -> Stack.rows(connection, mine)));
      }
      for (int i = 0; i < SESSIONS; i++) {
        assertThat(answers.get(i).get()).containsExactly(String.valueOf(i % 25 * 1000 + i));
      }
    } finally {
      threads.shutdown();
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }
}
