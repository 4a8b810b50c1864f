package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.LimitsConfig;
import io.prestogres.config.ScanLimits;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an instance allows its clients, and how it ends. */
@ExtendWith(StackExtension.class)
class LimitsIT {
  private final Stack stack;

  LimitsIT(Stack stack) {
    this.stack = stack;
  }

  private Prestogres proxy(int port, LimitsConfig limits) throws Exception {
    InstanceConfig usual =
        Stack.instance("limits-" + port, port, stack.postgresql().port(), stack.presto().uri());
    return Prestogres.start(
        Stack.config(
            new InstanceConfig(
                usual.listen(),
                usual.tls(),
                usual.redirect(),
                usual.control(),
                usual.presto(),
                usual.catalog(),
                usual.results(),
                usual.tableFunction(),
                usual.shell(),
                usual.pushdown(),
                limits)));
  }

  private static LimitsConfig limits(
      int perUser, int perDatabase, Duration idle, Duration shutdown) {
    return new LimitsConfig(
        100,
        perUser,
        perDatabase,
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        idle,
        shutdown,
        1 << 20,
        ScanLimits.DEFAULT);
  }

  @Test
  void shouldBoundClientsByRoleAndDatabase() throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = proxy(port, limits(2, 3, Duration.ZERO, Duration.ofSeconds(1)));
        RawClient first = RawClient.session(port, "presto", "plain");
        RawClient second = RawClient.session(port, "presto", "postgres");
        RawClient third = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      third.send(RawClient.startup("user", "presto", "database", "tpch"));
      assertThat(third.readError().message()).isEqualTo("too many connections for role \"presto\"");
      third.assertEnd();
      second.send(Frontend.terminate());
      second.assertEnd();
      Eventually.holds(() -> opens(port));
      first.assertUsable();
    }
  }

  private static boolean opens(int port) {
    try (RawClient client = RawClient.session(port, "presto", "plain")) {
      client.assertUsable();
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void shouldEndASilentSessionAndNoOther() throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy =
            proxy(port, limits(9, 9, Duration.ofMillis(600), Duration.ofSeconds(1)));
        RawClient silent = RawClient.session(port, "presto", "plain");
        RawClient inBlock = RawClient.session(port, "presto", "plain");
        RawClient waiting = RawClient.session(port, "presto", "plain")) {
      assertThat(proxy.adminPort()).isEmpty();
      inBlock.send(Frontend.query("begin")).readTo('Z');
      waiting.send(Frontend.query("select pg_sleep(2)"));

      assertThat(silent.readError().sqlState()).isEqualTo("57P05");
      silent.assertEnd();
      waiting.readTo('Z');
      waiting.assertUsable();
      inBlock.assertUsable();
    }
  }

  @Test
  void shouldLetClientsFinishTheirStatementWhenItIsStopped() throws Exception {
    int port = LoopbackPort.claim(0);
    Prestogres proxy = proxy(port, limits(9, 9, Duration.ZERO, Duration.ofSeconds(15)));
    try (RawClient idle = RawClient.session(port, "presto", "plain");
        RawClient busy = RawClient.session(port, "presto", "plain");
        RawClient batch = RawClient.session(port, "presto", "plain");
        RawClient late = new RawClient(port)) {
      busy.send(Frontend.query("select pg_sleep(1.5), 'done'"));
      batch.send(Frontend.parse("", "select 'synced'", List.of()));
      Thread.sleep(300);

      CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::close);

      assertThat(idle.readError().sqlState()).isEqualTo("57P01");
      late.send(RawClient.startup("user", "presto", "database", "plain"));
      assertThat(late.readError().sqlState()).isEqualTo("57P03");
      batch.send(Frontend.bind("", "").appendBuffer(Frontend.execute("")));
      batch.send(Frontend.sync());
      assertThat(batch.readTo('Z')).anyMatch(frame -> frame.type() == 'D');
      assertThat(batch.readError().sqlState()).isEqualTo("57P01");
      assertThat(busy.readTo('Z')).anyMatch(frame -> frame.type() == 'D');
      assertThat(busy.readError().sqlState()).isEqualTo("57P01");
      closed.get(5, TimeUnit.SECONDS);
    } finally {
      proxy.close();
    }
  }

  @Test
  void shouldNotWaitForEverForAClientWhenItIsStopped() throws Exception {
    int port = LoopbackPort.claim(0);
    Prestogres proxy = proxy(port, limits(9, 9, Duration.ZERO, Duration.ofMillis(500)));
    try (RawClient busy = RawClient.session(port, "presto", "plain")) {
      busy.send(Frontend.query("select pg_sleep(60)"));
      Thread.sleep(300);

      CompletableFuture<Void> closed = CompletableFuture.runAsync(proxy::close);

      closed.get(10, TimeUnit.SECONDS);
      assertThat(busy.readError().sqlState()).isEqualTo("57P01");
      busy.assertEnd();
    } finally {
      proxy.close();
    }
    assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void shouldNotWaitForEverForAClientThatSaysNothing() throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = limited(port, 100, Duration.ofSeconds(5));
        RawClient silent = new RawClient(port);
        RawClient halfway = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      halfway.send(RawClient.startup("user", "presto").getBuffer(0, 9));
      assertRefused(silent, "28000");
      assertRefused(halfway, "28000");
      RawClient.session(port, "presto", "plain").close();
    }
  }

  @Test
  void shouldServeNoMoreClientsThanItMayAndStillCancel() throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = limited(port, 2, Duration.ofSeconds(10));
        RawClient first = new RawClient(port);
        RawClient second = RawClient.session(port, "presto", "plain")) {
      assertThat(proxy.adminPort()).isEmpty();
      first.send(RawClient.startup("user", "presto", "database", "plain"));
      Buffer key =
          first.readTo('Z').stream()
              .filter(frame -> frame.type() == 'K')
              .findFirst()
              .orElseThrow()
              .bytes();
      try (RawClient third = new RawClient(port)) {
        third.send(RawClient.startup("user", "presto", "database", "plain"));
        assertRefused(third, "53300");
      }
      first.send(Frontend.query("select pg_sleep(60)"));
      Eventually.holds(() -> stack.backends("select pg_sleep(60)") == 1);
      Backend.KeyData cancel = Backend.KeyData.read(key);
      try (RawClient canceling = new RawClient(port)) {
        canceling.send(Frontend.cancelRequest(cancel.processId(), cancel.secret()));
        canceling.assertEnd();
      }
      assertThat(first.readError().sqlState()).isEqualTo("57014");
      first.readTo('Z');
      first.assertUsable();
      second.assertUsable();
      second.send(Frontend.terminate());
      second.assertEnd();
      RawClient.session(port, "presto", "plain").close();
    }
  }

  private Prestogres limited(int port, int maxClients, Duration startupTimeout) throws Exception {
    return proxy(
        port,
        new LimitsConfig(
            maxClients,
            LimitsConfig.DEFAULT.maxClientsPerUser(),
            LimitsConfig.DEFAULT.maxClientsPerDatabase(),
            startupTimeout,
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofSeconds(5),
            1 << 20,
            ScanLimits.DEFAULT));
  }

  private static void assertRefused(RawClient client, String sqlState) throws IOException {
    ErrorFields error = client.readError();
    assertThat(error.sqlState()).as(error.toString()).isEqualTo(sqlState);
    assertThat(error.isFatal()).isTrue();
    client.assertEnd();
  }
}
