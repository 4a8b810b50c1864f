package io.prestogres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.BundledPostgresql;
import io.prestogres.it.Stack;
import io.prestogres.server.Prestogres;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Start-ups and cancels with a PostgreSQL that speaks protocol 3.2, alone and behind the proxy.
 * There is no Presto; what the scripts read is in local tables.
 */
class Postgresql18IT {
  private static final URI NO_PRESTO = URI.create("http://127.0.0.1:1");
  private static final String SESSIONS =
      "startup-(?!answers).*|cancel-.*|pieces-cancel|pieces-simple";

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static EmbeddedPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static Prestogres proxy;

  private static int proxyPort;

  @BeforeAll
  static void start() throws Exception {
    postgresql = EmbeddedPostgresql.start(BundledPostgresql.newest());
    postgresql.createRole("presto", "");
    postgresql.createDatabase("tpch", "presto");
    postgresql.execute(
        "tpch",
        "create schema sf1",
        "create table sf1.region as select generate_series(1, 5) regionkey",
        "create table sf1.nation as select generate_series(1, 25) nationkey",
        "grant usage on schema sf1 to public",
        "grant select on all tables in schema sf1 to public");
    proxyPort = LoopbackPort.claim(0);
    proxy = Prestogres.start(Stack.config(instance()));
  }

  /** No database shows Presto's tables. */
  private static InstanceConfig instance() throws Exception {
    InstanceConfig usual = Stack.instance("postgresql-18", proxyPort, postgresql.port(), NO_PRESTO);
    return new InstanceConfig(
        usual.listen(),
        usual.tls(),
        usual.redirect(),
        usual.control(),
        Stack.presto(NO_PRESTO, "tpch", List.of("elsewhere")),
        usual.catalog(),
        usual.results(),
        usual.tableFunction(),
        usual.shell(),
        usual.pushdown(),
        usual.limits());
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
    }
    postgresql.close();
  }

  @TestFactory
  Stream<DynamicTest> shouldAnswerAsPostgresql18Does() throws Exception {
    return Stream.concat(
            WireScripts.named(SESSIONS).stream(), WireScripts.in("/wire/18", ".*").stream())
        .flatMap(
            script ->
                Stream.of(
                    test(script, Step.Way.POSTGRES, postgresql.port()),
                    test(script, Step.Way.PROXY, proxyPort)));
  }

  private static DynamicTest test(WireScript script, Step.Way way, int port) {
    return DynamicTest.dynamicTest(
        script.name() + " " + way, () -> WireConversation.hold(script, way, port));
  }

  /** pgjdbc asks for 3.0 by itself; this is its other protocol. */
  @Test
  void shouldCancelWhatPgjdbcRunsInProtocol32() throws Exception {
    for (int port : List.of(postgresql.port(), proxyPort)) {
      String url =
          "jdbc:postgresql://127.0.0.1:%d/tpch?user=presto&sslmode=disable&protocolVersion=3.2"
              .formatted(port);
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        CompletableFuture<Void> canceling =
            CompletableFuture.runAsync(
                () -> cancel(statement),
                CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
        assertThatThrownBy(() -> statement.execute("select pg_sleep(20)"))
            .isInstanceOf(SQLException.class)
            .extracting(failure -> ((SQLException) failure).getSQLState())
            .isEqualTo("57014");
        canceling.get(10, TimeUnit.SECONDS);
        assertThat(statement.execute("select count(*) from sf1.region")).isTrue();
      }
    }
  }

  private static void cancel(Statement statement) {
    try {
      statement.cancel();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldBeWhatItIsCalled() throws Exception {
    try (Connection connection = postgresql.connect("presto", "tpch");
        Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("show server_version_num")) {
      assertThat(version.next()).isTrue();
      assertThat(version.getInt(1)).isBetween(180_000, 189_999);
    }
  }
}
