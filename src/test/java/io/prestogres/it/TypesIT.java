package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.Engine;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.TableFunctionCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;

/** Every type of Presto's arrives in PostgreSQL, by every way, as the same type and text. */
@ExtendWith(StackExtension.class)
class TypesIT {
  private static final String SHELL = "\"default\".kinds_of_values";

  private static final String NOTHING = "∅";

  private static List<Case> cases = List.of();

  private final Stack stack;

  TypesIT(Stack stack) {
    this.stack = stack;
  }

  /** A line of types.txt or, for Trino, types-trino.txt. */
  private record Case(String expression, String type, String text) {
    static Case read(String line) {
      String[] parts = line.split(" => ", 3);
      return new Case(parts[0], parts[1], parts[2].replace("\\n", "\n").replace("\\t", "\t"));
    }
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    String file = Engine.chosen() == Engine.TRINO ? "/it/types-trino.txt" : "/it/types.txt";
    try (InputStream stream = TypesIT.class.getResourceAsStream(file)) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      cases =
          text.lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(Case::read)
              .toList();
    }
    stack.presto().execute("create table memory.default.kinds_of_values as " + prestoSql());
    stack.presto().execute("create table memory.default.zeros as select chr(0) as z");
    stack.awaitShell("memory", SHELL);
    stack.awaitShell("memory", "\"default\".zeros");
  }

  /** The expressions in one row, and NULL for each of them in another. */
  private static String prestoSql() {
    return IntStream.range(0, cases.size())
        .mapToObj(i -> ", if(id = 1, " + cases.get(i).expression() + ") as " + name(i))
        .collect(Collectors.joining("", "select id", " from (values 1, 2) as rows (id)"));
  }

  private static String name(int i) {
    return "c" + i;
  }

  private static String tableFunction() {
    List<ResultColumn> columns = new ArrayList<>();
    columns.add(new ResultColumn("id", "integer"));
    for (int i = 0; i < cases.size(); i++) {
      columns.add(new ResultColumn(name(i), cases.get(i).type()));
    }
    return TableFunctionCall.text(prestoSql(), columns);
  }

  @Test
  void shouldGiveEveryValueThroughTheTableFunction() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      checkAll(connection, tableFunction());
    }
    try (Connection connection = stack.connectExtended("presto", "memory")) {
      checkAll(connection, tableFunction());
    }
  }

  @Test
  void shouldGiveEveryValueThroughAScan() throws SQLException {
    try (Connection connection = stack.connectExtended("presto", "memory")) {
      checkAll(connection, "select * from " + SHELL);
    }
  }

  @Test
  void shouldGiveEveryValueThroughTheRewriter() throws SQLException {
    Set<String> before = stack.prestoQueryIds("\"kinds_of_values\".\"c0\"");
    try (Connection connection = stack.connect("presto", "memory")) {
      checkAll(connection, "select * from " + SHELL);
    }
    assertThat(stack.prestoQueryIds("\"kinds_of_values\".\"c0\""))
        .anyMatch(id -> !before.contains(id));
  }

  @Test
  void shouldGiveEveryValueWherePostgresqlEvaluatesTheCondition() throws SQLException {
    try (Connection connection = stack.connectExtended("presto", "memory")) {
      checkAll(connection, "select * from " + SHELL + " where id # 0 in (1, 2)");
    }
  }

  @Test
  void shouldGiveEveryValueInsideAFunction() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      Stack.run(
          connection,
          "create function scan_kinds() returns setof "
              + SHELL
              + " language plpgsql as $$ begin return query select * from "
              + SHELL
              + "; end $$");
      checkAll(connection, "select * from scan_kinds()");
      Stack.run(connection, "drop function scan_kinds");
    }
  }

  @Test
  void shouldShowEveryTypeInTheCatalog() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      List<String> types = types(connection, SHELL);
      SoftAssertions.assertSoftly(
          softly -> {
            for (int i = 0; i < cases.size(); i++) {
              softly
                  .assertThat(types.get(i + 1))
                  .as(cases.get(i).expression())
                  .isEqualTo(cases.get(i).type());
            }
          });
    }
  }

  /** The texts as the client reads them, and the types as a table made of the query has them. */
  private static void checkAll(Connection connection, String sql) throws SQLException {
    Stack.run(
        connection,
        "set timezone to 'UTC'",
        "set intervalstyle to postgres",
        "create temp table copied as " + sql);
    List<List<String>> direct = values(connection, sql);
    List<List<String>> copied = values(connection, "select * from copied");
    List<String> types = types(connection, "pg_temp.copied");
    Stack.run(connection, "drop table copied");
    assertThat(direct).hasSize(2);
    assertThat(copied).hasSize(2);
    SoftAssertions.assertSoftly(
        softly -> {
          for (int i = 0; i < cases.size(); i++) {
            Case expected = cases.get(i);
            int at = i + 1;
            softly
                .assertThat(List.of(direct.get(0).get(at), copied.get(0).get(at), types.get(at)))
                .as(expected.expression())
                .containsExactly(expected.text(), expected.text(), expected.type());
            softly
                .assertThat(List.of(direct.get(1).get(at), copied.get(1).get(at)))
                .as("NULL beside " + expected.expression())
                .containsOnly(NOTHING);
          }
        });
  }

  private static List<String> types(Connection connection, String table) throws SQLException {
    return Stack.rows(
        connection,
        "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = '"
            + table
            + "'::regclass and attnum > 0 order by attnum");
  }

  private static List<List<String>> values(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(Objects.requireNonNullElse(result.getString(i), NOTHING));
        }
        rows.add(row);
      }
      rows.sort((a, b) -> a.get(0).compareTo(b.get(0)));
      return rows;
    }
  }

  private static String call(String arguments, String... types) {
    return IntStream.range(0, types.length)
        .mapToObj(i -> "unnest(b[" + (i + 1) + "]::" + types[i] + "[])")
        .collect(
            Collectors.joining(
                ", ",
                "select ",
                " from (select prestogres.fetch_presto_query_results("
                    + arguments
                    + ") as b offset 0) t"));
  }

  @Test
  void shouldTakeParameters() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(
              Stack.rows(
                  connection,
                  call(
                      "'select ? + 1, cast(? as varchar) || ''x''', array['41','it''s']",
                      "integer",
                      "text")))
          .containsExactly("42|it'sx");
      assertThat(
              Stack.rows(
                  connection,
                  call(
                      "'select id, c0 from memory.default.kinds_of_values where id = ?',"
                          + " array['2']",
                      "integer",
                      "boolean")))
          .containsExactly("2|∅");
      assertThat(
              Stack.rows(
                  connection,
                  call(
                      "'select ? + 1, coalesce(?, ''none'')', array[null, null]",
                      "integer",
                      "text")))
          .containsExactly("∅|none");
      assertThat(
              Stack.rows(
                  connection,
                  call(
                      "'select cast(? as varchar) || ''x''', array[E'q\"\\\\ {,} \\n NULL']",
                      "text")))
          .containsExactly("q\"\\ {,} \n NULLx");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'select ? + 1', array['x'] | 22",
        "'select ? + 1', array['1', '2'] | 08",
        "'select ? + 1' | 42",
        "null | 22",
        "'select ? +' | 42",
      })
  void shouldRefuseWrongParameters(String arguments, String sqlStateClass) throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThatThrownBy(() -> Stack.rows(connection, call(arguments, "integer")))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).startsWith(sqlStateClass));
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }

  @Test
  void shouldNameTheColumnThatHoldsTheZeroCharacter() throws SQLException {
    String scan = "select z from \"default\".zeros";
    try (Connection simple = stack.connect("presto", "memory");
        Connection extended = stack.connectExtended("presto", "memory")) {
      checkZero(simple, scan);
      checkZero(extended, scan);
      checkZero(simple, call("'select 1, ''a'' || chr(0) || ''b'' as z'", "integer", "text"));
      checkZero(simple, call("'select 1, array[chr(0)] as z'", "integer", "text"));
      checkZero(simple, call("'select 1, map(array[chr(0)], array[1]) as z'", "integer", "jsonb"));
    }
  }

  private static void checkZero(Connection connection, String sql) {
    assertThatThrownBy(() -> Stack.rows(connection, sql))
        .as(sql)
        .hasMessageContaining("column \"z\"")
        .hasMessageContaining("U+0000")
        .isInstanceOfSatisfying(
            PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22021"));
  }

  /** What is bytes to a driver, and has no type in PostgreSQL, stays the text that Presto sends. */
  @Test
  void shouldShowSketchesInBase64() throws SQLException {
    String query =
        "'select empty_approx_set(), array[empty_approx_set()], map(array[X''00ff''], array[1]),"
            + " to_base64(cast(empty_approx_set() as varbinary)) union all"
            + " select null, null, null, null'";
    try (Connection connection = stack.connect("presto", "memory")) {
      List<String> rows = Stack.rows(connection, call(query, "text", "text", "jsonb", "text"));
      assertThat(rows).hasSize(2).contains("∅|∅|∅|∅");
      String base64 = rows.get(rows.get(0).startsWith("∅") ? 1 : 0).replaceFirst(".*\\|", "");
      assertThat(base64).matches("[A-Za-z0-9+/]+=*");
      assertThat(rows).contains(base64 + "|{\"" + base64 + "\"}|{\"AP8=\": 1}|" + base64);
    }
  }

  /** In Presto's text the hour that the end of summer time repeats has one name for two times. */
  @Test
  void shouldRefuseAnAmbiguousTime() throws SQLException {
    String expression = "timestamp ''2024-10-27 02:30:00 Europe/Berlin''";
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThatThrownBy(
              () -> Stack.rows(connection, call("'select " + expression + " as z'", "timestamptz")))
          .hasMessageContaining("column \"z\"")
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22008"));
      assertThat(
              Stack.rows(
                  connection,
                  call("'select " + expression + " at time zone ''UTC'' as z'", "timestamptz")))
          .hasSize(1);
    }
  }

  /** PostgreSQL has no varchar(0), and no type for what has no type. */
  @Test
  void shouldShowWhatPostgresqlHasNoTypeForAsText() throws SQLException {
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, call("'select null, '''''", "text", "text")))
          .containsExactly("∅|");
    }
  }

  @Test
  void shouldKeepTheOrderOfRowsOverManyBatches() throws SQLException {
    List<String> expected = IntStream.rangeClosed(1, 5_000).mapToObj(i -> i + "|row " + i).toList();
    String query =
        "'select x, ''row '' || cast(x as varchar) from unnest(sequence(1, 5000)) as t (x)"
            + " order by x'";
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, call(query, "bigint", "text"))).isEqualTo(expected);
      assertThat(
              Stack.rows(
                  connection,
                  "select count(*) > 3 from prestogres.fetch_presto_query_results(" + query + ")"))
          .containsExactly("t");
      stack
          .presto()
          .execute(
              "create table memory.default.many as select x, 'row ' || cast(x as varchar) as t"
                  + " from unnest(sequence(1, 5000)) as t (x)");
      stack.awaitShell("memory", "\"default\".many");
    }
    try (Connection simple = stack.connect("presto", "memory");
        Connection extended = stack.connectExtended("presto", "memory")) {
      String scan = "select x, t from \"default\".many order by x";
      assertThat(Stack.rows(simple, scan)).isEqualTo(expected);
      assertThat(Stack.rows(extended, scan)).isEqualTo(expected);
      assertThat(Stack.rows(extended, "select x, t from \"default\".many"))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
