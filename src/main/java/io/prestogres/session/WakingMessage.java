package io.prestogres.session;

import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;

/**
 * Wakes a backend that waits for a message. With a JVM inside it may not have noticed that it is to
 * end, but it looks whenever a byte comes.
 *
 * <p>The bytes are those of a CopyData, which PostgreSQL drops where there is no copy (manual,
 * section "COPY Operations"). While it is not complete the backend is idle as before: no statement
 * has come, and the time-outs for idle sessions run on.
 */
final class WakingMessage {
  /** Bytes of each message: at one every two seconds enough for a day and a half. */
  private static final int LENGTH = 64 * 1024;

  private static final byte[] MESSAGE =
      Buffer.buffer()
          .appendByte(Frontend.COPY_DATA)
          .appendInt(LENGTH - 1)
          .appendBytes(new byte[LENGTH - 1 - Integer.BYTES])
          .getBytes();

  private int sent;

  /** The next byte; nothing if it would be the last. */
  Buffer next() {
    return sent == LENGTH - 1 ? Buffer.buffer() : upTo(sent + 1);
  }

  /** What has to be sent before any other message; nothing if this one has not begun. */
  Buffer rest() {
    Buffer rest = sent == 0 ? Buffer.buffer() : upTo(LENGTH);
    sent = 0;
    return rest;
  }

  private Buffer upTo(int end) {
    Buffer bytes = Buffer.buffer(end - sent);
    bytes.appendBytes(MESSAGE, sent, end - sent);
    sent = end;
    return bytes;
  }
}
