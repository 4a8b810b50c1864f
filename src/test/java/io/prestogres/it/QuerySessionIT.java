package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;

/** What a user does in a session with simple queries, against the real engines. */
@ExtendWith(StackExtension.class)
class QuerySessionIT {
  private final Stack stack;

  QuerySessionIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldReturnEveryRowOfATable() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(connection, "select * from sf1.nation order by nationkey"))
          .hasSize(25)
          .startsWith("0|ALGERIA|0| haggle. carefully final deposits detect slyly agai");
    }
  }

  @Test
  void shouldAggregateAndJoinOnPresto() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(connection, "select count(*) from sf1.orders"))
          .containsExactly("1500000");
      assertThat(
              Stack.rows(
                  connection,
                  "select r.name, count(*) from sf1.nation n join sf1.region r"
                      + " on n.regionkey = r.regionkey group by r.name order by r.name limit 2"))
          .containsExactly("AFRICA|5", "AMERICA|5");
      assertThat(
              Stack.rows(
                  connection,
                  "select orderstatus, count(*) from tiny.orders group by orderstatus"
                      + " order by 2 desc, 1"))
          .containsExactly("O|7333", "F|7304", "P|363");
    }
    assertThat(stack.prestoQueries("count(*)")).isNotEmpty();
  }

  @Test
  void shouldFollowTheSearchPath() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "set search_path to sf1");
      assertThat(Stack.rows(connection, "select count(*) from supplier")).containsExactly("10000");
      Stack.run(connection, "set search_path to tiny");
      assertThat(Stack.rows(connection, "select count(*) from supplier")).containsExactly("100");
      Stack.run(connection, "create temp table supplier (x int)");
      assertThat(Stack.rows(connection, "select count(*) from supplier")).containsExactly("0");
    }
  }

  @Test
  void shouldTakeNamesThatAreQualifiedByTheCatalog() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(
              Stack.rows(connection, "select name from tpch.sf1.region order by regionkey limit 1"))
          .containsExactly("AFRICA");
    }
  }

  @Test
  void shouldNameAndTypeColumnsAsPostgresqlDoes() throws SQLException {
    String sql =
        "select count(*), 1, name, regionkey + 1 as next, sum(regionkey) from sf1.nation"
            + " group by name, regionkey";
    try (Connection connection = stack.connect("presto", "tpch");
        Connection direct = stack.direct("presto", "tpch");
        Statement statement = connection.createStatement();
        Statement plain = direct.createStatement();
        ResultSet result = statement.executeQuery(sql);
        ResultSet expected = plain.executeQuery(sql + " limit 0")) {
      ResultSetMetaData columns = result.getMetaData();
      for (int i = 1; i <= expected.getMetaData().getColumnCount(); i++) {
        assertThat(columns.getColumnLabel(i)).isEqualTo(expected.getMetaData().getColumnLabel(i));
        assertThat(columns.getColumnTypeName(i))
            .isEqualTo(expected.getMetaData().getColumnTypeName(i));
        assertThat(columns.getPrecision(i)).isEqualTo(expected.getMetaData().getPrecision(i));
      }
    }
  }

  @Test
  void shouldFillATemporaryTable() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "create temp table x as select * from sf1.nation where nationkey < 5");
      assertThat(Stack.rows(connection, "select count(*), min(name) from x"))
          .containsExactly("5|ALGERIA");
    }
  }

  @Test
  void shouldCopyAQueryAndATable() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      StringWriter query = new StringWriter();
      copy.copyOut("copy (select regionkey, name from sf1.region order by 1) to stdout", query);
      assertThat(query.toString()).startsWith("0\tAFRICA\n1\tAMERICA\n");
      StringWriter table = new StringWriter();
      copy.copyOut("copy sf1.nation (nationkey, name) to stdout", table);
      assertThat(table.toString().lines()).hasSize(25).contains("24\tUNITED STATES");
      Stack.run(connection, "create temp table r (k bigint, n text)");
      copy.copyIn("copy r from stdin", new StringReader(query.toString()));
      assertThat(Stack.rows(connection, "select count(*) from r")).containsExactly("5");
    }
  }

  @Test
  void shouldServeCursors() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      connection.setAutoCommit(false);
      Stack.run(connection, "declare c cursor for select orderkey from sf10.lineitem");
      assertThat(Stack.rows(connection, "fetch 10 from c")).hasSize(10);
      assertThat(Stack.rows(connection, "fetch 5 from c")).hasSize(5);
      connection.commit();
    }
    Eventually.holds(
        () -> stack.prestoQueries("\"lineitem\"").stream().allMatch(query -> query.ended()));
  }

  @Test
  void shouldJoinLocalTablesWithPresto() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create table local_note (nationkey bigint, note text)",
          "insert into local_note values (3, 'north'), (7, 'west')");
      assertThat(
              Stack.rows(
                  connection,
                  "select n.name, l.note from sf1.nation n join local_note l using (nationkey)"
                      + " order by 1"))
          .containsExactly("CANADA|north", "GERMANY|west");
      Stack.run(
          connection,
          "create table local_copy (k bigint, n text)",
          "insert into local_copy select nationkey, name from sf1.nation where regionkey = 1");
      assertThat(Stack.rows(connection, "select count(*) from local_copy")).containsExactly("5");
      Stack.run(connection, "drop table local_note, local_copy");
    }
  }

  @Test
  void shouldAnswerThroughViewsFunctionsAndBlocks() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create view v as select name, regionkey from sf1.nation where nationkey > 2",
          "create function regions(k bigint) returns bigint language plpgsql as"
              + " $$ begin return (select count(*) from sf1.nation where regionkey = k); end $$",
          "create function dynamic() returns bigint language plpgsql as"
              + " $$ declare n bigint; begin execute 'select count(*) from sf1.region' into n;"
              + " return n; end $$",
          "create temp table seen (n bigint)",
          "do $$ begin insert into seen select count(*) from tiny.customer; end $$");
      assertThat(Stack.rows(connection, "select count(*) from v where regionkey = 1"))
          .containsExactly("3");
      assertThat(Stack.rows(connection, "select regions(1)")).containsExactly("5");
      assertThat(Stack.rows(connection, "select dynamic()")).containsExactly("5");
      assertThat(Stack.rows(connection, "select n from seen")).containsExactly("1500");
      Stack.run(connection, "drop view v", "drop function regions, dynamic");
    }
  }

  @Test
  void shouldTellPrestosErrorsWithTheirQueryId() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThatThrownBy(() -> Stack.rows(connection, "select nosuch from tiny.orders"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42703"));
      assertThatThrownBy(
              () ->
                  Stack.rows(
                      connection, "select nationkey / (regionkey - regionkey) from sf1.nation"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("22012");
                assertThat(e.getServerErrorMessage().getDetail()).contains("Presto query id: 20");
                assertThat(e.getServerErrorMessage().getWhere()).isNull();
              });
      assertThatThrownBy(
              () ->
                  Stack.rows(
                      connection,
                      "select prestogres.fetch_presto_query_results("
                          + "'select nosuch from tpch.sf1.orders')"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isIn("42703", "42601");
                assertThat(e.getServerErrorMessage().getDetail()).contains("Presto query id: 20");
              });
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }

  @Test
  void shouldFailTheTransactionWithTheStatement() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "begin");
      assertThatThrownBy(
              () -> Stack.rows(connection, "select 1 / (regionkey - regionkey) from sf1.nation"))
          .hasMessageContaining("zero");
      assertThatThrownBy(() -> Stack.rows(connection, "select 1"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      Stack.run(connection, "rollback");
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }

  @Test
  void shouldAskPrestoWhatIsPrestos() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(connection, "show tables from tpch.sf1"))
          .contains("nation", "orders")
          .hasSize(8);
      assertThat(Stack.rows(connection, "show catalogs"))
          .containsAll(stack.presto().engine().catalogs());
      assertThat(Stack.rows(connection, "describe sf1.orders").get(0))
          .startsWith("orderkey|bigint");
      assertThat(Stack.rows(connection, "select approx_distinct(custkey) from tiny.orders").get(0))
          .matches("9\\d\\d|10\\d\\d");
      connection.setAutoCommit(false);
      assertThat(Stack.rows(connection, "select count_if(regionkey = 1) from sf1.nation"))
          .containsExactly("5");
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
      connection.commit();
    }
  }

  @Test
  void shouldKeepWhatUseAndSetSessionSay() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "use tiny", "set session query_max_run_time = '17m'");
      assertThat(Stack.rows(connection, "select count(*) from nation")).containsExactly("25");
      assertThat(Stack.rows(connection, "show session").stream())
          .anyMatch(row -> row.startsWith("query_max_run_time|17m"));
      assertThatThrownBy(() -> Stack.run(connection, "set session no_such_property = 1"))
          .hasMessageContaining("no_such_property");
      assertThatThrownBy(() -> Stack.run(connection, "use memory.default"))
          .hasMessageContaining("connect to database \"memory\"");
    }
  }

  @Test
  void shouldTellBothErrorsWhenNeitherTakesTheQuery() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThatThrownBy(
              () -> Stack.rows(connection, "select no_such_function(name) from sf1.nation"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42883");
                assertThat(e.getServerErrorMessage().getDetail())
                    .contains("Presto was asked as well")
                    .contains("Presto query id");
              });
    }
  }

  @Test
  void shouldLeavePostgresqlAlone() throws SQLException {
    try (Connection connection = stack.connect("presto", "plain")) {
      Stack.run(
          connection,
          "create table t (a int primary key, b text)",
          "insert into t select g, 'row ' || g from generate_series(1, 10) g",
          "create function twice(x int) returns int language plpgsql as"
              + " $$ begin return 2 * x; end $$");
      assertThat(Stack.rows(connection, "select twice(a), b from t where a = 3"))
          .containsExactly("6|row 3");
      assertThat(
              Stack.rows(
                  connection,
                  "select count(*) from pg_catalog.pg_namespace where nspname like 'prestogres%'"))
          .containsExactly("0");
      Stack.run(connection, "drop table t", "drop function twice");
    }
  }

  @Test
  void shouldShowTheCatalogNamedLikeTheDatabase() throws SQLException {
    stack.presto().execute("create table memory.default.fruit as select 1 id, 'apple' name");
    stack.awaitShell("memory", "\"default\".fruit");
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, "select * from \"default\".fruit"))
          .containsExactly("1|apple");
    }
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
    }
  }

  @Test
  void shouldRunSeveralStatementsOfOneMessage() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      assertThat(statement.execute("set search_path to tiny; select count(*) from orders"))
          .isFalse();
      assertThat(statement.getMoreResults()).isTrue();
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("15000"));
      statement.execute(
          "begin; declare c cursor for select nationkey from sf1.nation order by 1; fetch 2 from c");
      statement.getMoreResults();
      statement.getMoreResults();
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("0", "1"));
      Stack.run(connection, "commit");
    }
  }
}
