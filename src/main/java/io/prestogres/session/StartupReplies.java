package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What PostgreSQL says until it is ready for the first statement. Belongs to the session's context.
 */
final class StartupReplies implements FrameHandler {
  private final Relay relay;
  private final Admission admission;
  private final SessionParameters parameters;
  private final Function<Backend.KeyData, Buffer> takeKey;
  private final Consumer<ErrorFields> heard;
  private final UnaryOperator<Buffer> ready;

  /**
   * For one session.
   *
   * @param takeKey gives the message that tells the client a key, for PostgreSQL's own
   * @param heard told of errors
   * @param ready gives what the client is told in place of a ReadyForQuery
   */
  StartupReplies(
      Relay relay,
      Admission admission,
      SessionParameters parameters,
      Function<Backend.KeyData, Buffer> takeKey,
      Consumer<ErrorFields> heard,
      UnaryOperator<Buffer> ready) {
    this.relay = relay;
    this.admission = admission;
    this.parameters = parameters;
    this.takeKey = takeKey;
    this.heard = heard;
    this.ready = ready;
  }

  @Override
  public boolean opens(byte type, int length) {
    return true;
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    switch (type) {
      case Backend.AUTHENTICATION -> {
        return admission.authentication(frame);
      }
      case Backend.BACKEND_KEY_DATA -> {
        return takeKey.apply(Backend.KeyData.read(frame));
      }
      case Backend.PARAMETER_STATUS -> Replies.learn(parameters, frame);
      case Backend.ERROR_RESPONSE -> {
        heard.accept(ErrorFields.readHead(frame));
        return ChannelBinding.explained(frame, relay.client(), relay.server());
      }
      case Backend.READY_FOR_QUERY -> {
        return ready.apply(frame);
      }
      default -> {}
    }
    return frame;
  }

  @Override
  public void pass(ByteBuf bytes) {
    relay.client().write(bytes, relay.server());
  }
}
