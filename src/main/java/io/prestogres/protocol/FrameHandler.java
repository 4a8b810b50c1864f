package io.prestogres.protocol;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;

/** What becomes of the frames that a {@link FrameSplitter} finds. */
public interface FrameHandler {
  /** For a frame that is not passed on. */
  Buffer NOTHING = Buffer.buffer(0);

  /**
   * For a frame that has to wait: it is handed over again, after {@link FrameSplitter#resume} if
   * the splitter was paused.
   */
  Buffer LATER = Buffer.buffer(0);

  /**
   * Whether the frame is to be gathered and handed over. Asked when its header has been read; once
   * if the answer is no, again with more bytes if it is yes and they do not suffice.
   *
   * @param type the type byte
   * @param length of the whole frame, in bytes
   */
  boolean opens(byte type, int length);

  /**
   * How much of a frame that is opened is gathered; the rest of it is passed on behind it unopened.
   *
   * @return bytes from the frame's beginning, 5 to {@code length}
   */
  default int gathers(byte type, int length) {
    return length;
  }

  /**
   * A frame that was opened, header included, as far as it was gathered; it may be kept.
   *
   * @return what is passed on in its place: the frame itself (which then costs no write of its
   *     own), {@link #LATER}, or, if it was gathered whole, something else or {@link #NOTHING}
   */
  Buffer frame(byte type, Buffer frame);

  /**
   * Bytes to pass on: runs of unopened frames, possibly parts of them, and what took their place.
   * They are lent: whoever wants them for longer than the call has to retain or to copy them.
   */
  default void pass(ByteBuf bytes) {
    throw new IllegalStateException("every frame is opened");
  }
}
