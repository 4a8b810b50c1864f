package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.Frontend;
import io.prestogres.sql.PrestoWrite;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the replies to a query that writes to Presto those of PostgreSQL's own statement: no
 * columns, no rows, and the command tag with the number that stood in the row. Where the write has
 * changed the catalogue, ReadyForQuery waits for the mirror.
 *
 * <p>Belongs to the session's context.
 */
final class WriteReplies implements FrameHandler {
  /** What Presto answers, as a batch of one column; a connector that does not count says NULL. */
  private static final Pattern COUNT = Pattern.compile("\\{\"?(\\d{1,18})\"?}");

  private final FrameHandler replies;
  private final ExchangeQueue queue;
  private final MirrorChanges changes;
  private String count = "0";
  private final Set<String> changedSchemas = new LinkedHashSet<>();

  /**
   * Replies to writes.
   *
   * @param replies all others, and what these are made
   */
  WriteReplies(FrameHandler replies, ExchangeQueue queue, MirrorChanges changes) {
    this.replies = replies;
    this.queue = queue;
    this.changes = changes;
  }

  @Override
  public boolean opens(byte type, int length) {
    return (queue.writing().isPresent() && isMade(type)) || replies.opens(type, length);
  }

  private static boolean isMade(byte type) {
    return switch (type) {
      case Backend.ROW_DESCRIPTION,
          Backend.DATA_ROW,
          Backend.COMMAND_COMPLETE,
          Backend.PORTAL_SUSPENDED ->
          true;
      default -> false;
    };
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    Optional<Exchange.Write> write = queue.writing();
    if (write.isPresent() && isMade(type)) {
      return made(write.get(), type, frame);
    }
    if (type == Backend.READY_FOR_QUERY && !changedSchemas.isEmpty() && !queue.headIsInjected()) {
      List<String> schemas = List.copyOf(changedSchemas);
      changedSchemas.clear();
      Buffer ready = frame.copy();
      changes.show(schemas, () -> replies.frame(type, ready));
      return NOTHING;
    }
    return replies.frame(type, frame);
  }

  private Buffer made(Exchange.Write write, byte type, Buffer frame) {
    switch (type) {
      case Backend.DATA_ROW -> {
        Matcher value = COUNT.matcher(Backend.readDataRow(frame).get(0).orElse(""));
        count = value.matches() ? value.group(1) : "0";
        return NOTHING;
      }
      case Backend.ROW_DESCRIPTION -> {
        return write.request() == Frontend.DESCRIBE
            ? tell(Backend.NO_DATA, Backend.empty((char) Backend.NO_DATA))
            : NOTHING;
      }
      default -> {
        // A client that asks for one row only hears of a suspended portal; the write is done.
        PrestoWrite done = write.plan().write();
        String tag = done.counted() ? done.tag() + " " + count : done.tag();
        count = "0";
        if (done.changesCatalog()) {
          changedSchemas.add(write.plan().target().schema());
        }
        return tell(Backend.COMMAND_COMPLETE, Backend.commandComplete(tag));
      }
    }
  }

  /** Hands a frame of ours on as if PostgreSQL had sent it. */
  private Buffer tell(byte type, Buffer frame) {
    return replies.opens(type, frame.length() - 1) ? replies.frame(type, frame) : frame;
  }

  @Override
  public void pass(ByteBuf bytes) {
    replies.pass(bytes);
  }
}
