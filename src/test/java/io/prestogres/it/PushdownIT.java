package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.QueryInfo;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No condition and no order that PostgreSQL pushes down is ever ignored or read differently: each
 * gives the rows that it gives over a local table.
 */
@ExtendWith(StackExtension.class)
class PushdownIT {
  private static final String SHELL = SampleTables.SHELL;
  private static final String LOCAL = SampleTables.LOCAL;
  private static final String NULL = SampleTables.NULL;
  private static final int WORKERS = 4;

  /** Conditions in one statement. */
  private static final int TOGETHER = 15;

  /** Of conditions; a comma in one has a backslash before it. */
  private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\),\\s*");

  private final Stack stack;

  PushdownIT(Stack stack) {
    this.stack = stack;
  }

  /** What came of a statement: its rows, or the class of its error. */
  private record Outcome(List<String> rows, String errorClass) {}

  /** How a statement is run. */
  @FunctionalInterface
  private interface Run {
    List<String> rows() throws SQLException;
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    SampleTables.create(stack);
  }

  private static Outcome outcome(Run run, boolean ordered) {
    try {
      List<String> rows = new ArrayList<>(run.rows());
      if (!ordered) {
        Collections.sort(rows);
      }
      return new Outcome(rows, "");
    } catch (SQLException e) {
      return new Outcome(List.of(), Objects.toString(e.getSQLState()).substring(0, 2));
    }
  }

  /** A statement over {@code %s}, on the local table and on the shell; what differs, or nothing. */
  private static List<String> difference(
      Connection expecting, Connection connection, String sql, boolean ordered) {
    Outcome expected = outcome(() -> Stack.rows(expecting, sql.replace("%s", LOCAL)), ordered);
    Outcome actual = outcome(() -> Stack.rows(connection, sql.replace("%s", SHELL)), ordered);
    return differ(sql, expected, actual);
  }

  private static List<String> differ(String what, Outcome expected, Outcome actual) {
    return expected.equals(actual)
        ? List.of()
        : List.of(what + "\n    expected " + expected + "\n    but was  " + actual);
  }

  /** Over a few connections at once, as a query on Presto waits more than it works. */
  private List<String> differences(boolean extended, List<String> statements, boolean ordered)
      throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Callable<List<String>>> shares = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        int worker = i;
        shares.add(
            () ->
                differencesOfShare(
                    extended,
                    IntStream.range(0, statements.size())
                        .filter(at -> at % WORKERS == worker)
                        .mapToObj(statements::get)
                        .toList(),
                    ordered));
      }
      List<String> differences = new ArrayList<>();
      for (Future<List<String>> share : workers.invokeAll(shares)) {
        differences.addAll(share.get());
      }
      return differences;
    } finally {
      workers.shutdownNow();
    }
  }

  private List<String> differencesOfShare(
      boolean extended, List<String> statements, boolean ordered) throws SQLException {
    List<String> differences = new ArrayList<>();
    try (Connection expecting = stack.connectExtended("presto", "memory");
        Connection connection =
            extended
                ? stack.connectExtended("presto", "memory")
                : stack.connect("presto", "memory")) {
      for (String sql : statements) {
        differences.addAll(difference(expecting, connection, sql, ordered));
      }
    }
    return differences;
  }

  @Test
  void shouldHaveTheSameRowsInBothTables() throws Exception {
    assertThat(differences(true, List.of("select * from %s"), false)).isEmpty();
    assertThat(differences(false, List.of("select * from %s"), false)).isEmpty();
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
    assertThat(differences(true, statements, false)).isEmpty();
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
    assertThat(differences(false, statements, false)).isEmpty();
  }

  private static List<String> together(List<String> conditions) {
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i += TOGETHER) {
      List<String> some = conditions.subList(i, Math.min(i + TOGETHER, conditions.size()));
      statements.add("select id, " + String.join(", ", some) + " from %s");
    }
    return statements;
  }

  /** Whether the proxy has Presto run the whole of a simple query. */
  private static boolean isRewritten(Connection connection, String sql) {
    return plan(connection, sql).contains("fetch_presto_query_results");
  }

  private static boolean isPushed(Connection connection, String sql) {
    String plan = plan(connection, sql);
    return plan.isEmpty() || plan.contains(" WHERE ");
  }

  /** Empty for what PostgreSQL does not plan. */
  private static String plan(Connection connection, String sql) {
    String explain = "explain (verbose, costs off) " + sql.replace("%s", SHELL);
    return String.join("\n", outcome(() -> Stack.rows(connection, explain), true).rows());
  }

  @Test
  void shouldKeepEveryOrder() throws Exception {
    List<String> statements =
        SampleTables.lines("orders.txt").stream()
            .map(order -> "select id, t, d from %s " + order)
            .toList();
    assertThat(differences(true, statements, true)).isEmpty();
    assertThat(differences(false, rewritten(statements), true)).isEmpty();
  }

  /** The others would be scanned as they are in the extended protocol. */
  private List<String> rewritten(List<String> statements) throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      List<String> rewritten =
          statements.stream().filter(sql -> isRewritten(connection, sql)).toList();
      assertThat(rewritten).isNotEmpty();
      return rewritten;
    }
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
                + " o, lateral (select id from %s s where s.da > o.da order by s.da, s.id limit 1) s"
                + " where o.id < 6",
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
    assertThat(differences(true, statements, false)).isEmpty();
    assertThat(differences(false, rewritten(statements), false)).isEmpty();
  }

  /** PostgreSQL writes what it pushes down as the user's settings say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "quote_all_identifiers to on; i = 5, upper(t) = 'ABC', t like 'a\\_b%', d > 1.5, c = 'abc',"
            + " n = 1.5::numeric, ts > '2020-01-01', i = any ('{1\\,5}'), length(t) = 3, b",
        "bytea_output to escape; x = '\\x00ff', x > '\\x5c', x in ('\\x00ff'\\, '\\x41'),"
            + " x <> '\\x00'",
        "datestyle to 'ISO, DMY'; da = '31.01.2020', da > '03.02.2020', ts < '04/10/1582 13:00',"
            + " da + 1 = '01.02.2020', ts::date = '29.02.2020', da between '01.02.2020' and '2020-02-29'",
        "intervalstyle to iso_8601; ts + interval '1 day 2 hours' > '2020-02-01',"
            + " ts - interval '1 month' < '2020-01-01', (ts - da)::text > 'PT1H'",
        "intervalstyle to sql_standard; ts + interval '-1 day' > '2020-01-30',"
            + " ts + interval '-1 day +2 hours' > '2020-01-30', ts - ts < interval '1-2'",
        "timezone to 'America/New_York'; ts > '2020-01-31 10:00', da < ts,"
            + " ts > timestamptz '2020-01-31 10:00+00', ts::date = da, da > now() - interval '9 years'",
        "timezone to '<+03>-03'; ts > '2020-01-31 10:00', da = ts, ts > timestamptz '2020-01-31 10:00+00'",
        "extra_float_digits to -5; d = 0.1, d > 0.123456789012, r = 0.1::real,"
            + " d = 9007199254740992, d::text = '0.1', r > 0.09999999::real",
        "transform_null_equals to on; i = null, t <> 'abc'",
        "search_path to public; i = 5, lower(t) = 'abc', t like 'a%'",
      })
  void shouldHeedTheSettingsOfTheSession(String setting, String conditions) throws SQLException {
    List<String> differences = new ArrayList<>();
    List<String> statements =
        SEPARATOR
            .splitAsStream(conditions)
            .map(c -> "select id, t, d, ts, x from %s where " + c.replace("\\,", ","))
            .toList();
    try (Connection simple = stack.connect("presto", "memory");
        Connection extended = stack.connectExtended("presto", "memory")) {
      for (Connection connection : List.of(simple, extended)) {
        Stack.run(connection, "set " + setting);
        for (String sql : statements) {
          if (connection == extended || isRewritten(connection, sql)) {
            differences.addAll(difference(connection, connection, sql, false));
          }
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "t = 'back\\\\slash'",
        "t like 'a\\\\_b%'",
        "t = E'it\\'s'",
        "t = 'it\\'s'",
        "t like '%\\\\\\\\%'",
        "upper(t) <> 'back\\\\'"
      })
  void shouldScanWithBackslashesThatEscape(String condition) throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Stack.run(extended, "set standard_conforming_strings to off");
      String sql = "select id, t from %s where " + condition;
      assertThat(difference(extended, extended, sql, false)).isEmpty();
    }
  }

  /** As no driver of Java's lets its session have these, a function does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "German, DMY; da = '31.01.2020'",
        "German, DMY; da > '03.02.2020'",
        "German, DMY; ts < '04.10.1582 13:00'",
        "German, DMY; upper(t) = 'ABC' and da > '03.02.2020'",
        "German, DMY; case when da > '03.02.2020' then b else ts > '01.02.1970' end",
        "SQL, MDY; da = '01/31/2020'",
        "SQL, MDY; ts > '02/03/2020 01:00'",
        "SQL, MDY; ts::text < '02'",
        "Postgres, MDY; ts > 'Mon Feb 03 01:00:00 2020' and da + 1 > '02-03-2020'",
      })
  void shouldHeedTheDateStyleOfAFunction(String style, String condition) throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      Stack.run(
          connection,
          "create or replace function pg_temp.run(sql text) returns setof text language plpgsql"
              + " set datestyle to "
              + SampleTables.literal(style)
              + " as $$ begin return query execute sql; end $$");
      String sql = "select id || ' ' || da || ' ' || ts from %s where " + condition;
      assertThat(difference(connection, connection, sql, false)).isEmpty();
      assertThat(
              difference(
                  connection,
                  connection,
                  "select pg_temp.run(" + SampleTables.literal(sql) + ")",
                  false))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "i = 424242 ; 424242",
        "l > 4242424242424242 ; 4242424242424242",
        "t = 'pushed''as text' ; pushed''as text",
        "t like 'pushed\\_%' ; LIKE 'pushed",
        "da < '1987-06-05' ; 1987-06-05",
        "d > 42.4242 ; 42.4242",
        "i in (31415, 92653) ; 31415, 92653",
        "not b and j is null and n > 27182.81 ; 27182.81",
      })
  void shouldLetPrestoEvaluateWhatItHasARuleFor(String condition, String text) throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Set<String> before = samplesQueries().keySet();
      Stack.rows(extended, "select id from " + SHELL + " where " + condition);
      assertThat(newQueries(before))
          .singleElement()
          .asString()
          .contains(" WHERE ")
          .contains(text)
          .doesNotContain("\"v\"");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "c = 'kept'",
        "upper(t) = 'KEPT'",
        "t ~ '^kept'",
        "x = '\\x4242'",
        "i = 5 and lower(t) = 'kept'",
        "n / 7 < 0.2",
        "d::text = '1.5'",
        "t || random()::text = 'kept'",
      })
  void shouldLetPostgresqlEvaluateWhatHasNoRule(String condition) throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Set<String> before = samplesQueries().keySet();
      Stack.rows(extended, "select id from " + SHELL + " where " + condition);
      assertThat(newQueries(before))
          .singleElement()
          .asString()
          .doesNotContainIgnoringCase("where")
          .doesNotContain("\"v\"");
    }
  }

  private Map<String, String> samplesQueries() {
    return stack.prestoQueries("\"samples\"").stream()
        .collect(Collectors.toMap(QueryInfo::id, QueryInfo::query));
  }

  private Set<String> newQueries(Set<String> before) {
    Map<String, String> queries = samplesQueries();
    queries.keySet().removeAll(new HashSet<>(before));
    return new HashSet<>(queries.values());
  }
}
