package io.prestogres.session;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.prestogres.auth.TlsFiles;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedKeyManager;

/** What one listener offers its clients of TLS, and what it demands. Thread-safe. */
public final class ClientTls {
  /** The application protocol of PostgreSQL, PG_ALPN_PROTOCOL. */
  static final String APPLICATION_PROTOCOL = "postgresql";

  static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

  private final TlsConfig config;
  private final Optional<SslContext> context;

  /**
   * TLS with these files; prepares cryptography, so it may take a moment.
   *
   * @throws IllegalStateException if the JDK cannot do that
   */
  public ClientTls(TlsConfig config, TlsFiles files) {
    this.config = config;
    Optional<X509ExtendedKeyManager> identity = files.identity();
    this.context =
        identity.isPresent() ? Optional.of(context(identity.get(), files)) : Optional.empty();
  }

  private static SslContext context(X509ExtendedKeyManager identity, TlsFiles files) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(identity)
            .sslProvider(SslProvider.JDK)
            .protocols(VERSIONS)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.FATAL_ALERT,
                    SelectedListenerFailureBehavior.ACCEPT,
                    APPLICATION_PROTOCOL));
    // Never REQUIRE: who has none is told so in words, after the handshake.
    files
        .clientAuthorities()
        .ifPresent(ca -> builder.trustManager(ca).clientAuth(ClientAuth.OPTIONAL));
    return build(builder);
  }

  static SslContext build(SslContextBuilder builder) {
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK cannot do TLS", e);
    }
  }

  /** TLS for one connection; empty if there is none. */
  Optional<SslHandler> handler(Duration timeout) {
    return context.map(
        tls -> {
          SslHandler handler = tls.newHandler(ByteBufAllocator.DEFAULT);
          handler.setHandshakeTimeoutMillis(timeout.toMillis());
          return handler;
        });
  }

  /**
   * Refuses a client whose connection is not as it has to be, in PostgreSQL's words.
   *
   * @throws PgException 28000
   */
  void check(NetSocket socket, StartupMessage startup) {
    if (config.mode() == TlsConfig.Mode.REQUIRE && !socket.isSsl()) {
      throw new PgException(
          ErrorFields.fatal(
                  SqlState.INVALID_AUTHORIZATION,
                  "no pg_hba.conf entry for host \"%s\", user \"%s\", database \"%s\", %s"
                      .formatted(
                          socket.remoteAddress().hostAddress(),
                          startup.user(),
                          startup.database(),
                          "no encryption"))
              .with(ErrorFields.DETAIL, "This listener requires TLS."));
    }
    if (config.clientCertificates() == ClientCertificates.REQUIRE
        && socket.isSsl()
        && !hasCertificate(socket)) {
      throw PgException.fatal(
          SqlState.INVALID_AUTHORIZATION, "connection requires a valid client certificate");
    }
  }

  private static boolean hasCertificate(NetSocket socket) {
    try {
      return !socket.peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException none) {
      return false;
    }
  }

  /** Whether these bytes, the first of a connection, begin a TLS handshake. */
  static boolean isHandshake(Buffer first) {
    // The type of a TLS record; a start-up packet begins with a zero byte of its length.
    return first.length() > 0 && first.getByte(0) == 0x16;
  }
}
