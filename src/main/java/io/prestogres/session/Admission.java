package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.auth.ScramBinding;
import io.prestogres.auth.ScramVerifier;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.Sasl;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the client may send until it is let in: answers to what PostgreSQL asks. Anything else waits
 * for the first ReadyForQuery, as it would in PostgreSQL, which reads nothing while it asks nothing
 * (manual, "Start-up"). Where SCRAM cannot be relayed well, a {@link ScramEnd} stands between.
 * Belongs to the session's context.
 */
final class Admission implements FrameHandler {
  /** PostgreSQL's own bound before authentication, PG_MAX_AUTH_TOKEN_LENGTH. */
  private static final int MAX_LENGTH = 65_535;

  private final Relay relay;
  private final FrameSplitter frames;
  private final Consumer<Runnable> guarded;
  private final Supplier<Future<Optional<String>>> rolePassword;
  private final Optional<PasswordForwarding> forwarding;
  private Optional<ScramEnd> scram = Optional.empty();
  private boolean asked;
  private byte early;

  /**
   * For one client.
   *
   * @param frames the client's
   * @param guarded runs what may find that they violate the protocol
   * @param rolePassword what PostgreSQL keeps of the role's password; fails if that is unknown
   * @param forwarding where the client's password goes on to Presto
   */
  Admission(
      Relay relay,
      FrameSplitter frames,
      Consumer<Runnable> guarded,
      Supplier<Future<Optional<String>>> rolePassword,
      Optional<PasswordForwarding> forwarding) {
    this.relay = relay;
    this.frames = frames;
    this.guarded = guarded;
    this.rolePassword = rolePassword;
    this.forwarding = forwarding;
  }

  @Override
  public boolean opens(byte type, int length) {
    if (type == Frontend.TERMINATE) {
      return false;
    }
    if (type == Frontend.PASSWORD && length > MAX_LENGTH) {
      throw PgException.protocolViolation("invalid length of password response");
    }
    if (type != Frontend.PASSWORD || !asked || scram.isPresent() || forwarding.isPresent()) {
      return true;
    }
    asked = false;
    return false;
  }

  @Override
  public int gathers(byte type, int length) {
    return isAnswer(type) ? length : FrameSplitter.HEADER_BYTES;
  }

  private boolean isAnswer(byte type) {
    return asked && type == Frontend.PASSWORD;
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    if (isAnswer(type)) {
      asked = false;
      if (forwarding.isPresent()) {
        forwarding.get().answered(frame);
        return frame;
      }
      relay.client().write(asking(scram.orElseThrow().answered(frame)));
      return NOTHING;
    }
    early = type;
    if (asked) {
      throw noPassword();
    }
    frames.pause();
    return LATER;
  }

  @Override
  public void pass(ByteBuf bytes) {
    relay.server().write(bytes, relay.client());
  }

  /**
   * PostgreSQL sends an Authentication message.
   *
   * @return what the client gets in its place
   */
  Buffer authentication(Buffer frame) {
    int code = Backend.readAuthentication(frame);
    forwarding.ifPresent(password -> password.authentication(code));
    if (scram.isPresent()) {
      return asking(scram.get().authentication(code, frame));
    }
    Link client = relay.client();
    if (code != Sasl.OFFER || ChannelBinding.relayed(client, relay.server())) {
      return asking(frame);
    }
    List<String> offered = Sasl.readOffer(frame);
    Buffer unbound = Sasl.withoutBinding(frame).copy();
    if (!client.encrypted() || !offered.contains(ScramBinding.PLAIN)) {
      return asking(unbound);
    }
    rolePassword
        .get()
        .map(stored -> stored.flatMap(ScramVerifier::parse))
        .onComplete(
            (verifier, unknown) ->
                later(
                    () ->
                        client.write(asking(verifier == null ? unbound : end(offered, verifier)))));
    return NOTHING;
  }

  private void later(Runnable work) {
    relay.context().runOnContext(v -> guarded.accept(work));
  }

  private Buffer end(List<String> offered, Optional<ScramVerifier> verifier) {
    ScramEnd end = new ScramEnd(relay, offered, verifier);
    scram = Optional.of(end);
    return end.offer();
  }

  /** Takes note of whether a message asks the client for something. */
  private Buffer asking(Buffer message) {
    if (message.length() == 0) {
      return message;
    }
    int code = Backend.readAuthentication(message);
    asked = code != Backend.AUTHENTICATION_OK && code != Sasl.FINAL;
    if (asked && early == Frontend.PASSWORD) {
      early = 0;
      later(frames::resume);
    } else if (asked && early != 0) {
      throw noPassword();
    }
    return message;
  }

  private PgException noPassword() {
    return PgException.protocolViolation(
        "expected password response, got message type 0x%02x".formatted(early));
  }
}
