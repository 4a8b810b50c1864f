package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Gathers the start-up packets of one connection. A client asks for TLS and for GSSAPI once each at
 * the most, and for nothing more once there is encryption.
 *
 * <p>Bytes that arrive together with an encryption request were sent before its answer: somebody
 * may have put them there, so that is a violation (CVE-2021-23214 and its kin).
 */
public final class StartupReader {
  private Buffer received = Buffer.buffer();
  private boolean first = true;
  private boolean sslDone;
  private boolean gssDone;

  /**
   * Takes in what was read.
   *
   * @return the packet, once it is complete; after an encryption request feed on with what comes
   * @throws PgException 08P01 if this is no start-up, 0A000 for a protocol that is not spoken
   */
  public Optional<StartupPacket> feed(Buffer bytes) {
    first = false;
    received.appendBuffer(bytes);
    int length = StartupPacket.length(received);
    if (length == 0 || received.length() < length) {
      return Optional.empty();
    }
    StartupPacket packet = StartupPacket.read(received.getBuffer(0, length));
    received = received.getBuffer(length, received.length());
    if (packet instanceof StartupPacket.SslRequest) {
      checkRequest(sslDone, StartupPacket.SSL_REQUEST_CODE, "SSL request");
      sslDone = true;
    } else if (packet instanceof StartupPacket.GssEncRequest) {
      checkRequest(gssDone, StartupPacket.GSSENC_REQUEST_CODE, "GSSAPI encryption request");
      gssDone = true;
    }
    return Optional.of(packet);
  }

  /** Whether nothing has been fed yet. */
  public boolean isFirst() {
    return first;
  }

  /** What follows is encrypted. */
  public void encrypted() {
    first = false;
    sslDone = true;
    gssDone = true;
  }

  /** What came after the last packet. */
  public Buffer rest() {
    return received;
  }

  private void checkRequest(boolean done, int code, String name) {
    if (done) {
      // PostgreSQL takes a second request for a start-up message of that protocol.
      throw UnsupportedProtocol.of(code);
    }
    if (received.length() > 0) {
      throw new PgException(
          ErrorFields.fatal(SqlState.PROTOCOL_VIOLATION, "received unencrypted data after " + name)
              .with(
                  ErrorFields.DETAIL,
                  "This could be either a client-software bug or evidence of an attempted"
                      + " man-in-the-middle attack."));
    }
  }
}
