package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.vertx.core.buffer.Buffer;

/**
 * What the client may send until it is let in: answers to what PostgreSQL asks. Anything else waits
 * for the first ReadyForQuery, as it would in PostgreSQL, which reads nothing while it asks nothing
 * (manual, "Start-up"). Belongs to the session's context.
 */
final class Admission implements FrameHandler {
  /** PostgreSQL's own bound before authentication, PG_MAX_AUTH_TOKEN_LENGTH. */
  private static final int MAX_LENGTH = 65_535;

  private static final int AUTHENTICATION_OK = 0;
  private static final int SASL_FINAL = 12;

  private final Relay relay;
  private final FrameSplitter frames;
  private boolean asked;
  private byte early;

  Admission(Relay relay, FrameSplitter frames) {
    this.relay = relay;
    this.frames = frames;
  }

  @Override
  public boolean opens(byte type, int length) {
    if (type == Frontend.TERMINATE) {
      return false;
    }
    if (type != Frontend.PASSWORD) {
      return true;
    }
    if (length > MAX_LENGTH) {
      throw PgException.protocolViolation("invalid length of password response");
    }
    asked = false;
    return false;
  }

  @Override
  public int gathers(byte type, int length) {
    return FrameSplitter.HEADER_BYTES;
  }

  @Override
  public Buffer frame(byte type, Buffer head) {
    early = type;
    if (asked) {
      throw noPassword();
    }
    frames.pause();
    return LATER;
  }

  @Override
  public void pass(Buffer bytes) {
    relay.server().write(bytes, relay.client());
  }

  /** PostgreSQL sends an Authentication message. */
  void authentication(Buffer frame) {
    int code = Backend.readAuthentication(frame);
    asked = code != AUTHENTICATION_OK && code != SASL_FINAL;
    if (asked && early != 0) {
      throw noPassword();
    }
  }

  private PgException noPassword() {
    return PgException.protocolViolation(
        "expected password response, got message type 0x%02x".formatted(early));
  }
}
