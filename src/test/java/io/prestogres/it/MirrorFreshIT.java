package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.CatalogConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PSQLException;

/** When shells are compared with Presto's tables, which of them, and what that leaves behind. */
class MirrorFreshIT {
  /** More show nothing else and take longer: -Dmirror.refreshes=1000. */
  private static final int REFRESHES = Integer.getInteger("mirror.refreshes", 200);

  /** So long a backend of PostgreSQL may keep to itself what it has written, and a little more. */
  private static final Duration LATEST_STATISTICS = Duration.ofSeconds(11);

  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private MetadataPresto presto;

  @BeforeEach
  void clear() throws SQLException {
    presto = stack.presto().table("s", "t", "a bigint, b varchar");
  }

  private static CatalogConfig select(
      CatalogConfig.Schemas schemas, List<String> include, List<String> exclude, int most) {
    CatalogConfig calm = MirrorStack.CALM;
    return new CatalogConfig(
        calm.refresh(),
        calm.connectTimeout(),
        calm.waitFor(),
        calm.readTimeout(),
        schemas,
        include,
        exclude,
        most,
        List.of(),
        "",
        false,
        calm.statistics(),
        calm.tableComments(),
        calm.perUserVisibility());
  }

  private static CatalogConfig databases(String defaultSchema, boolean create) {
    CatalogConfig calm = MirrorStack.CALM;
    return new CatalogConfig(
        calm.refresh(),
        calm.connectTimeout(),
        calm.waitFor(),
        calm.readTimeout(),
        calm.schemas(),
        List.of(),
        List.of(),
        100,
        List.of(),
        defaultSchema,
        create,
        calm.statistics(),
        calm.tableComments(),
        calm.perUserVisibility());
  }

  private static List<String> shells() throws SQLException {
    return stack.ask("SELECT schema_name || '.' || table_name FROM prestogres.shell ORDER BY 1");
  }

  @Test
  void shouldRefreshOnCallByThoseWhoMay() throws Exception {
    int port = stack.proxy(MirrorStack.CALM);
    try (Connection connection = MirrorStack.connect(port, "alice");
        Connection direct = stack.direct("alice")) {
      presto.table("s", "second", "a bigint");
      Stack.run(connection, "CALL prestogres.refresh_catalog()");
      assertThat(shells()).containsExactly("s.second", "s.t");
      presto.drop("s", "second");
      Stack.run(direct, "CALL prestogres.refresh_catalog()");
      assertThat(shells()).containsExactly("s.t");

      stack
          .postgresql()
          .execute("web", "REVOKE EXECUTE ON PROCEDURE prestogres.refresh_catalog FROM PUBLIC");
      assertThatThrownBy(() -> Stack.run(direct, "CALL prestogres.refresh_catalog()"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> Stack.rows(direct, "SELECT * FROM prestogres.refresh_request"))
          .hasMessageContaining("permission denied");
    }
    stack.endProxies();
    MirrorStack.connect(stack.proxy(MirrorStack.CALM), "alice").close();
    try (Connection direct = stack.direct("alice")) {
      assertThatThrownBy(() -> Stack.run(direct, "CALL prestogres.refresh_catalog()"))
          .as("a new proxy does not grant it again")
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void shouldFailACallThatCannotReachPresto() throws Exception {
    MirrorStack.connect(stack.proxy(MirrorStack.CALM), "alice").close();
    presto.rejectEverything(true);
    try (Connection direct = stack.direct("alice")) {
      assertThatThrownBy(() -> Stack.run(direct, "CALL prestogres.refresh_catalog()"))
          .hasMessageContaining("rejected");
    } finally {
      presto.rejectEverything(false);
    }
  }

  @Test
  void shouldMakeOneRefreshOfManyCalls() throws Exception {
    MirrorStack.connect(stack.proxy(MirrorStack.CALM), "alice").close();
    CountDownLatch hanging = presto.hang("s");
    long before = reads();
    List<CompletableFuture<Void>> calls =
        IntStream.range(0, 6).mapToObj(i -> CompletableFuture.runAsync(() -> call())).toList();
    Eventually.holds(Duration.ofSeconds(20), () -> waiting() == 6);
    presto.table("s", "late", "a bigint").works("s");
    hanging.countDown();
    calls.forEach(call -> call.orTimeout(30, TimeUnit.SECONDS).join());

    assertThat(reads() - before)
        .as("the one that ran, and one for all that came later")
        .isEqualTo(2);
    assertThat(shells()).containsExactly("s.late", "s.t");
  }

  private long reads() {
    return presto.queries().stream()
        .filter(sql -> sql.contains("information_schema.columns"))
        .count();
  }

  private static void call() {
    try (Connection direct = stack.direct("alice")) {
      Stack.run(direct, "CALL prestogres.refresh_catalog()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int waiting() {
    try {
      return Integer.parseInt(
          stack.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CALL %'").get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldRefreshInTheBackgroundWhileSomebodyIsConnected() throws Exception {
    int port = stack.proxy(MirrorStack.refreshing(Duration.ofSeconds(1)));
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      presto.table("s", "second", "a bigint");
      Eventually.holds(Duration.ofSeconds(20), () -> exists(connection, "s.second"));
    }
    Eventually.holds(Duration.ofSeconds(20), this::isCalm);
  }

  private static boolean exists(Connection connection, String table) {
    try {
      return Stack.rows(connection, "SELECT to_regclass('" + table + "') IS NOT NULL")
          .equals(List.of("t"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nobody is connected: nothing is read for longer than it would take. */
  private boolean isCalm() {
    int before = presto.queries().size();
    try {
      Thread.sleep(2_500);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return presto.queries().size() == before;
  }

  @Test
  void shouldTellWhatWasReadWhenFromWhere() throws Exception {
    int port = stack.proxy(MirrorStack.CALM);
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(
              Stack.rows(
                  connection,
                  "SELECT schema_name, catalog_name, coordinator, instance, tables, columns,"
                      + " read_at > now() - interval '1 minute', took > interval '0'"
                      + " FROM prestogres.catalog_state"))
          .containsExactly("s|web|" + presto.url() + "|mirror-" + port + "|1|2|t|t");
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenNothingHasChanged() throws Exception {
    presto.generated("g", 20, 10);
    int port = stack.proxy(MirrorStack.CALM);
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      for (int i = 0; i < 50; i++) {
        Stack.run(connection, "CALL prestogres.refresh_catalog()");
      }
      List<String> before = footprint();
      for (int i = 0; i < REFRESHES; i++) {
        Stack.run(connection, "CALL prestogres.refresh_catalog()");
      }
      List<String> after = footprint();
      after.removeAll(before);
      assertThat(after).isEmpty();
    }
  }

  /**
   * How large the mirror's own tables are, and how many rows of PostgreSQL's catalogue were ever
   * written, but for what autovacuum writes.
   */
  private static List<String> footprint() throws Exception {
    Thread.sleep(LATEST_STATISTICS.toMillis());
    return stack.ask(
        "SELECT relname || ' ' || pg_total_relation_size(relid) FROM pg_stat_user_tables"
            + " WHERE schemaname = 'prestogres'"
            + " UNION ALL SELECT relname || ' written ' || n_tup_ins + n_tup_upd + n_tup_del"
            + " FROM pg_stat_sys_tables WHERE schemaname = 'pg_catalog'"
            + " AND relname <> 'pg_statistic' ORDER BY 1");
  }

  @Test
  void shouldShowWhatIsIncludedAndNotExcluded() throws Exception {
    presto.table("sales_eu", "orders", "a bigint").table("sales_eu", "tmp_1", "a bigint");
    presto.table("sales_us", "orders", "a bigint").table("web", "page_a", "a bigint");
    presto.table("web", "other", "a bigint");
    MirrorStack.connect(
            stack.proxy(
                select(
                    CatalogConfig.Schemas.EAGER,
                    List.of("sales_*", "web.page_?"),
                    List.of("sales_us", "*.tmp_*"),
                    100)),
            "alice")
        .close();

    assertThat(shells()).containsExactly("sales_eu.orders", "web.page_a");
    assertThat(stack.ask("SELECT to_regnamespace('sales_us'), to_regnamespace('s')"))
        .containsExactly("∅|∅");
  }

  @Test
  void shouldStopAtTheMostTables() throws Exception {
    presto.generated("g", 20, 2);
    int port = stack.proxy(select(CatalogConfig.Schemas.EAGER, List.of(), List.of(), 7));
    MirrorStack.connect(port, "alice").close();

    assertThat(shells()).hasSize(7);
    assertThat(stack.problems("g", "")).singleElement().asString().contains("13 of its tables");
  }

  @Test
  void shouldReadSchemasWhenSomebodyAsksForThem() throws Exception {
    presto.table("other", "x", "a bigint");
    CatalogConfig lazy = select(CatalogConfig.Schemas.LAZY, List.of(), List.of(), 100);
    MirrorStack.connect(stack.proxy(lazy), "alice").close();
    assertThat(shells()).isEmpty();
    assertThat(stack.ask("SELECT schema_name FROM prestogres.catalog_state ORDER BY 1"))
        .containsExactly("other", "s");
    assertThat(stack.ask("SELECT to_regnamespace('other')")).containsExactly("other");

    try (Connection direct = stack.direct("alice")) {
      Stack.run(direct, "CALL prestogres.refresh_catalog('other')");
    }
    assertThat(shells()).containsExactly("other.x");

    stack.endProxies();
    presto.table("other", "y", "a bigint");
    MirrorStack.connect(stack.proxy(lazy), "alice").close();
    assertThat(shells()).as("a new proxy goes on with it").containsExactly("other.x", "other.y");
  }

  @Test
  void shouldLearnCommentsOfTablesInTheBackground() throws Exception {
    presto.table("s", "plain", "a bigint").comment("s", "t", "it's what is sold");
    int port = stack.proxy(MirrorStack.commented());
    String told = "SELECT obj_description('s.t'::regclass, 'pg_class')";
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      Eventually.holds(
          Duration.ofSeconds(30), () -> Stack.answers(connection, told, "it's what is sold"));
      assertThat(Stack.rows(connection, "SELECT obj_description('s.plain'::regclass, 'pg_class')"))
          .containsExactly("∅");

      presto.table("s", "t", "a bigint, b varchar, c date");
      stack.refresh();
      assertThat(Stack.rows(connection, told)).containsExactly("it's what is sold");

      presto.comment("s", "t", "what was sold");
      Eventually.holds(
          Duration.ofSeconds(30), () -> Stack.answers(connection, told, "what was sold"));
    }
  }

  @Test
  void shouldReadASchemaThatAStatementNames() throws Exception {
    for (String schema : List.of("one", "two", "three", "four", "five")) {
      presto.table(schema, "x", "a bigint");
    }
    int port = stack.proxy(select(CatalogConfig.Schemas.LAZY, List.of(), List.of(), 100));
    try (Connection connection = MirrorStack.connect(port, "alice");
        Connection extended =
            DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/web?user=alice");
        PreparedStatement prepared = extended.prepareStatement("SELECT * FROM one.x")) {
      assertThat(prepared.getMetaData().getColumnName(1)).isEqualTo("a");
      assertThat(shells()).containsExactly("one.x");

      Stack.run(connection, "SET search_path TO two", "EXPLAIN SELECT * FROM x");
      assertThat(shells()).containsExactly("one.x", "two.x");

      Stack.run(
          connection,
          "BEGIN ISOLATION LEVEL REPEATABLE READ",
          "SELECT 1",
          "EXPLAIN SELECT * FROM three.x",
          "COMMIT");

      presto.rejectEverything(true);
      assertThatThrownBy(() -> Stack.run(connection, "EXPLAIN SELECT * FROM four.x"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
      presto.rejectEverything(false);
      Eventually.holds(
          Duration.ofSeconds(30), () -> Stack.succeeds(connection, "EXPLAIN SELECT * FROM four.x"));
      assertThat(shells()).containsExactly("four.x", "one.x", "three.x", "two.x");
    }
  }

  @Test
  void shouldMakeADatabaseOfACatalogWhereThatIsAllowed() throws Exception {
    stack.postgresql().execute("postgres", "DROP DATABASE web WITH (FORCE)");
    int forbidden = stack.proxy(databases("", false));
    assertThatThrownBy(() -> MirrorStack.connect(forbidden, "alice"))
        .hasMessageContaining("database \"web\" does not exist");

    int port = stack.proxy(databases("s", true));
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(Stack.rows(connection, "SHOW search_path"))
          .containsExactly("s, \"$user\", public");
      assertThat(Stack.rows(connection, "SELECT current_database(), 't'::regclass"))
          .containsExactly("web|t");
    }
    assertThatThrownBy(
            () ->
                DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port + "/nothing?user=alice"))
        .hasMessageContaining("database \"nothing\" does not exist");
  }

  @Test
  void shouldBeginTheSearchPathAnewAndLeaveThatOfOthersAlone() throws Exception {
    MirrorStack.connect(stack.proxy(databases("old", false)), "alice").close();
    try (Connection connection = MirrorStack.connect(stack.proxy(databases("s", false)), "alice")) {
      assertThat(Stack.rows(connection, "SHOW search_path"))
          .containsExactly("s, \"$user\", public");
    }
    stack.postgresql().execute("postgres", "ALTER DATABASE web SET search_path = mine");
    try (Connection connection = MirrorStack.connect(stack.proxy(databases("s", false)), "alice")) {
      assertThat(Stack.rows(connection, "SHOW search_path")).containsExactly("mine");
    }
  }
}
