package io.prestogres.session;

import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket;
import io.prestogres.protocol.StartupReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;

/**
 * The first words of a client: encryption is declined, and the packet that says what it wants is
 * read.
 */
public final class Greeting {
  private static final Buffer DECLINE = Buffer.buffer("N");

  private final NetSocket socket;
  private final StartupReader reader = new StartupReader();
  private final Promise<Arrival> promise = Promise.promise();

  private Greeting(NetSocket socket) {
    this.socket = socket;
  }

  /**
   * What a client wants.
   *
   * @param packet a CancelRequest or a StartupMessage
   * @param rest bytes that came after it
   */
  public record Arrival(StartupPacket packet, Buffer rest) {}

  /**
   * Reads until the packet is there; the socket is paused then and has no handlers.
   *
   * @return fails with a {@link PgException} on anything that is no start-up packet, when the time
   *     is over and when the client leaves
   */
  public static Future<Arrival> read(Vertx vertx, NetSocket socket, Duration timeout) {
    Greeting greeting = new Greeting(socket);
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            late ->
                greeting.end(
                    PgException.fatal(
                        SqlState.INVALID_AUTHORIZATION,
                        "no startup packet within " + timeout.toSeconds() + " s")));
    socket.handler(greeting::received);
    socket.exceptionHandler(failure -> socket.close());
    socket.closeHandler(
        end -> greeting.end(PgException.fatal(SqlState.CONNECTION_FAILURE, "the client has left")));
    return greeting.promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void received(Buffer bytes) {
    try {
      Optional<StartupPacket> packet = reader.feed(bytes);
      packet.ifPresent(this::arrived);
    } catch (PgException e) {
      end(e);
    }
  }

  private void arrived(StartupPacket packet) {
    if (packet instanceof StartupPacket.SslRequest
        || packet instanceof StartupPacket.GssEncRequest) {
      socket.write(DECLINE);
    } else {
      stopReading();
      promise.tryComplete(new Arrival(packet, reader.rest()));
    }
  }

  private void end(PgException failure) {
    if (promise.tryFail(failure)) {
      stopReading();
    }
  }

  private void stopReading() {
    socket.pause();
    socket.handler(null);
  }
}
