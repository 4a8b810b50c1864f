package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;

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
  private Buffer held = FrameHandler.NOTHING;
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

  /** Takes in what was read. */
  public void feed(Buffer bytes) {
    held = held.length() == 0 ? bytes : held.appendBuffer(bytes);
    work();
  }

  /** Hands over no more frames until {@link #resume}; what is fed meanwhile is kept. */
  public void pause() {
    paused = true;
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    paused = false;
    work();
  }

  /**
   * Whether what was passed on ended with a frame, so that a message of ours may follow in its
   * place; what is still held has not been passed on.
   */
  public boolean betweenFrames() {
    return skip == 0;
  }

  private void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      Buffer data = held;
      held = FrameHandler.NOTHING;
      int done = consume(data);
      if (done == 0) {
        held = data;
      } else if (done < data.length()) {
        held = data.getBuffer(done, data.length());
      }
    } finally {
      working = false;
    }
  }

  private int consume(Buffer data) {
    int end = data.length();
    int runStart = 0;
    int position = 0;
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
        Buffer frame = data.slice(position, position + gathered);
        Buffer instead = handler.frame(type, frame);
        if (instead == FrameHandler.LATER) {
          continue;
        }
        if (instead == frame) {
          skip = length;
          continue;
        }
        pass(data, runStart, position);
        pass(instead, 0, instead.length());
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

  private void pass(Buffer data, int start, int end) {
    if (end > start) {
      handler.pass(start == 0 && end == data.length() ? data : data.slice(start, end));
    }
  }
}
