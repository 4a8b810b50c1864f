package io.prestogres.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.prestogres.auth.TlsFiles;
import io.prestogres.config.RedirectConfig;
import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/**
 * Opens connections to the PostgreSQL of one instance, with TLS as its configuration says. May be
 * used on every context; a connection belongs to the context that asked for it.
 */
public final class PostgresqlConnector {
  private static final Buffer NOTHING = Buffer.buffer();

  private final Vertx vertx;
  private final RedirectConfig config;
  private final Duration timeout;
  private final NetClient network;
  private final SslContext context;

  /**
   * A connector; prepares cryptography, so it may take a moment.
   *
   * @param timeout the longest that a connection may take, its TLS handshake included
   * @throws IllegalStateException if the JDK cannot do that
   */
  public PostgresqlConnector(Vertx vertx, RedirectConfig config, Duration timeout, TlsFiles files) {
    this.vertx = vertx;
    this.config = config;
    this.timeout = timeout;
    this.network =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true));
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(ClientTls.VERSIONS)
            .endpointIdentificationAlgorithm(config.tls() == Tls.VERIFY_FULL ? "HTTPS" : "");
    files
        .redirectAuthorities()
        .ifPresentOrElse(
            builder::trustManager,
            () -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
    this.context = ClientTls.build(builder);
  }

  /**
   * Connects.
   *
   * @return a paused socket without handlers, ready for a start-up packet; fails with a {@link
   *     PgException} 08001 that says why
   */
  public Future<NetSocket> connect() {
    return network
        .connect(config.port(), config.host())
        .compose(
            socket ->
                config.tls() == Tls.DISABLE
                    ? Future.succeededFuture(socket.pause())
                    : new Negotiation(socket).run())
        .recover(failure -> Future.failedFuture(unreachable(failure)));
  }

  private PgException unreachable(Throwable failure) {
    return PgException.fatal(
        SqlState.CONNECTION_UNABLE,
        "PostgreSQL at " + config.address() + " cannot be reached: " + failure.getMessage());
  }

  /** Closes what is open. */
  public void close() {
    network.close();
  }

  /** SSLRequest and its answer, one byte (manual, "SSL Session Encryption"). */
  private final class Negotiation {
    private final NetSocket socket;
    private final Promise<NetSocket> promise = Promise.promise();

    Negotiation(NetSocket socket) {
      this.socket = socket;
    }

    Future<NetSocket> run() {
      long timer =
          vertx.setTimer(
              timeout.toMillis(), late -> fail("no TLS within " + timeout.toMillis() + " ms"));
      socket.handler(this::answered);
      socket.exceptionHandler(failure -> fail("TLS failed: " + failure.getMessage()));
      socket.closeHandler(end -> fail("it closed the connection while TLS was being negotiated"));
      socket.write(Frontend.sslRequest());
      return promise.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void answered(Buffer answer) {
      // Exactly one byte: what comes behind it in clear text may be an attacker's (CVE-2021-23222).
      if (answer.length() != 1) {
        fail("it sent more than one byte in answer to the SSLRequest");
      } else if (answer.getByte(0) == 'S') {
        TlsUpgrade.begin(socket, handler(), NOTHING, NOTHING)
            .onSuccess(protocol -> done())
            .onFailure(failure -> fail("TLS failed: " + failure.getMessage()));
      } else if (answer.getByte(0) == 'N' && config.tls() == Tls.PREFER) {
        done();
      } else if (answer.getByte(0) == 'N') {
        fail("server does not support SSL, but SSL was required");
      } else {
        fail("it sent no answer to the SSLRequest");
      }
    }

    private SslHandler handler() {
      SslHandler handler =
          context.newHandler(ByteBufAllocator.DEFAULT, config.host(), config.port());
      handler.setHandshakeTimeoutMillis(timeout.toMillis());
      return handler;
    }

    private void done() {
      socket.pause();
      socket.handler(null);
      if (!promise.tryComplete(socket)) {
        socket.close();
      }
    }

    private void fail(String reason) {
      if (promise.tryFail(reason)) {
        socket.close();
      }
    }
  }
}
