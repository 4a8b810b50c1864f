package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What PostgreSQL's planner knows of the tables behind the shells. */
@ExtendWith(StackExtension.class)
class StatisticsIT {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

  /** The foreign table of whatever kind of shell. */
  private static final String SCANNED =
      "relname = '%s' AND relkind = 'f'"
          .formatted(Stack.SHELL_KIND == InstanceConfig.Shell.FOREIGN ? "orders" : "tiny.orders");

  private final Stack stack;

  StatisticsIT(Stack stack) {
    this.stack = stack;
  }

  private InstanceConfig instance(int port) throws Exception {
    InstanceConfig usual =
        Stack.instance("statistics-" + port, port, stack.postgresql().port(), stack.presto().uri());
    CatalogConfig catalog =
        Stack.onlyTiny(usual.catalog(), Duration.ofSeconds(1), Duration.ofSeconds(1));
    return Stack.withPresto(
        Stack.withCatalog(usual, catalog),
        Stack.presto(stack.presto().uri(), "tpch", List.of("estimates")));
  }

  @Test
  void shouldTellThePlannerHowLargeTablesAreAndWriteOnlyNews() throws Exception {
    stack.postgresql().createDatabase("estimates", "presto");
    try (Connection direct = stack.direct("presto", "estimates");
        Connection owner = stack.direct("postgres", "estimates")) {
      Stack.run(
          direct,
          "CREATE TABLE notes AS SELECT g AS orderkey, g AS note FROM generate_series(1, 100) g",
          "ANALYZE notes");
      whileConnected(
          () -> {
            String known = "SELECT count(*) FROM prestogres.shell WHERE statistics IS NOT NULL";
            Eventually.holds(TIME, () -> Stack.answers(owner, known, "8"));
            joinsInASaneOrder(direct);
            writesNoMore(owner);
          });

      // As it is after a dump and its restore.
      Stack.run(owner, "UPDATE pg_class SET reltuples = -1 WHERE " + SCANNED);
      String rows = "SELECT reltuples FROM pg_class WHERE " + SCANNED;
      whileConnected(() -> Eventually.holds(TIME, () -> Stack.answers(owner, rows, "15000")));
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private void whileConnected(Work work) throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = Prestogres.start(Stack.config(instance(port)));
        Connection client =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/estimates?user=presto")) {
      assertThat(proxy.adminPort()).isEmpty();
      work.run();
      assertThat(client.isValid(5)).isTrue();
    }
  }

  private static void joinsInASaneOrder(Connection direct) throws SQLException {
    assertThat(estimate(direct, "SELECT * FROM tiny.orders")).isBetween(14_000L, 16_000L);
    assertThat(estimate(direct, "SELECT * FROM tiny.orders WHERE orderkey = 7")).isLessThan(5);
    assertThat(estimate(direct, "SELECT custkey FROM tiny.orders GROUP BY 1"))
        .isBetween(900L, 1_600L);
    assertThat(estimate(direct, "SELECT * FROM tiny.lineitem JOIN tiny.orders USING (orderkey)"))
        .isBetween(50_000L, 70_000L);
    String plan =
        String.join(
            "\n",
            Stack.rows(
                direct,
                "EXPLAIN (COSTS off) SELECT * FROM tiny.lineitem JOIN tiny.orders USING (orderkey)"
                    + " JOIN notes USING (orderkey)"));
    // The smallest are joined first, and the largest is read once and kept nowhere.
    assertThat(plan.indexOf("lineitem")).isPositive().isLessThan(plan.indexOf("Seq Scan on notes"));
    assertThat(plan).doesNotContain("Nested Loop", "Materialize", "Sort");
  }

  private static long estimate(Connection direct, String sql) throws SQLException {
    Matcher rows = ROWS.matcher(Stack.rows(direct, "EXPLAIN " + sql).get(0));
    assertThat(rows.find()).isTrue();
    return Long.parseLong(rows.group(1));
  }

  private void writesNoMore(Connection owner) throws SQLException {
    String versions =
        "SELECT string_agg(v, ',' ORDER BY v) FROM ("
            + "SELECT xmin::text FROM prestogres.shell UNION ALL"
            + " SELECT xmin::text FROM pg_class WHERE relkind = 'f'"
            + " UNION ALL SELECT s.xmin::text FROM pg_statistic s JOIN pg_class c"
            + " ON c.oid = s.starelid WHERE c.relkind = 'f') AS x (v)";
    List<String> written = Stack.rows(owner, versions);
    Set<String> before = asked();
    Eventually.holds(TIME, () -> asked().stream().filter(id -> !before.contains(id)).count() >= 2);
    assertThat(Stack.rows(owner, versions)).isEqualTo(written);
  }

  private Set<String> asked() {
    return stack.prestoQueryIds("SHOW STATS FOR \"tpch\".\"tiny\".\"supplier\"");
  }
}
