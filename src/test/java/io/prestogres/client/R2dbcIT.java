package io.prestogres.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.client.SSLMode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** r2dbc-postgresql on the Netty of Vert.x, newer than the one it asks for. */
@ExtendWith({ClientProxyExtension.class, StackExtension.class})
class R2dbcIT {
  private static final List<Part> ALL = List.copyOf(EnumSet.allOf(Part.class));

  private final ClientProxy proxy;
  private final Stack stack;

  R2dbcIT(ClientProxy proxy, Stack stack) {
    this.proxy = proxy;
    this.stack = stack;
  }

  private enum Variant {
    USUAL(options -> options),
    BINARY(options -> options.forceBinary(true)),
    WITHOUT_CACHE(options -> options.preparedStatementCacheQueries(0)),
    IN_PORTIONS(options -> options.fetchSize(100)),
    FOR_POOLS(options -> options.compatibilityMode(true).autodetectExtensions(false));

    @SuppressWarnings("ImmutableEnumChecker") // Lambdas without state.
    private final UnaryOperator<PostgresqlConnectionConfiguration.Builder> change;

    Variant(UnaryOperator<PostgresqlConnectionConfiguration.Builder> change) {
      this.change = change;
    }
  }

  private static R2dbcClient connect(int port, SSLMode tls, Variant variant) {
    PostgresqlConnectionConfiguration.Builder options =
        PostgresqlConnectionConfiguration.builder()
            .host("127.0.0.1")
            .port(port)
            .username(ClientProxy.USER)
            .database(ClientProxy.DATABASE)
            .sslMode(tls);
    return new R2dbcClient(variant.change.apply(options).build());
  }

  @ParameterizedTest
  @EnumSource(Variant.class)
  void shouldSeeWhatEveryClientSees(Variant variant) throws Exception {
    try (R2dbcClient client = connect(proxy.port(), SSLMode.DISABLE, variant)) {
      Expected.read().assertSeen(ALL, client.see(ALL));
    }
  }

  @Test
  void shouldSeeTheSameOverTls() throws Exception {
    List<Part> parts = List.of(Part.ROWS, Part.CANCEL);
    try (R2dbcClient client = connect(proxy.port(), SSLMode.REQUIRE, Variant.USUAL)) {
      Expected.read().assertSeen(parts, client.see(parts));
    }
  }

  @Test
  void shouldRunABatchOfBindings() throws Exception {
    try (R2dbcClient client = connect(proxy.port(), SSLMode.DISABLE, Variant.USUAL)) {
      client.run("create temp table found (name text)");
      var statement =
          client
              .connection()
              .createStatement(
                  "insert into found select name from sf1.nation where regionkey = $1");
      for (long region = 0; region < 4; region++) {
        statement.bind(0, region).add();
      }
      statement.bind(0, 4L);
      Long inserted =
          statement
              .execute()
              .concatMap(result -> result.getRowsUpdated())
              .reduce(0L, Long::sum)
              .block(JvmClient.TIMEOUT);
      assertThat(inserted).isEqualTo(25);
      assertThat(client.one("select count(distinct name) from found")).isEqualTo(25L);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Variant.class,
      names = {"USUAL", "BINARY"})
  void shouldPassEveryTypeOfParameterAsPostgresqlDoes(Variant variant) throws Exception {
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
    values.put("bigint[]", new Long[] {1L, 2L, 3L});
    values.put("text[]", new String[] {"a,b", "\""});
    try (R2dbcClient ours = connect(proxy.port(), SSLMode.DISABLE, variant);
        R2dbcClient theirs = connect(stack.postgresql().port(), SSLMode.DISABLE, variant)) {
      // A buffer is read once, so each client gets its own.
      values.put("bytea", ByteBuffer.wrap(new byte[] {0, -1, '\'', '\\'}));
      Map<String, Object> expected = theirs.echo(values);
      assertThat(expected.values()).allSatisfy(v -> assertThat((String) v).startsWith("AMERICA "));
      values.put("bytea", ByteBuffer.wrap(new byte[] {0, -1, '\'', '\\'}));
      assertThat(ours.echo(values)).isEqualTo(expected);
    }
  }
}
