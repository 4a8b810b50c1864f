package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

/** What a client is told when one of the engines, or a client, is gone. */
@ExtendWith(StackExtension.class)
class OutageIT {
  private static final URI NO_PRESTO = URI.create("http://127.0.0.1:1");

  private final Stack stack;

  OutageIT(Stack stack) {
    this.stack = stack;
  }

  private static Prestogres proxy(int port, int postgresqlPort) throws Exception {
    return Prestogres.start(
        Stack.config(Stack.instance("outage-" + port, port, postgresqlPort, NO_PRESTO)));
  }

  @Test
  void shouldNameThePostgresqlThatIsNotThere() throws Exception {
    int port = LoopbackPort.claim(0);
    int nobody = LoopbackPort.claim(0);
    try (Prestogres proxy = proxy(port, nobody);
        RawClient client = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(RawClient.startup("user", "presto"));
      ErrorFields error = client.readError();
      assertThat(error.sqlState()).isEqualTo("08001");
      assertThat(error.isFatal()).isTrue();
      assertThat(error.message()).contains("PostgreSQL").contains("127.0.0.1:" + nobody);
      client.assertEnd();
    }
  }

  @Test
  void shouldSendNoGarbageAfterARowThatIsCut() throws Exception {
    Buffer reply =
        Backend.rowDescription(List.of(new Backend.Field("a", Backend.TEXT_OID, -1)))
            .appendBuffer(RawClient.header('D', 1_000_000))
            .appendBytes(new byte[5_000]);
    int port = LoopbackPort.claim(0);
    try (FakePostgresql dying = new FakePostgresql(true, reply);
        Prestogres proxy = proxy(port, dying.port());
        RawClient client = RawClient.session(port, "presto", "postgres")) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(Frontend.query("select a"));
      assertThat(client.readAll()).isEqualTo(reply);
    }
  }

  @Test
  void shouldTellThatPostgresqlDiedBetweenMessages() throws Exception {
    Buffer row = Backend.rowDescription(List.of(new Backend.Field("a", Backend.TEXT_OID, -1)));
    for (boolean untilQuery : new boolean[] {true, false}) {
      // In the first bytes of a header nothing of the message has been passed on yet.
      for (Buffer reply : List.of(Buffer.buffer(), row, row.copy().appendString("D\0\0"))) {
        int port = LoopbackPort.claim(0);
        try (FakePostgresql dying = new FakePostgresql(untilQuery, reply);
            Prestogres proxy = proxy(port, dying.port());
            RawClient client = RawClient.session(port, "presto", "postgres")) {
          assertThat(proxy.adminPort()).isEmpty();
          if (untilQuery) {
            client.send(Frontend.query("select a"));
          }
          ErrorFields error = client.readError();
          assertThat(error.sqlState()).isEqualTo("08006");
          assertThat(error.isFatal()).isTrue();
          assertThat(error.message()).contains("PostgreSQL");
          client.assertEnd();
        }
      }
    }
  }

  @Test
  void shouldPassOnPostgresqlsOwnLastWordsAndAddNone() throws Exception {
    try (Connection direct = stack.direct("postgres", "plain");
        RawClient client = RawClient.session(stack.proxyPort(), "presto", "plain")) {
      client.send(Frontend.query("select pg_sleep(60) /* to be terminated */"));
      Eventually.holds(() -> sleepers(direct, "pid") == 1);
      sleepers(direct, "pg_terminate_backend(pid)");
      assertThat(client.readError().sqlState()).isEqualTo("57P01");
      client.assertEnd();
    }
  }

  private static int sleepers(Connection direct, String what) {
    try {
      return Integer.parseInt(
          Stack.rows(
                  direct,
                  "select count("
                      + what
                      + ") from pg_stat_activity"
                      + " where pid <> pg_backend_pid() and query like '%to be terminated%'")
              .get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldEndWhatAVanishedClientWaitedFor() throws Exception {
    for (String sql :
        List.of(
            "select count(*) from sf100.lineitem /* vanished */",
            "do $$ begin perform max(partkey) from sf100.lineitem /* vanished */; end $$")) {
      try (RawClient client = RawClient.session(stack.proxyPort(), "presto", "tpch")) {
        client.send(Frontend.query(sql));
        for (int i = 0; i < 400 && !lineitemIsRead(); i++) {
          Thread.sleep(50);
        }
        assertThat(lineitemIsRead()).isTrue();
      }
      Eventually.holds(() -> !lineitemIsRead());
      try (Connection direct = stack.direct("postgres", "tpch")) {
        Eventually.holds(
            () -> {
              try {
                return Stack.rows(
                        direct,
                        "select 1 from pg_stat_activity where pid <> pg_backend_pid()"
                            + " and query like '%vanished%'")
                    .isEmpty();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
      }
    }
  }

  private boolean lineitemIsRead() {
    return stack.prestoQueries("\"lineitem\"").stream().anyMatch(query -> !query.ended());
  }

  @Test
  void shouldLiveOnWhenPrestoDies() throws Exception {
    try (EmbeddedPostgresql postgresql = EmbeddedPostgresql.start();
        EmbeddedPresto presto =
            EmbeddedPresto.start(
                EmbeddedPresto.Options.defaults()
                    .withJvmOptions("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"))) {
      postgresql.createRole("presto", "");
      postgresql.createDatabase("tpch", "presto");
      InstanceConfig config =
          Stack.instance("dying", LoopbackPort.claim(0), postgresql.port(), presto.uri());
      try (Prestogres proxy = Prestogres.start(Stack.config(config))) {
        assertThat(proxy.adminPort()).isEmpty();
        killInMidResult(config.listen().port(), presto);
        assertServesWithoutPresto(config, "stays up");
      }
      // Nor does a proxy that starts now know anything but what stands in PostgreSQL.
      try (Prestogres proxy = Prestogres.start(Stack.config(config))) {
        assertThat(proxy.adminPort()).isEmpty();
        assertServesWithoutPresto(config, "starts");
      }
    }
  }

  private static void killInMidResult(int port, EmbeddedPresto presto) throws Exception {
    try (Connection whole = Stack.connect(port, "presto", "tpch");
        Connection scan = Stack.connect(port, "presto", "tpch")) {
      Stack.run(scan, "create temp view scanned as select orderkey from sf100.orders");
      CountDownLatch flowing = new CountDownLatch(2);
      CompletableFuture<SQLException> first = copy(whole, "select * from sf100.orders", flowing);
      CompletableFuture<SQLException> second = copy(scan, "select * from scanned", flowing);
      assertThat(flowing.await(60, TimeUnit.SECONDS)).isTrue();

      presto.close();

      for (CompletableFuture<SQLException> copy : List.of(first, second)) {
        SQLException error = copy.get(15, TimeUnit.SECONDS);
        assertThat(error.getSQLState()).as(error.getMessage()).isEqualTo("08006");
        assertThat(error.getMessage()).contains(presto.uri().getAuthority());
      }
      assertThat(Stack.rows(whole, "select 1")).containsExactly("1");
      assertThat(Stack.rows(scan, "select 1")).containsExactly("1");
    }
  }

  /** The error that a result ends with; flowing once its first 100 kB have come. */
  private static CompletableFuture<SQLException> copy(
      Connection connection, String query, CountDownLatch flowing) {
    OutputStream out =
        new ByteArrayOutputStream() {
          private long bytes;

          @Override
          public synchronized void write(byte[] b, int off, int len) {
            if (bytes < 100_000 && bytes + len >= 100_000) {
              flowing.countDown();
            }
            bytes += len;
          }
        };
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (" + query + ") to stdout", out);
            throw new AssertionError("a short result of " + query);
          } catch (SQLException e) {
            return e;
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private static String warning(Connection connection) throws SQLException {
    return Optional.ofNullable(connection.getWarnings()).map(SQLWarning::getMessage).orElse("");
  }

  private static boolean warns(int port, String presto) {
    try (Connection connection = Stack.connect(port, "presto", "tpch")) {
      return warning(connection).contains(presto);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void assertServesWithoutPresto(InstanceConfig config, String when)
      throws Exception {
    String presto = config.presto().url().getAuthority();
    // Once what was read is older than the refresh interval of 2 s.
    Eventually.holds(Duration.ofSeconds(20), () -> warns(config.listen().port(), presto));
    try (Connection connection = Stack.connect(config.listen().port(), "presto", "tpch")) {
      assertThat(warning(connection)).as(when).contains(presto);
      Stack.run(connection, "create table own (a int)", "insert into own values (1)");
      assertThat(Stack.rows(connection, "select a from own")).containsExactly("1");
      Stack.run(connection, "drop table own");
      for (String sql :
          List.of(
              "select count(*) from sf1.region",
              "select name from only sf1.region",
              "show catalogs")) {
        assertThatThrownBy(() -> Stack.rows(connection, sql))
            .isInstanceOfSatisfying(
                SQLException.class,
                e -> {
                  assertThat(e.getSQLState()).as(sql).isEqualTo("08001");
                  assertThat(e.getMessage()).contains(presto);
                });
      }
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
    try (Connection connection = Stack.connect(config.listen().port(), "presto", "postgres")) {
      assertThat(warning(connection)).isEmpty();
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }
}
