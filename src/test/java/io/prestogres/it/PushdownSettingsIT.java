package io.prestogres.it;

import static io.prestogres.it.ShellComparison.difference;
import static io.prestogres.it.ShellComparison.isRewritten;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL writes what it pushes down as the session's settings say; the rows stay the same. */
@ExtendWith(StackExtension.class)
class PushdownSettingsIT {
  /** Of conditions; a comma in one has a backslash before it. */
  private static final Pattern SEPARATOR = Pattern.compile("(?<!\\\\),\\s*");

  private final Stack stack;

  PushdownSettingsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    SampleTables.create(stack);
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
        "datestyle to 'ISO, DMY'; da = '31.01.2020', da > '03.02.2020', ts < '04/10/1582 13:00', da"
            + " + 1 = '01.02.2020', ts::date = '29.02.2020', da between '01.02.2020' and"
            + " '2020-02-29'",
        "intervalstyle to iso_8601; ts + interval '1 day 2 hours' > '2020-02-01',"
            + " ts - interval '1 month' < '2020-01-01', (ts - da)::text > 'PT1H'",
        "intervalstyle to sql_standard; ts + interval '-1 day' > '2020-01-30',"
            + " ts + interval '-1 day +2 hours' > '2020-01-30', ts - ts < interval '1-2'",
        "timezone to 'America/New_York'; ts > '2020-01-31 10:00', da < ts, ts > timestamptz"
            + " '2020-01-31 10:00+00', ts::date = da, da > now() - interval '9 years'",
        "timezone to '<+03>-03'; ts > '2020-01-31 10:00', da = ts, ts > timestamptz '2020-01-31"
            + " 10:00+00'",
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
}
