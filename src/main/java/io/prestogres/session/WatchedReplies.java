package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.SqlState;
import io.vertx.core.buffer.Buffer;

/**
 * {@link Replies} that a {@link ResponseWatch} counts. Opens CommandComplete, for its tag, and
 * nothing else besides. Belongs to the session's context.
 */
final class WatchedReplies implements FrameHandler {
  private static final ErrorFields UNREAD = ErrorFields.error(SqlState.INTERNAL_ERROR, "");

  private final Replies replies;
  private final ExchangeQueue queue;
  private final ResponseWatch watch;

  WatchedReplies(Replies replies, ExchangeQueue queue, ResponseWatch watch) {
    this.replies = replies;
    this.queue = queue;
    this.watch = watch;
  }

  @Override
  public boolean opens(byte type, int length) {
    if (type == Backend.COMMAND_COMPLETE || queue.headIsInjected()) {
      return true;
    }
    if (type == Backend.ERROR_RESPONSE && length > Replies.MAX_OPENED) {
      watch.failed(UNREAD);
    }
    if (staysClosed(type, length)) {
      watch.message(queue.head(), type == Backend.DATA_ROW, length);
    }
    return replies.opens(type, length);
  }

  /** What {@link Replies} opens is counted when it is there. */
  private boolean staysClosed(byte type, int length) {
    return switch (type) {
      case Backend.READY_FOR_QUERY -> false;
      case Backend.ROW_DESCRIPTION -> queue.columns().isEmpty();
      case Backend.PARAMETER_STATUS, Backend.ERROR_RESPONSE -> length > Replies.MAX_OPENED;
      default -> true;
    };
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    boolean injected = queue.headIsInjected();
    if (!injected) {
      watch.message(queue.head(), false, frame.length());
    }
    if (!injected && type == Backend.COMMAND_COMPLETE) {
      watch.complete(queue.head(), Backend.readCommandComplete(frame));
      if (!queue.executing()) {
        return frame;
      }
    }
    Buffer passed = replies.frame(type, frame);
    if (!injected && type == Backend.READY_FOR_QUERY) {
      watch.ready();
    }
    return passed;
  }

  @Override
  public void pass(ByteBuf bytes) {
    replies.pass(bytes);
  }
}
