package io.prestogres.session;

import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SqlState;
import io.vertx.core.buffer.Buffer;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * SCRAM that is relayed by a proxy that ends TLS. With SCRAM-SHA-256-PLUS a client proves that it
 * sees the certificate that PostgreSQL shows; it sees ours.
 */
final class ChannelBinding {
  /** The file of PostgreSQL that refuses a client which believes that there is no PLUS. */
  private static final String SCRAM_SOURCE = "auth-scram.c";

  private static final char SOURCE_FILE = 'F';

  private static final String HINT =
      "The proxy ends TLS on both sides, its certificate is not PostgreSQL's, and its control role"
          + " cannot read the passwords of roles, so that SCRAM works without channel binding"
          + " only: connect with channel_binding=disable.";

  private ChannelBinding() {}

  /**
   * Whether PostgreSQL's channel binding holds for the client too: both links show one certificate.
   */
  static boolean relayed(Link client, Link server) {
    Optional<Certificate> shown = client.certificateShown();
    return shown.isPresent() && shown.equals(server.certificateSeen());
  }

  /** An error of the authentication, with advice if it comes from SCRAM's being relayed. */
  static Buffer explained(Buffer errorResponse, Link client, Link server) {
    if (!client.encrypted()
        || !server.encrypted()
        || !ErrorFields.readHead(errorResponse).sqlState().equals(SqlState.INVALID_AUTHORIZATION)) {
      return errorResponse;
    }
    ErrorFields whole = ErrorFields.read(errorResponse);
    return whole.field(SOURCE_FILE).equals(Optional.of(SCRAM_SOURCE))
        ? whole.with(ErrorFields.HINT, HINT).toErrorResponse()
        : errorResponse;
  }
}
