package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.PgException;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * What PostgreSQL sends once the client may begin. Rows go on unopened; replies to what the proxy
 * asked are kept from the client, errors that were provoked become those that are meant.
 *
 * <p>Belongs to the session's context.
 */
final class Replies implements FrameHandler {
  /** Larger errors and notices are passed on unopened. */
  static final int MAX_OPENED = 1 << 20;

  private final Relay relay;
  private final ExchangeQueue queue;
  private final SessionParameters parameters;
  private final Runnable onIdle;
  private final Consumer<ErrorFields> onError;

  /**
   * The replies of a session.
   *
   * @param onIdle run when PostgreSQL has answered everything
   * @param onError hears of every error that the client gets, before anything follows from it:
   *     severity and SQLSTATE, and the rest where it can be read
   */
  Replies(
      Relay relay, SessionParameters parameters, Runnable onIdle, Consumer<ErrorFields> onError) {
    this.relay = relay;
    this.queue = relay.queue();
    this.parameters = parameters;
    this.onIdle = onIdle;
    this.onError = onError;
  }

  @Override
  public boolean opens(byte type, int length) {
    if (queue.headIsInjected()) {
      return true;
    }
    switch (type) {
      case Backend.DATA_ROW, Backend.COPY_DATA, Backend.NOTICE_RESPONSE -> {
        return false;
      }
      case Backend.READY_FOR_QUERY -> {
        return true;
      }
      case Backend.PARAMETER_STATUS -> {
        return length <= MAX_OPENED;
      }
      case Backend.COMMAND_COMPLETE -> {
        return queue.executing();
      }
      case Backend.ROW_DESCRIPTION -> {
        if (!queue.columns().isEmpty()) {
          return true;
        }
        queue.answered(type);
      }
      case Backend.ERROR_RESPONSE -> {
        if (length <= MAX_OPENED) {
          return true;
        }
        queue.failed();
      }
      default -> queue.answered(type);
    }
    idle();
    return false;
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    if (type == Backend.PARAMETER_STATUS) {
      learn(parameters, frame);
      return frame;
    }
    Buffer result = queue.headIsInjected() ? injected(type, frame) : forwarded(type, frame);
    idle();
    return result;
  }

  @Override
  public void pass(ByteBuf bytes) {
    relay.client().write(bytes, relay.server());
  }

  private void idle() {
    if (queue.idle()) {
      onIdle.run();
    }
  }

  private Buffer injected(byte type, Buffer frame) {
    if (type == Backend.NOTIFICATION_RESPONSE) {
      return frame;
    }
    queue
        .head()
        .filter(Exchange.Skip.class::isInstance)
        .map(Exchange.Skip.class::cast)
        .ifPresent(skip -> skip.reply().frame(type, frame));
    switch (type) {
      case Backend.READY_FOR_QUERY -> queue.ready(Backend.readReadyForQuery(frame));
      case Backend.ERROR_RESPONSE -> {
        ErrorFields error = ErrorFields.readHead(frame);
        queue.failed();
        if (error.isFatal()) {
          onError.accept(error);
          return frame;
        }
      }
      default -> queue.answered(type);
    }
    return NOTHING;
  }

  private Buffer forwarded(byte type, Buffer frame) {
    switch (type) {
      case Backend.READY_FOR_QUERY -> queue.ready(Backend.readReadyForQuery(frame));
      case Backend.COMMAND_COMPLETE -> queue.executed(Backend.readCommandComplete(frame));
      case Backend.ROW_DESCRIPTION -> {
        Buffer meant = Backend.withOrigins(frame, queue.columns());
        queue.answered(type);
        return meant;
      }
      case Backend.ERROR_RESPONSE -> {
        return error(frame);
      }
      default -> {}
    }
    return frame;
  }

  private Buffer error(Buffer frame) {
    ErrorFields told = ErrorFields.readHead(frame);
    boolean refused = queue.head().filter(Exchange.Refuse.class::isInstance).isPresent();
    Buffer meant = frame;
    if (refused && !told.isFatal()) {
      told = ((Exchange.Refuse) queue.head().orElseThrow()).error();
      meant = told.toErrorResponse();
    } else if (parameters.readable()) {
      // The texts of a session in another encoding are not ours to read.
      told = ErrorFields.read(frame);
      meant = RemoteContext.strip(told).map(ErrorFields::toErrorResponse).orElse(frame);
    }
    onError.accept(told);
    queue.failed();
    return meant;
  }

  /** Takes note of a parameter, if we can read it. */
  static void learn(SessionParameters parameters, Buffer parameterStatus) {
    try {
      parameters.set(Backend.ParameterStatus.read(parameterStatus));
    } catch (PgException otherEncoding) {
      // A value in the client's own encoding; those that we rely on are ASCII.
    }
  }
}
