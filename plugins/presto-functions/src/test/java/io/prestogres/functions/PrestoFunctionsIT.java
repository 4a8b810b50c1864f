package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.QueryInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrestoFunctionsIT {
  private static EmbeddedPresto presto;
  private static EmbeddedPostgresql postgresql;

  @BeforeAll
  static void start() throws IOException {
    postgresql = EmbeddedPostgresql.start();
    presto = EmbeddedPresto.start();
  }

  @AfterAll
  static void stop() {
    presto.close();
    postgresql.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | boolean | true",
        "tinyint '-128' | smallint | -128",
        "9223372036854775807 | bigint | 9223372036854775807",
        "real '1.1' | real | 1.1",
        "nan() | double precision | NaN",
        "-infinity() | double precision | -Infinity",
        "1e300 | double precision | 1e+300",
        "cast(0 as decimal(12,10)) | numeric | 0.0000000000",
        "decimal '1234567890123456789012345678.0123456789' | numeric |"
            + " 1234567890123456789012345678.0123456789",
        "'a\"b\\c{},NULL ''' | text | a\"b\\c{},NULL '",
        "U&'\\+01F600 \\00E9' | text | \uD83D\uDE00 é",
        "cast('ab' as char(4)) | character(4) | ab",
        "X'00FF5C' | bytea | \\x00ff5c",
        "json '{\"a\": [1, null]}' | jsonb | {\"a\": [1, null]}",
        "date '2024-02-29' | date | 2024-02-29",
        "date '0001-01-01' | date | 0001-01-01",
        "date '-0043-03-15' | date | 0044-03-15 BC",
        "date '+10000-01-01' | date | 10000-01-01",
        "time '12:34:56.789' | time without time zone | 12:34:56.789",
        "time '12:34:56.789 +05:30' | time with time zone | 12:34:56.789+05:30",
        "timestamp '1500-07-01 12:34:56.789' | timestamp without time zone |"
            + " 1500-07-01 12:34:56.789",
        "timestamp '2024-07-01 12:34:56.789 Europe/Berlin' | timestamp with time zone |"
            + " 2024-07-01 10:34:56.789+00",
        "timestamp '2024-07-01 12:34:56.789 UTC' | timestamp with time zone |"
            + " 2024-07-01 12:34:56.789+00",
        "interval '3' day | interval | 3 days",
        "interval '-1' hour | interval | -01:00:00",
        "interval '-27' month | interval | -2 years -3 mons",
        "array[1, null, 3] | integer[] | {1,NULL,3}",
        "array['a\"b', null, 'NULL', ''] | text[] | {\"a\\\"b\",NULL,\"NULL\",\"\"}",
        "array[timestamp '2024-07-01 12:34:56 UTC'] | timestamptz[] |"
            + " {\"2024-07-01 12:34:56+00\"}",
        "array[array[1,2],array[]] | jsonb | [[1, 2], []]",
        "map(array[1,2], array['a',null]) | jsonb | {\"1\": \"a\", \"2\": null}",
        "cast(row(1, 'x') as row(a integer, b varchar)) | jsonb | {\"a\": 1, \"b\": \"x\"}",
        "row(1, decimal '2.50') | jsonb | {\"f1\": 1, \"f2\": 2.50}",
        "array[cast(row(date '-0043-03-15', interval '-1' day) as row(d date, i interval day to"
            + " second))] | jsonb | [{\"d\": \"0044-03-15 BC\", \"i\": \"-1 days -00:00:00.000\"}]",
        "uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' | uuid | 12151fd2-7586-11e9-8f9e-2a86e4085a59",
        "ipaddress '10.0.0.1' | inet | 10.0.0.1/32",
      })
  void shouldGiveValueThatPostgresqlReads(String expression, String type, String expected)
      throws SQLException {
    List<String[]> batches = fetch("SELECT " + expression + " UNION ALL SELECT NULL");

    assertThat(read(batches, 0, type)).containsExactlyInAnyOrder(expected, "∅");
  }

  @Test
  void shouldGiveAllRowsInOrderWhenThereAreManyBatches() throws SQLException {
    List<String[]> batches =
        fetch("SELECT orderkey, clerk FROM tpch.tiny.orders ORDER BY orderkey");

    assertThat(batches.get(0)[0]).startsWith("{1,2,");
    assertThat(batches.stream().mapToInt(batch -> batch[1].split(",", -1).length).sum())
        .isEqualTo(15000);
  }

  @Test
  void shouldGiveNoBatchWhenThereAreNoRows() throws SQLException {
    assertThat(fetch("SELECT * FROM tpch.tiny.nation WHERE nationkey < 0")).isEmpty();
  }

  @Test
  void shouldGiveNothingWhileNothingComes() {
    BatchProvider batches = start("SELECT count(*) FROM tpch.sf1.orders");
    int nothing = 0;
    Handover next = batches.next();
    while (!(next instanceof Handover.End)) {
      nothing += next instanceof Handover.Nothing ? 1 : 0;
      next = batches.next();
    }

    assertThat(nothing).isPositive();
  }

  @Test
  void shouldBindParametersByTheirTypes() throws SQLException {
    List<String[]> batches =
        fetch("SELECT name FROM tpch.tiny.nation WHERE nationkey = ? AND name LIKE ?", "7", "GER%");

    assertThat(batches).singleElement().isEqualTo(new String[] {"{\"GERMANY\"}"});
  }

  @Test
  void shouldBindNullAndQuotes() throws SQLException {
    List<String[]> batches =
        fetch("SELECT count(*) FROM tpch.tiny.nation WHERE name = ? OR comment = ?", null, "it's");

    assertThat(batches).singleElement().isEqualTo(new String[] {"{0}"});
  }

  @Test
  void shouldGiveNumberOfRowsWhenStatementHasNone() throws SQLException {
    assertThat(fetch("CREATE TABLE memory.default.made AS SELECT * FROM tpch.tiny.nation"))
        .singleElement()
        .isEqualTo(new String[] {"{25}"});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT 1 FROM tpch.tiny.nothing | 42P01",
        "SELECT nothing FROM tpch.tiny.nation | 42703",
        "SELECT FROM | 42601",
        "SELECT 1/0 | 22012",
        "SELECT cast('x' as integer) | 22018",
        "SELECT chr(0) | 22021",
        "SELECT timestamp '2024-10-27 02:30:00 Europe/Berlin' | 22008",
      })
  void shouldNameSqlState(String query, String state) {
    assertThatThrownBy(() -> fetch(query))
        .isInstanceOfSatisfying(
            SQLException.class,
            failure -> {
              assertThat(failure.getSQLState()).isEqualTo(state);
              assertThat(failure.getMessage()).doesNotContain("Query failed");
            });
  }

  @Test
  void shouldNameSqlStateWhenNobodyListens() {
    BatchProvider batches = provider("jdbc:presto://127.0.0.1:1", new String[] {"user=test"});

    assertThatThrownBy(() -> drain(batches))
        .hasMessage("Presto at 127.0.0.1:1 cannot be reached")
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo("08001"));
  }

  @ParameterizedTest
  @CsvSource({"user, 22023", "catalog=tpch, 28000", "user=é, 22021"})
  void shouldRefuseMalformedSettings(String setting, String state) {
    BatchProvider batches = provider(presto.jdbcUrl(), new String[] {setting});

    assertThatThrownBy(() -> drain(batches))
        .isInstanceOfSatisfying(
            SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo(state));
  }

  @Test
  void shouldTellTheQueryIdWithAFailure() throws SQLException {
    assertThatThrownBy(() -> fetch("SELECT chr(0) AS z")).hasMessageContaining("query id: 20");
    assertThatThrownBy(() -> fetch("SELECT 1/0")).hasMessageContaining("query id: 20");
  }

  @Test
  void shouldAskWithTheSettingsOfTheSession() throws SQLException {
    BatchProvider batches =
        begun(
            presto.jdbcUrl(),
            new String[] {
              "user=alice",
              "catalog=tpch",
              "timeZone=Asia/Tokyo",
              "session.query_max_run_time=17m",
              "session.legacy_timestamp=true"
            },
            "SELECT current_user, current_timezone(), (SELECT count(*) FROM tiny.nation),"
                + " CAST(timestamp '2024-07-01 12:00:00' AS varchar)");

    assertThat(drain(batches))
        .singleElement()
        .isEqualTo(
            new String[] {
              "{\"alice\"}", "{\"Asia/Tokyo\"}", "{25}", "{\"2024-07-01 12:00:00.000\"}"
            });
  }

  @Test
  void shouldEndQueryOnPrestoWithinTwoSecondsWhenCancelledAmongRows() throws Exception {
    String query = "SELECT 'among', l.* FROM tpch.sf1.lineitem l";
    BatchProvider batches = start(query);
    while (batches.next() instanceof Handover.Nothing) {
      // Until the first rows come.
    }

    batches.close();

    assertThat(state(query, Duration.ofSeconds(2))).contains("FAILED");
  }

  @Test
  void shouldEndQueryOnPrestoWithinTwoSecondsWhenCancelledBeforeRows() throws Exception {
    String query =
        "SELECT 'before', count(*) FROM tpch.sf100.lineitem a JOIN tpch.sf100.lineitem b"
            + " ON a.partkey = b.partkey";
    BatchProvider batches = start(query);
    while (!state(query, Duration.ZERO).equals(Optional.of("RUNNING"))) {
      assertThat(batches.next()).isEqualTo(new Handover.Nothing());
    }

    batches.close();

    assertThat(state(query, Duration.ofSeconds(2))).contains("FAILED");
  }

  /** The state of the query, when it has ended or the time is over. */
  private static Optional<String> state(String query, Duration wait) throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      Optional<QueryInfo> found =
          presto.queries().stream().filter(info -> info.query().equals(query)).findFirst();
      if (found.map(QueryInfo::ended).orElse(false) || System.nanoTime() - start > wait.toNanos()) {
        return found.map(QueryInfo::state);
      }
      Thread.sleep(50);
    }
  }

  private static List<String[]> fetch(String query, String... parameters) throws SQLException {
    return drain(start(query, parameters));
  }

  private static BatchProvider start(String query, String... parameters) {
    return begun(presto.jdbcUrl(), new String[] {"user=test"}, query, parameters);
  }

  private static BatchProvider provider(String url, String[] settings) {
    return begun(url, settings, "SELECT 1");
  }

  private static BatchProvider begun(
      String url, String[] settings, String query, String... parameters) {
    QueryWorker worker = PrestoFunctions.worker(url, settings, query, parameters);
    worker.start();
    return new BatchProvider(worker, () -> {});
  }

  private static List<String[]> drain(BatchProvider batches) throws SQLException {
    List<String[]> filled = new ArrayList<>();
    while (true) {
      Handover next = batches.next();
      if (next instanceof Handover.End) {
        break;
      } else if (next instanceof Handover.Failed failed) {
        assertThat(batches.next()).as("never the end").isEqualTo(next);
        Failure failure = failed.failure();
        String detail = failure.detail().isEmpty() ? "" : " (" + failure.detail() + ")";
        throw new SQLException(failure.message() + detail, failure.sqlState());
      } else if (next instanceof Handover.Batch batch) {
        // As string_to_array does.
        String text = new String(batch.literals(), StandardCharsets.UTF_8);
        filled.add(text.split(Pattern.quote(BatchBuilder.DELIMITER), -1));
      }
    }
    return filled;
  }

  /** A column as PostgreSQL reads it, in the way the proxy has it read. */
  private static List<String> read(List<String[]> batches, int column, String type)
      throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = postgresql.connect("postgres", "postgres");
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT (unnest(?::text::text[])::" + type + ")::text AS value")) {
      for (String[] batch : batches) {
        statement.setString(1, batch[column]);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            values.add(Optional.ofNullable(rows.getString(1)).orElse("∅"));
          }
        }
      }
    }
    return values;
  }
}
