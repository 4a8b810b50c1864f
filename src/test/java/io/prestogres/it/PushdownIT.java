package io.prestogres.it;

import static io.prestogres.it.ShellComparison.differ;
import static io.prestogres.it.ShellComparison.isPushed;
import static io.prestogres.it.ShellComparison.isRewritten;
import static io.prestogres.it.ShellComparison.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.ShellComparison.Outcome;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No condition and no order that PostgreSQL pushes down is ever ignored or read differently: each
 * gives the rows that it gives over a local table.
 */
@ExtendWith(StackExtension.class)
class PushdownIT {
  private static final String SHELL = SampleTables.SHELL;
  private static final String LOCAL = SampleTables.LOCAL;
  private static final String NULL = SampleTables.NULL;

  /** Conditions in one statement. */
  private static final int TOGETHER = 15;

  private final Stack stack;
  private final ShellComparison comparison;

  PushdownIT(Stack stack) {
    this.stack = stack;
    this.comparison = new ShellComparison(stack);
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    SampleTables.create(stack);
  }

  @Test
  void shouldHaveTheSameRowsInBothTables() throws Exception {
    assertThat(comparison.differences(true, List.of("select * from %s"), false)).isEmpty();
    assertThat(comparison.differences(false, List.of("select * from %s"), false)).isEmpty();
  }

  @Test
  void shouldScanWithEveryConditionThatIsPushed() throws Exception {
    List<String> statements = new ArrayList<>();
    try (Connection connection = stack.connectExtended("presto", "memory")) {
      for (String condition : SampleTables.lines("conditions.txt")) {
        String sql = "select id from %s where " + condition;
        if (isPushed(connection, sql)) {
          statements.add(sql);
        }
      }
    }
    assertThat(statements).hasSizeGreaterThan(150);
    assertThat(comparison.differences(true, statements, false)).isEmpty();
  }

  /**
   * The conditions are selected: WHERE alone would not tell false from NULL. Many go into one
   * statement, but only with their like, so that one without a rule keeps no other from Presto.
   */
  @Test
  void shouldRewriteEveryCondition() throws Exception {
    List<String> rewritten = new ArrayList<>();
    List<String> scanned = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    try (Connection expecting = stack.connectExtended("presto", "memory");
        Connection connection = stack.connect("presto", "memory")) {
      for (String condition : SampleTables.lines("conditions.txt")) {
        String sql = "select id, (" + condition + ") as holds from %s";
        boolean fails =
            !outcome(() -> Stack.rows(expecting, sql.replace("%s", LOCAL)), false)
                .errorClass()
                .isEmpty();
        if (fails) {
          statements.add(sql);
        } else {
          (isRewritten(connection, sql) ? rewritten : scanned).add("(" + condition + ")");
        }
      }
      List<String> together = together(rewritten);
      for (String sql : together) {
        assertThat(isRewritten(connection, sql)).as(sql).isTrue();
      }
      statements.addAll(together);
      statements.addAll(together(scanned));
    }
    assertThat(rewritten).hasSizeGreaterThan(100);
    assertThat(comparison.differences(false, statements, false)).isEmpty();
  }

  private static List<String> together(List<String> conditions) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i += TOGETHER) {
      List<String> some = conditions.subList(i, Math.min(i + TOGETHER, conditions.size()));
      statements.add("select id, " + String.join(", ", some) + " from %s");
    }
    return statements;
  }

  @Test
  void shouldKeepEveryOrder() throws Exception {
    List<String> statements =
        SampleTables.lines("orders.txt").stream()
            .map(order -> "select id, t, d from %s " + order)
            .toList();
    assertThat(comparison.differences(true, statements, true)).isEmpty();
    assertThat(comparison.differences(false, comparison.rewritten(statements), true)).isEmpty();
  }

  /** A generic plan sends {@code $1}; a custom one would send literals. */
  @Test
  void shouldScanWithEveryParameter() throws IOException, SQLException {
    List<String> differences = new ArrayList<>();
    try (Connection connection = stack.connectExtended("presto", "memory")) {
      Stack.run(connection, "set plan_cache_mode to force_generic_plan");
      for (String line : SampleTables.lines("parameters.txt")) {
        String[] parts = line.split(" => ", -1);
        List<String> values = List.of(parts).subList(1, parts.length);
        String sql = "select id from %s where " + parts[0];
        Outcome expected =
            outcome(() -> bound(connection, sql.replace("%s", LOCAL), values), false);
        Outcome actual = outcome(() -> bound(connection, sql.replace("%s", SHELL), values), false);
        differences.addAll(differ(line, expected, actual));
      }
    }
    assertThat(differences).isEmpty();
  }

  private static List<String> bound(Connection connection, String sql, List<String> values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i).equals(NULL) ? null : values.get(i));
      }
      return Stack.rows(statement.executeQuery());
    }
  }

  @Test
  void shouldScanForEachOuterRow() throws Exception {
    List<String> statements =
        List.of(
            "select id, (select count(*) from %s s where s.i = o.i) from "
                + LOCAL
                + " o where o.id < 8",
            "select id, (select min(s.t) from %s s where s.d < o.d and s.t <> o.t) from %s o"
                + " where o.id < 6",
            "select id from "
                + LOCAL
                + " o where exists"
                + " (select 1 from %s s where s.l > o.l and s.v like o.t || '%')",
            "select id from %s o where i not in (select j from %s)",
            "select id from %s o where i not in (select j from %s where j is not null)",
            "select id from %s o where t = any (select v from %s s where s.b)",
            "select id from %s o where d >= all (select d from %s s where s.d is not null)",
            "select o.id, s.id from "
                + LOCAL
                + " o, lateral (select id from %s s where s.da > o.da order by s.da, s.id limit 1)"
                + " s where o.id < 6",
            "select o.id, s.id from %s o left join %s s on s.t = o.u and s.i > 0",
            "select o.id, s.id from %s o full join %s s on s.n = o.n and s.si = o.si",
            "select o.id from %s o join " + LOCAL + " s using (c) where s.r = o.r",
            "select t from %s where i > 0 union select u from %s where b",
            "select b, count(*), count(i), min(t), max(d), sum(si), sum(n) from %s group by b",
            "select c, count(*) from %s group by c having count(*) > 1",
            "select distinct v, r from %s",
            "select count(*) from %s where upper(t) = 'ABC'",
            "select count(*), max(t), min(c), max(ts) from %s",
            "select id, rank() over (partition by b order by d, id) from %s",
            "with recursive a as (select 1 as k union all select k + 1 from a where k < 4)"
                + " select k, (select count(*) from %s where i > k) from a");
    assertThat(comparison.differences(true, statements, false)).isEmpty();
    assertThat(comparison.differences(false, comparison.rewritten(statements), false)).isEmpty();
  }
}
