package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;

/** What becomes of the frames that a {@link FrameSplitter} finds. */
public interface FrameHandler {
  /** For a frame that is not passed on. */
  Buffer NOTHING = Buffer.buffer(0);

  /**
   * Whether the frame is to be gathered and handed over whole. Asked when its header has been read;
   * once if the answer is no, again with more bytes if it is yes and the frame is not complete.
   *
   * @param type the type byte
   * @param length of the whole frame, in bytes
   */
  boolean opens(byte type, int length);

  /**
   * A frame that was opened, header included.
   *
   * @return what is passed on in its place: the frame itself (which then costs no write of its
   *     own), something else, or {@link #NOTHING}
   */
  Buffer frame(byte type, Buffer frame);

  /**
   * Bytes to pass on: runs of unopened frames, possibly parts of them, and what took their place.
   */
  void pass(Buffer bytes);
}
