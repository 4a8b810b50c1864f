package io.prestogres.session;

import io.netty.handler.ssl.SslHandler;
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
 * The first words of a client: encryption is agreed on or declined, and the packet that says what
 * it wants is read.
 */
public final class Greeting {
  private static final Buffer DECLINE = Buffer.buffer("N");
  private static final Buffer ACCEPT = Buffer.buffer("S");
  private static final Buffer NOTHING = Buffer.buffer();

  private final NetSocket socket;
  private final ClientTls tls;
  private final Duration timeout;
  private final StartupReader reader = new StartupReader();
  private final Promise<Arrival> promise = Promise.promise();

  private Greeting(NetSocket socket, ClientTls tls, Duration timeout) {
    this.socket = socket;
    this.tls = tls;
    this.timeout = timeout;
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
  public static Future<Arrival> read(
      Vertx vertx, NetSocket socket, ClientTls tls, Duration timeout) {
    Greeting greeting = new Greeting(socket, tls, timeout);
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
      if (reader.isFirst() && ClientTls.isHandshake(bytes)) {
        direct(bytes);
        return;
      }
      Optional<StartupPacket> packet = reader.feed(bytes);
      packet.ifPresent(this::arrived);
    } catch (PgException e) {
      end(e);
    }
  }

  private void arrived(StartupPacket packet) {
    if (packet instanceof StartupPacket.SslRequest) {
      tls.handler(timeout).ifPresentOrElse(this::accept, () -> socket.write(DECLINE));
    } else if (packet instanceof StartupPacket.GssEncRequest) {
      socket.write(DECLINE);
    } else {
      if (packet instanceof StartupPacket.StartupMessage startup) {
        tls.check(socket, startup);
      }
      stopReading();
      promise.tryComplete(new Arrival(packet, reader.rest()));
    }
  }

  private void accept(SslHandler handler) {
    reader.encrypted();
    TlsUpgrade.begin(socket, handler, ACCEPT, NOTHING).onFailure(this::handshakeFailed);
  }

  /** TLS without an SSLRequest, as PostgreSQL 17 has it; without ALPN it could be any protocol. */
  private void direct(Buffer clientHello) {
    SslHandler handler =
        tls.handler(timeout)
            .orElseThrow(() -> PgException.protocolViolation("TLS is not configured here"));
    reader.encrypted();
    TlsUpgrade.begin(socket, handler, NOTHING, clientHello)
        .onFailure(this::handshakeFailed)
        .onSuccess(
            protocol -> {
              if (!protocol.equals(Optional.of(ClientTls.APPLICATION_PROTOCOL))) {
                end(
                    PgException.protocolViolation(
                        "received direct SSL connection request without ALPN protocol negotiation"
                            + " extension"));
              }
            });
  }

  private void handshakeFailed(Throwable failure) {
    end(PgException.protocolViolation("could not accept SSL connection: " + failure.getMessage()));
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
