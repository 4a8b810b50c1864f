package io.prestogres.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** vertx-pg-client, which pipelines. */
@ExtendWith({ClientProxyExtension.class, StackExtension.class})
class VertxPgClientIT {
  private static final List<Part> ALL = List.copyOf(EnumSet.allOf(Part.class));

  private final ClientProxy proxy;
  private final Stack stack;

  VertxPgClientIT(ClientProxy proxy, Stack stack) {
    this.proxy = proxy;
    this.stack = stack;
  }

  private static PgConnectOptions options(int port) {
    return new PgConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setUser(ClientProxy.USER)
        .setDatabase(ClientProxy.DATABASE)
        .setSslMode(SslMode.DISABLE);
  }

  @ParameterizedTest(name = "cached {0}, streams {1}")
  @CsvSource({"false, false", "true, true"})
  void shouldSeeWhatEveryClientSees(boolean cached, boolean streams) throws Exception {
    PgConnectOptions options = options(proxy.port());
    options.setCachePreparedStatements(cached);
    try (VertxClient client = new VertxClient(options, streams)) {
      Expected.read().assertSeen(ALL, client.see(ALL));
    }
  }

  @Test
  void shouldSeeTheSameOverTls() throws Exception {
    PgConnectOptions options =
        options(proxy.port())
            .setSslMode(SslMode.REQUIRE)
            .setSslOptions(new ClientSSLOptions().setTrustAll(true));
    List<Part> parts = List.of(Part.ROWS, Part.CANCEL);
    try (VertxClient client = new VertxClient(options, false)) {
      Expected.read().assertSeen(parts, client.see(parts));
    }
  }

  @ParameterizedTest(name = "cached {0}")
  @ValueSource(booleans = {false, true})
  void shouldAnswerPipelinedQueriesInTheirOrder(boolean cached) throws Exception {
    PgConnectOptions options = options(proxy.port());
    options.setCachePreparedStatements(cached).setPipeliningLimit(32);
    try (VertxClient client = new VertxClient(options, false)) {
      List<String> expected = new ArrayList<>();
      for (List<Object> row : client.query("select name from sf1.nation order by nationkey")) {
        String key = String.valueOf(expected.size() / 3);
        expected.add(row.get(0).toString());
        expected.add("local " + key);
        expected.add("22012");
      }

      List<Future<RowSet<Row>>> sent = new ArrayList<>();
      for (long key = 0; key < 25; key++) {
        sent.add(ask(client, "select name from sf1.nation where nationkey = $1", key));
        sent.add(ask(client, "select 'local ' || $1::bigint", key));
        sent.add(ask(client, "select 1 / ($1::bigint - $1)", key));
      }

      List<String> seen = new ArrayList<>();
      for (Future<RowSet<Row>> answer : sent) {
        try {
          seen.add(VertxClient.await(answer).iterator().next().getValue(0).toString());
        } catch (Exception failure) {
          seen.add(client.sqlState(failure));
        }
      }
      assertThat(seen).isEqualTo(expected);
    }
  }

  private static Future<RowSet<Row>> ask(VertxClient client, String sql, Object value) {
    return client.connection().preparedQuery(sql).execute(Tuple.of(value));
  }

  @Test
  void shouldRunABatch() throws Exception {
    try (VertxClient client = new VertxClient(options(proxy.port()), false)) {
      client.run("create temp table batched (name text)");
      List<Tuple> regions = new ArrayList<>();
      for (long region = 0; region < 5; region++) {
        regions.add(Tuple.of(region));
      }
      VertxClient.await(
          client
              .connection()
              .preparedQuery("insert into batched select name from sf1.nation where regionkey = $1")
              .executeBatch(regions));
      assertThat(client.one("select count(distinct name) from batched")).isEqualTo(25L);
    }
  }

  @Test
  void shouldPassEveryTypeOfParameterAsPostgresqlDoes() throws Exception {
    Map<String, Object> values = new HashMap<>();
    values.put("smallint", (short) -7);
    values.put("integer", 2_000_000_000);
    values.put("bigint", Long.MIN_VALUE);
    values.put("real", 1.25f);
    values.put("double precision", Double.NaN);
    values.put("numeric", new BigDecimal("-12345678901234567890.0123456789"));
    values.put("boolean", false);
    values.put("text", "it's \\ \u00e9 \ud83d\ude00 $1");
    values.put("date", LocalDate.of(1, 3, 15));
    values.put("time", LocalTime.of(23, 59, 59, 999_999_000));
    values.put("timestamp", LocalDateTime.of(2038, 1, 19, 3, 14, 8));
    values.put(
        "timestamptz", OffsetDateTime.of(2000, 2, 29, 12, 0, 0, 1000, ZoneOffset.ofHours(5)));
    values.put("uuid", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    values.put("bytea", Buffer.buffer(new byte[] {0, -1, '\'', '\\'}));
    values.put("jsonb", JsonObject.of("a", 1));
    values.put("bigint[]", new Long[] {1L, null, 3L});
    values.put("text[]", new String[] {"a,b", "\"", null});
    values.put("numeric[]", new BigDecimal[] {BigDecimal.TEN});
    values.put("date[]", new LocalDate[] {LocalDate.of(2000, 1, 1)});
    try (VertxClient ours = new VertxClient(options(proxy.port()), false);
        VertxClient theirs = new VertxClient(options(stack.postgresql().port()), false)) {
      Map<String, Object> expected = theirs.echo(values);
      assertThat(expected.values()).allSatisfy(v -> assertThat((String) v).startsWith("AMERICA "));
      assertThat(ours.echo(values)).isEqualTo(expected);
    }
  }
}
