package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Gathers the start-up packets of one connection.
 *
 * <p>Bytes that arrive together with an encryption request were sent before its answer: somebody
 * may have put them there, so that is a violation (CVE-2021-23214 and its kin).
 */
public final class StartupReader {
  /** A client asks for GSSAPI and for TLS at the most. */
  private static final int MAX_ENCRYPTION_REQUESTS = 2;

  private Buffer received = Buffer.buffer();
  private int encryptionRequests;

  /**
   * Takes in what was read.
   *
   * @return the packet, once it is complete; after an encryption request feed on with what comes
   * @throws PgException 08P01 if this is no start-up
   */
  public Optional<StartupPacket> feed(Buffer bytes) {
    received.appendBuffer(bytes);
    int length = StartupPacket.length(received);
    if (length == 0 || received.length() < length) {
      return Optional.empty();
    }
    StartupPacket packet = StartupPacket.read(received.getBuffer(0, length));
    received = received.getBuffer(length, received.length());
    if (packet instanceof StartupPacket.SslRequest
        || packet instanceof StartupPacket.GssEncRequest) {
      checkEncryptionRequest();
    }
    return Optional.of(packet);
  }

  /** What came after the last packet. */
  public Buffer rest() {
    return received;
  }

  private void checkEncryptionRequest() {
    if (received.length() > 0) {
      throw PgException.protocolViolation("received unencrypted data after SSL request");
    }
    if (++encryptionRequests > MAX_ENCRYPTION_REQUESTS) {
      throw PgException.protocolViolation("too many encryption requests");
    }
  }
}
