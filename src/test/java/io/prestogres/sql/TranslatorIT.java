package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.Engine;
import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs what is translated on a real Presto and the original on a real PostgreSQL, over equal rows.
 */
@ExtendWith(StackExtension.class)
class TranslatorIT {

  /** Values for both servers: what is odd about each type, and NULL. */
  private static final List<String> ROWS =
      List.of(
          "true, 1, 1, 1, 1.5, 1.5, 1.50, 1.2345, 'a', '2020-01-31', '2020-01-31 10:11:12.345'",
          "false, -7, -7, -7, -0.5, -0.5, -1.25, -0.0001, 'b_c%', '1969-12-31', '1969-12-31 23:59:59.999'",
          "true, 0, 3, 0, 0.1, 0.1, 0.05, 99.9999, 'a_b\\c', '2024-02-29', '2024-02-29 00:00:00'",
          "null, null, null, null, null, null, null, null, null, null, null",
          "false, 2, 2147483647, 4000000000, 2.5, 2.5, 2.50, 2.5000, '', '0101-03-04', '1900-01-01 00:00:00.001'",
          "true, 5, 6, -1, 1e30, 1e100, 9999999999.99, 12.0000, 'Äö€ x', '1996-01-01', '1996-07-01 12:00:00'",
          "false, 1, 1, 1, 0, 0, 0.00, 0.0000, 'a', '2020-01-31', '2020-01-31 10:11:12.345'",
          "true, 1, 2, 2, 3, 'NaN', 7.77, 3.0000, 'm', '2020-02-29', '2020-01-01 10:00:00.123'",
          "null, 1, -2147483648, 7, 3, '-0', 7.78, 3.0000, 'x', '2020-02-28', '2020-01-01 10:00:00'",
          "true, 1, 4, 9, 3, 'Infinity', 2.22, 1.0000, 'it''s', '2020-01-01', '2020-01-01 10:00:00'");

  private static final String TYPES =
      "b boolean, si smallint, i integer, l bigint, r real, d double precision, n numeric(12,2),"
          + " w numeric(20,4), t text, da date, ts timestamp";

  private static EmbeddedPresto presto;
  private static EmbeddedPostgresql postgresql;
  private static Connection connection;

  @BeforeAll
  static void start(Stack stack) throws IOException, SQLException {
    presto = stack.presto();
    postgresql = EmbeddedPostgresql.start();
    connection = postgresql.connect("postgres", "postgres");
    String[] columns = TYPES.split(", (?=[a-z])", -1);
    List<String> prestoRows = new ArrayList<>();
    List<String> postgresRows = new ArrayList<>();
    for (String row : ROWS) {
      String[] values = row.split(", ", -1);
      List<String> prestoValues = new ArrayList<>();
      List<String> postgresValues = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        String type = columns[i].substring(columns[i].indexOf(' ') + 1);
        boolean quoted = values[i].startsWith("'") || values[i].equals("null");
        String text = quoted ? values[i] : "'" + values[i] + "'";
        postgresValues.add(text + "::" + type);
        prestoValues.add(
            "cast("
                + text
                + " as "
                + type.replace("double precision", "double")
                    .replace("numeric", "decimal")
                    .replace("text", "varchar")
                + ")");
      }
      prestoRows.add("(" + String.join(", ", prestoValues) + ")");
      postgresRows.add("(" + String.join(", ", postgresValues) + ")");
    }
    String names = "(b, si, i, l, r, d, n, w, t, da, ts)";
    presto.execute(
        "CREATE TABLE memory.default.kinds AS SELECT * FROM (VALUES "
            + String.join(", ", prestoRows)
            + ") AS x "
            + names);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE bytewise TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    }
    connection.close();
    connection = postgresql.connect("postgres", "bytewise");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA sf1");
      statement.execute("SET search_path = sf1, public");
      statement.execute("CREATE TABLE sf1.kinds (" + TYPES + ")");
      statement.execute("INSERT INTO sf1.kinds VALUES " + String.join(", ", postgresRows));
    }
    for (Shell shell : TpchShells.all()) {
      if (!shell.name().equals("kinds")) {
        copy(shell);
      }
    }
  }

  /** A slice of the TPC-H table, the same on both servers. */
  private static void copy(Shell shell) throws SQLException {
    List<String> names = shell.columns().stream().map(ShellColumn::name).toList();
    presto.execute(
        "CREATE TABLE memory.default."
            + shell.name()
            + " AS SELECT * FROM (SELECT "
            + String.join(", ", names)
            + " FROM tpch.tiny."
            + shell.name()
            + " ORDER BY 1, 2 LIMIT 200)");
    List<List<Object>> rows = presto.execute("SELECT * FROM memory.default." + shell.name());
    List<String> columns =
        shell.columns().stream().map(c -> c.name() + " " + c.postgresType()).toList();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE sf1." + shell.name() + " (" + String.join(", ", columns) + ")");
      for (List<Object> row : rows) {
        List<String> values = row.stream().map(v -> SqlQuoting.literal(v.toString())).toList();
        statement.execute(
            "INSERT INTO sf1." + shell.name() + " VALUES (" + String.join(", ", values) + ")");
      }
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    postgresql.close();
  }

  static Stream<String> translated() throws IOException {
    return Stream.concat(
            Table.read("translations.txt", "=> ", ": ", "!! ").cases().stream(),
            Stream.concat(
                Table.read("older-engines.txt", "=> ", ": ", "!! ").cases().stream(),
                Table.read("compared.txt", "=> ").cases().stream()))
        .map(Table.Case::statement)
        .filter(s -> TranslatorTest.translate(s, new TranslationOptions(true, true)).size() == 2)
        // The types that the memory connector does not hold.
        .filter(s -> !s.matches("(?s).*\\b(ch|ar|js|st|tz)\\b.*"));
  }

  /** What decides which translations the engine is asked. */
  @Test
  void shouldFindNanGreatestOnPresto() {
    boolean greatest = presto.engine() == Engine.PRESTO;
    assertThat(presto.execute("SELECT nan() = nan(), nan() > 1, 1 < nan()"))
        .containsExactly(List.of(greatest, greatest, greatest));
  }

  @ParameterizedTest
  @MethodSource("translated")
  void shouldAnswerAsPostgresqlDoes(String query) throws SQLException, Untranslatable {
    // With guards against NaN every engine has to answer so, without them Presto alone.
    for (boolean nanIsGreatest :
        presto.engine() == Engine.PRESTO ? List.of(true, false) : List.of(false)) {
      Translation translation;
      try {
        translation =
            Translator.translate(
                query, List.of(), new TpchShells(), new TranslationOptions(true, nanIsGreatest));
      } catch (Untranslatable e) {
        continue;
      }
      String sql = translation.prestoSql().replace("\"tpch\".\"sf1\"", "memory.default");
      boolean ordered = sql.matches("(?s).* ORDER BY [^()]*");
      List<String> expected = onPostgresql(query);
      List<String> actual = onPresto(sql, translation.columns());
      if (!ordered) {
        Collections.sort(expected);
        Collections.sort(actual);
      }
      assertThat(actual).as(sql).isEqualTo(expected);
    }
  }

  private static List<String> onPresto(String sql, List<OutputType> types) {
    List<String> rows = new ArrayList<>();
    try {
      for (List<Object> row : presto.execute(sql)) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          values.add(text(row.get(i), types.get(i).postgresType()));
        }
        rows.add(String.join(" | ", values));
      }
    } catch (RuntimeException e) {
      rows.clear();
      String message = String.valueOf(e.getMessage());
      boolean data =
          message.matches(
              "(?is).*(division by zero|/ by zero|overflow|out of range|cannot cast).*");
      rows.add(data ? "error" : message);
    }
    return rows;
  }

  private static List<String> onPostgresql(String query) {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String type = result.getMetaData().getColumnTypeName(i);
          values.add(text(result.getString(i), type.equals("bool") ? "boolean" : type));
        }
        rows.add(String.join(" | ", values));
      }
    } catch (SQLException e) {
      rows.clear();
      boolean data = String.valueOf(e.getSQLState()).startsWith("22");
      rows.add(data ? "error" : String.valueOf(e.getMessage()));
    }
    return rows;
  }

  private static String text(Object value, String type) {
    if (value == null) {
      return "NULL";
    }
    String text = value.toString();
    switch (type) {
      case "boolean" -> {
        return text.substring(0, 1);
      }
      case "double precision", "float8", "real", "float4" -> {
        double number = Double.parseDouble(text);
        return Double.isNaN(number) || Double.isInfinite(number)
            ? text
            : new BigDecimal(number + 0.0)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toString();
      }
      case "timestamp", "timestamp without time zone" -> {
        return Timestamp.valueOf(text).toString();
      }
      default -> {
        return text;
      }
    }
  }
}
