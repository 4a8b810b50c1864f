package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cancel that reaches PostgreSQL only when its statement is over, from a client that does not
 * wait for it: the next statement is spared.
 */
@ExtendWith(StackExtension.class)
class LateCancelIT {
  private static final int CANCEL_REQUEST = 80877102;
  private static final int LATE_MILLIS = 1_000;

  private final Stack stack;

  LateCancelIT(Stack stack) {
    this.stack = stack;
  }

  /** A way to PostgreSQL on which cancels take their time. */
  private int slowWay(Vertx vertx) throws Exception {
    NetClient network = vertx.createNetClient();
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                client -> {
                  client.pause();
                  network
                      .connect(stack.postgresql().port(), "127.0.0.1")
                      .onSuccess(upstream -> relay(vertx, client, upstream))
                      .onFailure(failure -> client.close());
                });
    return server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private static void relay(Vertx vertx, NetSocket client, NetSocket upstream) {
    client.handler(
        bytes -> {
          if (isCancel(bytes)) {
            vertx.setTimer(LATE_MILLIS, late -> upstream.write(bytes));
          } else {
            upstream.write(bytes);
          }
        });
    upstream.handler(client::write);
    client.closeHandler(end -> upstream.close());
    upstream.closeHandler(end -> client.close());
    client.resume();
  }

  private static boolean isCancel(Buffer bytes) {
    return bytes.length() >= 8 && bytes.getInt(4) == CANCEL_REQUEST;
  }

  @Test
  void shouldSpareTheStatementBehindTheOneThatWasMeant() throws Exception {
    Vertx vertx = Vertx.vertx();
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy =
            Prestogres.start(
                Stack.config(Stack.instance("late", port, slowWay(vertx), stack.presto().uri())));
        RawClient client = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(RawClient.startup("user", "presto", "database", "plain"));
      Backend.KeyData key =
          client.readTo('Z').stream()
              .filter(frame -> frame.type() == 'K')
              .map(frame -> Backend.KeyData.read(frame.bytes()))
              .findFirst()
              .orElseThrow();

      client.send(Frontend.query("select pg_sleep(0.3)"));
      try (RawClient canceling = new RawClient(port)) {
        canceling.send(Frontend.cancelRequest(key.processId(), key.secret()));
        assertThat(client.readTo('Z')).noneMatch(frame -> frame.type() == 'E');
        client.send(Frontend.query("select pg_sleep(2)"));
        assertThat(client.readTo('Z')).noneMatch(frame -> frame.type() == 'E');
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}
