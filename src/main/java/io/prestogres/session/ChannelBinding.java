package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SaslMechanisms;
import io.prestogres.protocol.SqlState;
import io.vertx.core.buffer.Buffer;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * SCRAM through a proxy that ends TLS. With SCRAM-SHA-256-PLUS a client proves that it sees the
 * certificate that PostgreSQL shows; it sees ours. So PLUS is taken out of PostgreSQL's offer,
 * unless both links show the same certificate.
 */
final class ChannelBinding {
  /** The file of PostgreSQL that refuses a client which believes that there is no PLUS. */
  private static final String SCRAM_SOURCE = "auth-scram.c";

  private static final char SOURCE_FILE = 'F';

  private static final String HINT =
      "The proxy ends TLS on both sides, and its certificate is not PostgreSQL's, so that SCRAM"
          + " works without channel binding only: connect with channel_binding=disable.";

  private ChannelBinding() {}

  /** A message of the authentication as the client may get it. */
  static Buffer relay(byte type, Buffer frame, Link client, Link server) {
    if (type == Backend.AUTHENTICATION && !relayed(client, server)) {
      return SaslMechanisms.withoutBinding(frame);
    }
    if (type == Backend.ERROR_RESPONSE && client.encrypted() && server.encrypted()) {
      return explained(frame);
    }
    return frame;
  }

  private static boolean relayed(Link client, Link server) {
    Optional<Certificate> shown = client.certificateShown();
    return shown.isPresent() && shown.equals(server.certificateSeen());
  }

  private static Buffer explained(Buffer frame) {
    ErrorFields error = ErrorFields.readHead(frame);
    if (!error.sqlState().equals(SqlState.INVALID_AUTHORIZATION)) {
      return frame;
    }
    ErrorFields whole = ErrorFields.read(frame);
    return whole.field(SOURCE_FILE).equals(Optional.of(SCRAM_SOURCE))
        ? whole.with(ErrorFields.HINT, HINT).toErrorResponse()
        : frame;
  }
}
