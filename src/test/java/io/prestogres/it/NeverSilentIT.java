package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/** Every way to a shell around the rewriter gives Presto's rows or a clear error. */
@ExtendWith(StackExtension.class)
class NeverSilentIT {
  private final Stack stack;

  NeverSilentIT(Stack stack) throws SQLException {
    this.stack = stack;
    stack.connect("presto", "tpch").close();
  }

  @Test
  void shouldReadTheChildInsteadOfTheShellAlone() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(Stack.rows(connection, "select count(*) from only sf1.region"))
          .containsExactly("5");
      assertThat(
              Stack.rows(connection, "select count(*) from only (sf1.region) r, only sf1.nation"))
          .containsExactly("125");
      Stack.run(connection, "create view only_regions as select * from only sf1.region");
      assertThat(Stack.rows(connection, "select count(*) from only_regions")).containsExactly("5");
      Stack.run(connection, "drop view only_regions");
      StringWriter out = new StringWriter();
      connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy sf1.region to stdout", out);
      assertThat(out.toString().lines()).hasSize(5);
    }
  }

  @Test
  void shouldAnswerViewsOfTheAdministrator() throws SQLException {
    try (Connection direct = stack.direct("postgres", "tpch");
        Connection connection =
            stack.connect("alice", "tpch", p -> with(p, "password", "secret"))) {
      Stack.run(
          direct,
          "create view public.admin_view as select name from sf1.region",
          "grant select on public.admin_view to public");
      assertThat(Stack.rows(connection, "select count(*) from admin_view")).containsExactly("5");
      Stack.run(direct, "drop view public.admin_view");
    }
  }

  @Test
  void shouldAnswerAConnectionThatBypassesTheProxy() throws SQLException {
    try (Connection direct = stack.direct("presto", "tpch")) {
      assertThat(Stack.rows(direct, "select name from sf1.region where regionkey = 2"))
          .containsExactly("ASIA");
      assertThat(
              Stack.rows(
                  direct,
                  "select unnest(b[1]::bigint[]) from (select prestogres.fetch_presto_query_results("
                      + "'select count(*) from tpch.tiny.orders') as b offset 0) t"))
          .containsExactly("15000");
    }
  }

  @Test
  void shouldAnswerTheExtendedProtocolByScanning() throws SQLException {
    try (Connection connection =
            stack.connect("presto", "tpch", p -> with(p, "preferQueryMode", "extended"));
        PreparedStatement statement =
            connection.prepareStatement("select name from sf1.nation where nationkey = ?")) {
      for (int key = 0; key < 8; key++) {
        statement.setLong(1, key);
        assertThat(Stack.rows(statement.executeQuery())).hasSize(1);
      }
    }
  }

  @Test
  void shouldCloseTheGapsInTheExtendedProtocolToo() throws SQLException {
    try (Connection connection =
        stack.connect("presto", "tpch", p -> with(p, "preferQueryMode", "extended"))) {
      assertThat(Stack.rows(connection, "select count(*) from only sf1.region"))
          .containsExactly("5");
      Stack.run(connection, "set search_path to sf1");
      assertThat(Stack.rows(connection, "select count(*) from only region")).containsExactly("5");
    }
  }

  @Test
  void shouldRefuseSamples() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThatThrownBy(
              () -> Stack.rows(connection, "select * from sf1.region tablesample bernoulli (1)"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("0A000"));
    }
  }

  @Test
  void shouldRefuseWritesAndLocks() throws SQLException {
    try (Connection connection = stack.connect("postgres", "tpch")) {
      for (String sql :
          new String[] {
            "insert into sf1.region values (9, 'x', 'y')",
            "update sf1.region set name = 'x'",
            "delete from sf1.region",
            "truncate sf1.region",
            "select * from sf1.region for update"
          }) {
        assertThatThrownBy(() -> Stack.run(connection, sql))
            .as(sql)
            .isInstanceOf(PSQLException.class);
      }
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
    }
  }

  @Test
  void shouldAnswerWholeRowsAndSystemColumns() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThat(
              Stack.rows(
                  connection,
                  "select (r).name, r::text like '(1,AMERICA,%' from sf1.region r"
                      + " where r.regionkey = 1"))
          .containsExactly("AMERICA|t");
      assertThat(
              Stack.rows(
                  connection,
                  "select row_to_json(r)->>'name' from sf1.region r where regionkey = 2"))
          .containsExactly("ASIA");
      assertThat(Stack.rows(connection, "select count(r), count(xmin) from sf1.region r"))
          .containsExactly("5|5");
      assertThat(Stack.rows(connection, "select distinct tableoid::regclass from sf1.region"))
          .containsExactly(
              Stack.SHELL_KIND == InstanceConfig.Shell.FOREIGN
                  ? "sf1.region"
                  : "prestogres_scan.\"sf1.region\"");
      assertThatThrownBy(() -> Stack.rows(connection, "select ctid from sf1.region"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("0A000"));
    }
  }

  @Test
  void shouldAnswerWhatInheritsFromAShell() throws SQLException {
    try (Connection owner = stack.direct("postgres", "tpch");
        Connection connection = stack.connect("presto", "tpch")) {
      if (Stack.SHELL_KIND == InstanceConfig.Shell.PARTITIONED) {
        assertThatThrownBy(
                () -> Stack.run(owner, "create table public.more () inherits (sf1.region)"))
            .hasMessageContaining("cannot inherit from partitioned table");
        return;
      }
      Stack.run(
          owner,
          "create table public.more () inherits (sf1.region)",
          "insert into public.more values (9, 'MORE', '')");
      try {
        assertThat(Stack.rows(connection, "select count(*) from sf1.region where regionkey < 10"))
            .containsExactly("6");
        assertThatThrownBy(() -> Stack.rows(connection, "select * from only sf1.region"))
            .hasMessageContaining("another table inherits");
        assertThatThrownBy(() -> Stack.run(connection, "copy sf1.region to stdout"))
            .hasMessageContaining("another table inherits");
      } finally {
        Stack.run(owner, "drop table public.more");
      }
    }
  }

  @Test
  void shouldFailACursorOverATableThatHasVanished() throws SQLException {
    for (String query :
        new String[] {"select * from %s", "select * from %s, generate_series(1, 2)"}) {
      stack.presto().execute("CREATE TABLE memory.default.vanishing AS SELECT 1 AS a");
      stack.awaitShell("memory", "\"default\".vanishing");
      try (Connection connection = stack.connect("presto", "memory")) {
        Stack.run(
            connection,
            "begin",
            "declare c cursor for " + query.formatted("\"default\".vanishing"));
        stack.presto().execute("DROP TABLE memory.default.vanishing");
        assertThatThrownBy(() -> Stack.rows(connection, "fetch all from c"))
            .as(query)
            .isInstanceOfSatisfying(
                PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
      }
    }
  }

  @Test
  void shouldNotReadTablesForStatistics() throws SQLException {
    try (Connection connection = stack.connect("postgres", "tpch")) {
      Set<String> before = stack.prestoQueryIds("\"region\"");
      boolean recursive = connection.getMetaData().getDatabaseMajorVersion() >= 18;
      if (recursive || Stack.SHELL_KIND != InstanceConfig.Shell.TABLE) {
        assertThatThrownBy(() -> Stack.run(connection, "analyze sf1.region"))
            .isInstanceOfSatisfying(
                PSQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("0A000");
                  assertThat(e.getMessage()).contains("is not analyzed");
                });
      } else {
        Stack.run(connection, "analyze sf1.region");
      }
      if (recursive && Stack.SHELL_KIND == InstanceConfig.Shell.TABLE) {
        Stack.run(connection, "analyze only sf1.region", "vacuum sf1.region");
      }
      Stack.run(connection, "analyze", "vacuum (analyze)");
      assertThat(stack.prestoQueryIds("\"region\"")).isSubsetOf(before);
    }
  }

  /** What the table function reads and nobody else may. */
  String requests() {
    return "prestogres.result_batch";
  }

  @Test
  void shouldHideTheChildrenFromUsers() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThatThrownBy(
              () -> Stack.rows(connection, "select * from prestogres_scan.\"sf1.region\""))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      assertThatThrownBy(() -> Stack.rows(connection, "select * from prestogres.secret"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      assertThatThrownBy(() -> Stack.rows(connection, "select * from " + requests()))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      assertThat(
              Stack.rows(
                  connection,
                  "select distinct table_schema from information_schema.tables"
                      + " where table_schema like 'prestogres_scan'"))
          .isEmpty();
    }
  }

  static java.util.Properties with(java.util.Properties properties, String key, String value) {
    properties.setProperty(key, value);
    return properties;
  }
}
