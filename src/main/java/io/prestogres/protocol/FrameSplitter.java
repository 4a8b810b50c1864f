package io.prestogres.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Cuts one direction of a connection into frames: Byte1 type, Int32 length that counts itself, body
 * (manual, "Message Formats").
 *
 * <p>Frames that the handler does not open are never gathered: whatever of them is in the buffer is
 * passed on in one run, so that large rows stream and a read costs one write. A length is checked
 * before anything is done with it. Not thread-safe; belongs to the context of its socket.
 */
public final class FrameSplitter {
  /** Type byte and length. */
  public static final int HEADER_BYTES = 5;

  private final FrameHandler handler;
  private final int maxLength;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private int skip;
  private boolean paused;
  private boolean working;

  /**
   * A splitter at the beginning of a frame.
   *
   * @param maxLength the largest length a frame may claim, in bytes
   */
  public FrameSplitter(FrameHandler handler, int maxLength) {
    this.handler = handler;
    this.maxLength = maxLength;
  }

  /** The bytes of a buffer, for those who take them from the network as they are. */
  public static ByteBuf bytesOf(Buffer buffer) {
    return ((BufferInternal) buffer).getByteBuf();
  }

  /** Takes in what was read; it is lent for the time of the call. */
  public void feed(ByteBuf bytes) {
    if (held.isReadable()) {
      work(held.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes()), false);
    } else {
      work(bytes, true);
    }
  }

  /** Hands over no more frames until {@link #resume}; what is fed meanwhile is kept. */
  public void pause() {
    paused = true;
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    paused = false;
    work(held, false);
  }

  /**
   * Whether what was passed on ended with a frame, so that a message of ours may follow in its
   * place; what is still held has not been passed on.
   */
  public boolean betweenFrames() {
    return skip == 0;
  }

  private void work(ByteBuf data, boolean lent) {
    if (working) {
      return;
    }
    working = true;
    try {
      held = Unpooled.EMPTY_BUFFER;
      int done = consume(data);
      if (done < data.writerIndex()) {
        boolean untouched = done == data.readerIndex();
        held =
            untouched && !lent
                ? data
                : Unpooled.copiedBuffer(data.slice(done, data.writerIndex() - done));
      }
    } finally {
      working = false;
    }
  }

  private int consume(ByteBuf data) {
    int end = data.writerIndex();
    int runStart = data.readerIndex();
    int position = runStart;
    try {
      while (!paused && position < end) {
        if (skip > 0) {
          int step = Math.min(skip, end - position);
          skip -= step;
          position += step;
          continue;
        }
        if (end - position < HEADER_BYTES) {
          break;
        }
        byte type = data.getByte(position);
        int length = checkedLength(type, data.getInt(position + 1));
        if (!handler.opens(type, length)) {
          skip = length;
          continue;
        }
        int gathered = handler.gathers(type, length);
        if (end - position < gathered) {
          break;
        }
        Buffer frame = copy(data, position, gathered);
        Buffer instead = handler.frame(type, frame);
        if (instead == FrameHandler.LATER) {
          continue;
        }
        if (instead == frame) {
          skip = length;
          continue;
        }
        pass(data, runStart, position);
        if (instead.length() > 0) {
          handler.pass(bytesOf(instead));
        }
        position += length;
        runStart = position;
      }
    } catch (PgException violation) {
      // What came before it was in order, and stays said.
      pass(data, runStart, position);
      throw violation;
    }
    pass(data, runStart, position);
    return position;
  }

  private int checkedLength(byte type, int length) {
    if (length < 4 || length > maxLength) {
      throw PgException.protocolViolation(
          "invalid length %d of a message of type 0x%02x".formatted(length, type));
    }
    return length + 1;
  }

  private static Buffer copy(ByteBuf data, int start, int length) {
    byte[] bytes = new byte[length];
    data.getBytes(start, bytes);
    return Buffer.buffer(bytes);
  }

  private void pass(ByteBuf data, int start, int end) {
    if (end > start) {
      boolean whole = start == data.readerIndex() && end == data.writerIndex();
      handler.pass(whole ? data : data.slice(start, end - start));
    }
  }
}
