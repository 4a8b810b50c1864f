package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/**
 * The kinds of shell that are not the default give rows or a clear error, too. All other tests run
 * over one of them with {@code -Dshell.kind=partitioned} or {@code foreign}.
 */
@ExtendWith(StackExtension.class)
class ShellKindIT {
  private final Stack stack;

  ShellKindIT(Stack stack) {
    this.stack = stack;
  }

  @ParameterizedTest
  @EnumSource(
      value = InstanceConfig.Shell.class,
      names = {"PARTITIONED", "FOREIGN"})
  void shouldAnswerByEveryWay(InstanceConfig.Shell kind) throws Exception {
    String database = "kind_" + kind.name().toLowerCase(Locale.ROOT);
    stack.postgresql().createDatabase(database, "presto");
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = Prestogres.start(Stack.config(instance(port, kind, database)));
        Connection client = Stack.connect(port, "presto", database);
        Connection direct = stack.direct("presto", database);
        Connection owner = stack.direct("postgres", database)) {
      assertThat(proxy.adminPort()).isEmpty();
      boolean foreign = kind == InstanceConfig.Shell.FOREIGN;
      assertThat(
              Stack.rows(
                  direct, "SELECT relkind FROM pg_class WHERE oid = 'tiny.orders'::regclass"))
          .containsExactly(foreign ? "f" : "p");
      closesGaps(client);
      answersWhatItSends(client, direct);
      tellsLimits(direct, foreign);
      readsConstantsAsTheyAreMeant(direct, foreign);
      refusesWrites(owner);
    }
  }

  private InstanceConfig instance(int port, InstanceConfig.Shell kind, String database)
      throws Exception {
    InstanceConfig usual =
        Stack.withShell(
            Stack.instance(database, port, stack.postgresql().port(), stack.presto().uri()), kind);
    return Stack.withPresto(
        Stack.withCatalog(
            usual, Stack.onlyTiny(usual.catalog(), Duration.ofHours(1), Duration.ZERO)),
        Stack.presto(stack.presto().uri(), "tpch", List.of(database)));
  }

  private static void closesGaps(Connection client) throws Exception {
    assertThat(Stack.rows(client, "SELECT count(*) FROM ONLY tiny.region")).containsExactly("5");
    StringWriter out = new StringWriter();
    client.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY tiny.region TO STDOUT", out);
    assertThat(out.toString().lines()).hasSize(5);
    assertThatThrownBy(
            () -> Stack.rows(client, "SELECT * FROM tiny.region TABLESAMPLE BERNOULLI (1)"))
        .isInstanceOfSatisfying(
            PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("0A000"));
    assertThat(Stack.rows(client, "SELECT count(*) FROM tiny.orders")).containsExactly("15000");
  }

  /** Translated or, as regular expressions are not, evaluated by PostgreSQL. */
  private static void answersWhatItSends(Connection client, Connection direct) throws SQLException {
    assertThat(Stack.rows(direct, "SELECT name FROM tiny.region WHERE regionkey = 2"))
        .containsExactly("ASIA");
    String sums = "SELECT count(*), max(orderkey), sum(custkey) FROM tiny.orders";
    assertThat(Stack.rows(direct, sums)).isEqualTo(Stack.rows(client, sums));
    assertThat(
            Stack.rows(
                direct,
                "SELECT r.name, count(*), min(n.name) FROM tiny.nation n JOIN tiny.region r"
                    + " USING (regionkey) GROUP BY 1 ORDER BY 1 LIMIT 2"))
        .containsExactly("AFRICA|5|ALGERIA", "AMERICA|5|ARGENTINA");
    assertThat(
            Stack.rows(
                direct,
                "SELECT regionkey, count(*), min(name) FROM tiny.nation WHERE name ~ '^[A-E]'"
                    + " GROUP BY 1 ORDER BY 1"))
        .containsExactly("0|2|ALGERIA", "1|3|ARGENTINA", "2|1|CHINA", "4|1|EGYPT");
    assertThat(
            Stack.rows(
                direct,
                "SELECT n.name, r.name FROM tiny.nation n FULL JOIN tiny.region r"
                    + " ON n.regionkey = r.regionkey + 3 WHERE n.name ~ '^[AJ]' OR n.name IS NULL"
                    + " ORDER BY 1, 2"))
        .containsExactly(
            "ALGERIA|∅",
            "ARGENTINA|∅",
            "JAPAN|∅",
            "JORDAN|AMERICA",
            "∅|ASIA",
            "∅|EUROPE",
            "∅|MIDDLE EAST");
    assertThat(
            Stack.rows(
                direct,
                "SELECT count(*) FROM tiny.customer c WHERE NOT EXISTS"
                    + " (SELECT FROM tiny.orders o WHERE o.custkey = c.custkey)"))
        .containsExactly("500");
  }

  private void tellsLimits(Connection direct, boolean foreign) throws SQLException {
    assertThat(Stack.rows(direct, "SELECT comment FROM tiny.orders LIMIT 7 OFFSET 1235"))
        .hasSize(7);
    assertThat(Stack.rows(direct, "SELECT comment FROM tiny.orders WHERE comment ~ 'x' LIMIT 8"))
        .hasSize(8);
    assertThat(
            Stack.rows(direct, "SELECT orderkey FROM tiny.orders ORDER BY orderkey DESC LIMIT 2"))
        .containsExactly("60000", "59975");
    assertThat(stack.prestoQueries("OFFSET 1235 LIMIT 7")).hasSize(foreign ? 1 : 0);
  }

  private static void readsConstantsAsTheyAreMeant(Connection direct, boolean foreign)
      throws SQLException {
    String filtered =
        "SELECT count(*) FILTER (WHERE orderdate > date '1998-02-03') FROM tiny.orders";
    List<String> expected =
        Stack.rows(direct, "SELECT count(*) FROM tiny.orders WHERE orderdate > date '1998-02-03'");
    assertThat(Stack.rows(direct, filtered)).isEqualTo(expected);
    // pgjdbc itself wants ISO, so another style is set for a function alone.
    Stack.run(
        direct,
        "CREATE FUNCTION public.later() RETURNS bigint LANGUAGE plpgsql SET DateStyle = 'SQL, DMY'"
            + " AS $$ BEGIN RETURN ("
            + filtered
            + "); END $$");
    if (foreign) {
      assertThatThrownBy(() -> Stack.rows(direct, "SELECT public.later()"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("0A000"));
    } else {
      assertThat(Stack.rows(direct, "SELECT public.later()")).isEqualTo(expected);
    }
  }

  private static void refusesWrites(Connection owner) throws SQLException {
    for (String sql :
        List.of(
            "INSERT INTO tiny.region VALUES (9, 'x', 'y')",
            "UPDATE tiny.region SET name = 'x'",
            "DELETE FROM tiny.region",
            "TRUNCATE tiny.region",
            "SELECT * FROM tiny.region FOR UPDATE",
            "SELECT ctid FROM tiny.region")) {
      assertThatThrownBy(() -> Stack.run(owner, sql)).as(sql).isInstanceOf(PSQLException.class);
    }
    assertThat(Stack.rows(owner, "SELECT count(*) FROM tiny.region")).containsExactly("5");
  }
}
