package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.it.MetadataPresto.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of shells, and of what hangs on them, when Presto's tables change. */
class MirrorChangesIT {
  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private MetadataPresto presto;
  private int port;

  @BeforeEach
  void mirror() throws Exception {
    presto = stack.presto().table("s", "t", "a bigint, b varchar, c date");
    port = stack.proxy(MirrorStack.CALM);
    MirrorStack.connect(port, "alice").close();
  }

  private static String oid() throws SQLException {
    return stack.ask("SELECT 's.t'::regclass::oid").get(0);
  }

  @Test
  void shouldKeepOidsWhenNothingHasChanged() throws SQLException {
    String before = stack.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class").get(0);

    stack.refresh();

    assertThat(stack.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class"))
        .containsExactly(before);
  }

  @Test
  void shouldKeepOidAndOrderWhenColumnsComeGoAndChangeTheirTypes() throws SQLException {
    String oid = oid();

    presto.table("s", "t", "a varchar(9), d double, c timestamp");
    stack.refresh();

    assertThat(oid()).isEqualTo(oid);
    assertThat(stack.columns("s.t"))
        .containsExactly(
            "a character varying(9)", "d double precision", "c timestamp without time zone");
    assertThat(
            stack.ask(
                "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute WHERE attnum > 0"
                    + " AND NOT attisdropped AND attrelid = (SELECT ftrelid FROM pg_foreign_table"
                    + " WHERE ftoptions @> ARRAY['table_name=t'])"))
        .containsExactly("a c d");
  }

  private static String kind(String table) throws SQLException {
    return stack.ask("SELECT relkind FROM pg_class WHERE oid = '" + table + "'::regclass").get(0);
  }

  @ParameterizedTest
  @EnumSource(InstanceConfig.Shell.class)
  void shouldMakeShellsOfAnotherKindAndKeepTheirOids(InstanceConfig.Shell shell) throws Exception {
    stack.endProxies();
    MirrorStack.connect(stack.proxy(shell), "alice").close();
    String oid = oid();
    String kind = Map.of("TABLE", "r", "PARTITIONED", "p", "FOREIGN", "f").get(shell.name());
    assertThat(kind("s.t")).isEqualTo(kind);

    presto.table(
        "s",
        "t",
        new Column("c", "timestamp", false, "when"),
        Column.of("d", "double"),
        new Column("a", "varchar(9)", true, "what"));
    stack.refresh();

    assertThat(oid()).isEqualTo(oid);
    assertThat(kind("s.t")).isEqualTo(kind);
    assertThat(stack.columns("s.t"))
        .containsExactly(
            "c timestamp without time zone", "d double precision", "a character varying(9)");
    assertThat(
            stack.ask(
                "SELECT col_description('s.t'::regclass, attnum), attnotnull"
                    + " FROM pg_attribute WHERE attrelid = 's.t'::regclass AND attnum > 0"
                    + " AND NOT attisdropped ORDER BY attnum"))
        .containsExactly("when|t", "∅|f", "what|f");
    presto.drop("s", "t");
    stack.refresh();
    assertThat(
            stack.ask(
                "SELECT count(*) FROM pg_foreign_table WHERE 'table_name=t' = ANY (ftoptions)"))
        .containsExactly("0");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }

  @Test
  void shouldKeepWhatAViewHoldsOfTheKindThatItIs() throws Exception {
    presto.table("s", "held", "a bigint, b varchar");
    stack.endProxies();
    MirrorStack.connect(stack.proxy(InstanceConfig.Shell.TABLE), "alice").close();
    try (Connection direct = stack.direct("postgres")) {
      Stack.run(direct, "CREATE VIEW public.mine AS SELECT a FROM s.held");
    }
    presto.table("s", "held", "a bigint, b varchar, c date");

    stack.endProxies();
    MirrorStack.connect(stack.proxy(InstanceConfig.Shell.FOREIGN), "alice").close();

    assertThat(kind("s.t")).isEqualTo("f");
    assertThat(kind("s.held")).isEqualTo("r");
    assertThat(stack.columns("s.held")).containsExactly("a bigint", "b text", "c date");
    assertThat(stack.problems("s", "held")).singleElement().asString().contains("depend");
    assertThat(stack.problems("s", "t")).isEmpty();

    presto.table("s", "held", "a bigint, b bigint, c date");
    stack.refresh();
    assertThat(stack.columns("s.held")).containsExactly("a bigint", "b bigint", "c date");

    try (Connection direct = stack.direct("postgres")) {
      Stack.run(direct, "DROP VIEW public.mine");
    }
    stack.refresh();
    assertThat(kind("s.held")).isEqualTo("f");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }

  @Test
  void shouldPutColumnsInAnotherOrder() throws SQLException {
    String oid = oid();

    presto.table("s", "t", "c date, a bigint, b varchar");
    stack.refresh();

    assertThat(oid()).isEqualTo(oid);
    assertThat(stack.columns("s.t")).containsExactly("c date", "a bigint", "b text");
  }

  @Test
  void shouldLeaveTheOrderWhereAViewNeedsTheColumns() throws SQLException {
    stack.postgresql().execute("web", "CREATE VIEW public.v AS SELECT a, c FROM s.t");

    presto.table("s", "t", "c date, a bigint, n integer, b varchar");
    stack.refresh();

    assertThat(stack.columns("s.t")).containsExactly("a bigint", "b text", "c date", "n integer");
    assertThat(stack.problems("s", "t")).isEmpty();
  }

  @Test
  void shouldRefuseToReadAColumnWhoseTypeAViewHolds() throws SQLException {
    stack.postgresql().execute("web", "CREATE VIEW public.v AS SELECT a FROM s.t");

    presto.table("s", "t", "a varchar, b varchar, c date");
    stack.refresh();

    assertThat(stack.columns("s.t")).contains("a bigint");
    assertThat(stack.problems("s", "t")).singleElement().asString().contains("view");
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThatThrownBy(() -> Stack.rows(connection, "SELECT a FROM s.t"))
          .isInstanceOfSatisfying(
              SQLException.class,
              error -> assertThat(error.getMessage()).contains("is not known to the proxy"));
    }
  }

  @Test
  void shouldDropAndRenameTables() throws SQLException {
    presto.drop("s", "t").table("s", "renamed", "a bigint, b varchar, c date");
    stack.refresh();

    assertThat(stack.ask("SELECT to_regclass('s.t')")).containsExactly("∅");
    assertThat(stack.columns("s.renamed")).hasSize(3);
    assertThat(
            stack.ask(
                "SELECT count(*) FROM pg_foreign_table WHERE 'table_name=t' = ANY (ftoptions)"))
        .containsExactly("0");
  }

  @Test
  void shouldKeepViewsOverATableThatIsGone() throws SQLException {
    stack.postgresql().execute("web", "CREATE VIEW public.v AS SELECT a FROM s.t");

    presto.drop("s", "t").schema("s");
    stack.refresh();

    assertThat(stack.problems("s", "t")).singleElement().asString().contains("depend on it");
    assertThat(stack.ask("SELECT to_regclass('public.v')")).containsExactly("v");
    stack.postgresql().execute("web", "DROP VIEW public.v");
    stack.refresh();
    assertThat(stack.ask("SELECT to_regclass('s.t')")).containsExactly("∅");
    assertThat(stack.ask("SELECT count(*) FROM prestogres.catalog_problem")).containsExactly("0");
  }

  @Test
  void shouldNotTryAgainAtOnceWhatHasFailed() throws Exception {
    stack.postgresql().execute("web", "CREATE VIEW public.v AS SELECT a FROM s.t");
    stack.endProxies();
    port = stack.proxy(MirrorStack.refreshing(Duration.ofSeconds(1)));
    presto.drop("s", "t").schema("s");
    MirrorStack.connect(port, "alice").close();
    assertThat(stack.problems("s", "t")).hasSize(1);
    String rollbacks = "SELECT xact_rollback FROM pg_stat_database WHERE datname = 'web'";
    Thread.sleep(1_100);
    long before = Long.parseLong(stack.ask(rollbacks).get(0));
    int asked = presto.queries().size();

    for (int connect = 0; connect < 3; connect++) {
      Thread.sleep(1_100);
      MirrorStack.connect(port, "alice").close();
    }

    assertThat(presto.queries()).as("three refreshes").hasSizeGreaterThan(asked + 3);
    Thread.sleep(1_100);
    assertThat(Long.parseLong(stack.ask(rollbacks).get(0))).isLessThanOrEqualTo(before + 2);
    assertThat(stack.problems("s", "t")).hasSize(1);
  }

  @Test
  void shouldCommentOnTablesWhereTheirCommentsAreListed() throws Exception {
    stack.endProxies();
    presto.comment("s", "t", "what's in it").table("s", "u", "a bigint");
    port = stack.trinoProxy(MirrorStack.CALM);
    MirrorStack.connect(port, "alice").close();
    String comments = "SELECT obj_description(oid) FROM pg_class WHERE oid = '%s'::regclass";
    assertThat(stack.ask(comments.formatted("s.t"))).containsExactly("what's in it");

    presto.comment("s", "t", "more").comment("s", "u", "new");
    stack.refresh();
    assertThat(stack.ask(comments.formatted("s.t"))).containsExactly("more");
    assertThat(stack.ask(comments.formatted("s.u"))).containsExactly("new");

    // A Presto, which does not tell, leaves them; what is known goes when it is no more.
    stack.endProxies();
    MirrorStack.connect(stack.proxy(MirrorStack.CALM), "alice").close();
    presto.table("s", "t", "a bigint, more date");
    stack.refresh();
    assertThat(stack.ask(comments.formatted("s.t"))).containsExactly("more");
    stack.endProxies();
    presto.clear().table("s", "t", "a bigint");
    MirrorStack.connect(stack.trinoProxy(MirrorStack.CALM), "alice").close();
    assertThat(stack.ask(comments.formatted("s.t"))).containsExactly("∅");
  }

  @Test
  void shouldDropAndMakeSchemas() throws SQLException {
    presto.dropSchema("s").table("other", "x", "a bigint");
    stack.refresh();

    assertThat(stack.ask("SELECT to_regnamespace('s')")).containsExactly("∅");
    assertThat(stack.columns("other.x")).containsExactly("a bigint");
  }

  @Test
  void shouldCommentAndForbidNullAsPrestoTells() throws SQLException {
    presto.table(
        "s",
        "t",
        new Column("a", "bigint", false, "the key's \\ number"),
        new Column("b", "varchar", true, ""),
        new Column("c", "date", true, "when\nit was"));
    stack.refresh();

    String comments =
        "SELECT col_description(attrelid, attnum) || attnotnull FROM pg_attribute"
            + " WHERE attrelid = 's.t'::regclass AND attnum > 0 ORDER BY attnum";
    assertThat(stack.ask(comments))
        .containsExactly("the key's \\ numbertrue", "∅", "when\nit wasfalse");

    presto.table(
        "s",
        "t",
        Column.of("a", "bigint"),
        new Column("b", "varchar", false, "new"),
        Column.of("c", "date"));
    stack.refresh();

    assertThat(stack.ask(comments)).containsExactly("∅", "newtrue", "∅");
  }

  @Test
  void shouldFailPreparedStatementsAndCursorsAsPostgresqlDoes() throws SQLException {
    try (Connection connection = MirrorStack.connect(port, "alice");
        Connection holder = stack.direct("alice");
        Statement statement = connection.createStatement()) {
      statement.execute("PREPARE p AS SELECT * FROM ONLY s.t WHERE false");
      statement.execute("PREPARE whole AS SELECT * FROM s.t WHERE false");
      assertThat(Stack.rows(connection, "EXECUTE p")).isEmpty();
      holder.setAutoCommit(false);
      Stack.run(holder, "DECLARE k CURSOR FOR SELECT a FROM s.t WHERE false");

      presto.table("s", "t", "a bigint, c date");
      try (Connection direct = stack.direct("postgres");
          Statement refresh = direct.createStatement()) {
        refresh.execute("CALL prestogres.refresh_catalog()");
        SQLWarning warning = refresh.getWarnings();
        assertThat(Optional.ofNullable(warning).map(SQLWarning::getMessage).orElse(""))
            .as("the table is in use")
            .contains("catalog_problem");
      }
      assertThat(stack.problems("s", "t")).singleElement().asString().contains("lock timeout");
      assertThat(Stack.rows(holder, "FETCH ALL FROM k")).isEmpty();
      holder.commit();
      stack.refresh();

      assertThat(stack.columns("s.t")).containsExactly("a bigint", "c date");
      assertThatThrownBy(() -> Stack.rows(connection, "EXECUTE p"))
          .hasMessageContaining("cached plan must not change result type");
      assertThatThrownBy(() -> Stack.rows(connection, "EXECUTE whole"))
          .hasMessageContaining("must have the same number of columns");
    }
  }
}
