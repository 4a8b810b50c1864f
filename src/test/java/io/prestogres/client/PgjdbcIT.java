package io.prestogres.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** pgjdbc in each of its ways to speak the protocol. */
@ExtendWith({ClientProxyExtension.class, StackExtension.class})
class PgjdbcIT {
  private static final List<Part> ALL = List.copyOf(EnumSet.allOf(Part.class));
  private static final String PLAIN = "sslmode=disable&";

  private final ClientProxy proxy;
  private final Stack stack;

  PgjdbcIT(ClientProxy proxy, Stack stack) {
    this.proxy = proxy;
    this.stack = stack;
  }

  private void assertSees(List<Part> parts, String options) throws Exception {
    try (PgjdbcClient client = new PgjdbcClient(proxy.jdbcUrl(options))) {
      Expected.read().assertSeen(parts, client.see(parts));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferQueryMode=simple",
        "preferQueryMode=extended",
        "preferQueryMode=extendedForPrepared&autosave=conservative",
        "preferQueryMode=extendedCacheEverything&prepareThreshold=1&defaultRowFetchSize=100",
        "preferQueryMode=extended&binaryTransfer=true&prepareThreshold=-1"
      })
  void shouldSeeWhatEveryClientSees(String options) throws Exception {
    assertSees(ALL, PLAIN + options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "binaryTransfer=true&prepareThreshold=1",
        "binaryTransfer=false&prepareThreshold=1",
        "binaryTransfer=false&prepareThreshold=-1",
        "binaryTransfer=true&prepareThreshold=1&autosave=always&defaultRowFetchSize=777",
        "preferQueryMode=simple&autosave=always",
        "preferQueryMode=extendedCacheEverything&binaryTransfer=true&autosave=conservative"
      })
  void shouldReadTheSameRowsInEveryForm(String options) throws Exception {
    assertSees(List.of(Part.PARAMETERS, Part.ROWS), PLAIN + options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslmode=require", "sslmode=require&sslNegotiation=direct"})
  void shouldSeeTheSameOverTls(String options) throws Exception {
    assertSees(List.of(Part.ROWS, Part.ERROR, Part.CANCEL), options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"never", "conservative", "always"})
  void shouldKeepATransactionAfterAnErrorOnlyWhenItIsAlwaysSaved(String autosave) throws Exception {
    for (String mode : List.of("simple", "extended")) {
      String options = PLAIN + "preferQueryMode=" + mode + "&autosave=" + autosave;
      try (PgjdbcClient client = new PgjdbcClient(proxy.jdbcUrl(options))) {
        client.run("create temp table kept (name text)");
        client.run("begin");
        client.run("insert into kept select name from sf1.region");
        assertThat(client.failure("select nosuch from sf1.nation")).isEqualTo("42703");
        assertThat(client.failure("select count(*) from sf1.nation, kept"))
            .isEqualTo(autosave.equals("always") ? "none but [[125]]" : "25P02");
        client.connection().commit();
        client.connection().setAutoCommit(true);
        assertThat(client.one("select count(*) from kept"))
            .isEqualTo(autosave.equals("always") ? 5L : 0L);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferQueryMode=simple",
        "prepareThreshold=5",
        "prepareThreshold=1&binaryTransfer=true",
        "prepareThreshold=-1&binaryTransfer=true"
      })
  void shouldPassEveryTypeOfParameterAsPostgresqlDoes(String options) throws Exception {
    Map<String, Object> values = new HashMap<>();
    values.put("smallint", (short) -7);
    values.put("integer", 2_000_000_000);
    values.put("bigint", Long.MIN_VALUE);
    values.put("real", 1.25f);
    values.put("double precision", Double.NaN);
    values.put("numeric", new BigDecimal("-12345678901234567890.0123456789"));
    values.put("boolean", false);
    values.put("text", "it's \\ \u00e9 \ud83d\ude00 ?");
    values.put("\"char\"", 'x');
    values.put("date", LocalDate.of(-44, 3, 15));
    values.put("time", LocalTime.of(23, 59, 59, 999_999_000));
    values.put("timestamp", LocalDateTime.of(2038, 1, 19, 3, 14, 8));
    values.put(
        "timestamptz", OffsetDateTime.of(2000, 2, 29, 12, 0, 0, 1000, ZoneOffset.ofHours(5)));
    values.put("uuid", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    values.put("bytea", new byte[] {0, -1, '\'', '\\'});
    values.put("bigint[]", new Long[] {1L, null, 3L});
    try (PgjdbcClient ours = new PgjdbcClient(proxy.jdbcUrl(PLAIN + options));
        PgjdbcClient theirs = new PgjdbcClient(direct(PLAIN + options))) {
      Map<String, Object> expected = theirs.echo(values);
      assertThat(expected.values()).allSatisfy(v -> assertThat((String) v).startsWith("AMERICA "));
      assertThat(ours.echo(values)).isEqualTo(expected);
    }
  }

  private String direct(String options) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&%s"
        .formatted(stack.postgresql().port(), ClientProxy.DATABASE, ClientProxy.USER, options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reWriteBatchedInserts=true",
        "reWriteBatchedInserts=true&prepareThreshold=1",
        "reWriteBatchedInserts=false",
        "reWriteBatchedInserts=true&preferQueryMode=simple"
      })
  void shouldRunBatches(String options) throws Exception {
    try (PgjdbcClient client = new PgjdbcClient(proxy.jdbcUrl(PLAIN + options))) {
      client.run("create temp table batched (id bigint primary key, name text)");
      assertThat(insert(client.connection(), 1, 1000)).hasSize(1000);
      assertThat(client.one("select count(*) || ' ' || sum(id) from batched"))
          .isEqualTo("1000 500500");
      assertThatThrownBy(() -> insert(client.connection(), 900, 1100))
          .isInstanceOf(BatchUpdateException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("23505");
      assertThat(client.one("select count(*) from sf1.region")).isEqualTo(5L);
    }
  }

  private static int[] insert(Connection connection, int from, int to) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("insert into batched (id, name) values (?, ?)")) {
      for (int id = from; id <= to; id++) {
        statement.setLong(1, id);
        statement.setString(2, "name " + id);
        statement.addBatch();
      }
      return statement.executeBatch();
    }
  }

  @Test
  void shouldRunABatchOfStatementsOverPrestosTables() throws Exception {
    for (String options : List.of("", "preferQueryMode=simple", "prepareThreshold=1")) {
      try (PgjdbcClient client = new PgjdbcClient(proxy.jdbcUrl(PLAIN + options))) {
        client.run("create temp table found (name text)");
        try (PreparedStatement statement =
            client
                .connection()
                .prepareStatement(
                    "insert into found select name from sf1.nation where regionkey = ?")) {
          for (long region = 0; region < 5; region++) {
            statement.setLong(1, region);
            statement.addBatch();
          }
          assertThat(Arrays.stream(statement.executeBatch()).sum()).isEqualTo(25);
        }
        assertThat(client.one("select count(distinct name) from found")).isEqualTo(25L);
      }
    }
  }
}
