package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Writes messages one after the other; each is started by its type and gets its length last. */
public final class WireWriter {
  private final Buffer buffer = Buffer.buffer();
  private int lengthAt = -1;

  /** Begins a message: Byte1 type, Int32 length (patched by {@link #finish}). */
  public WireWriter start(char type) {
    buffer.appendByte((byte) type);
    return startUntyped();
  }

  /** Begins a message that has no type byte, as all of the start-up phase. */
  public WireWriter startUntyped() {
    lengthAt = buffer.length();
    buffer.appendInt(0);
    return this;
  }

  /** Ends the message that {@link #start} began. */
  public WireWriter finish() {
    buffer.setInt(lengthAt, buffer.length() - lengthAt);
    return this;
  }

  /** Byte1. */
  public WireWriter writeByte(byte value) {
    buffer.appendByte(value);
    return this;
  }

  /** Int16. */
  public WireWriter writeShort(int value) {
    buffer.appendShort((short) value);
    return this;
  }

  /** Int32. */
  public WireWriter writeInt(int value) {
    buffer.appendInt(value);
    return this;
  }

  /** String: UTF-8 and a zero byte; a zero byte inside would end it early and is refused. */
  public WireWriter writeCString(String value) {
    if (value.indexOf('\0') >= 0) {
      throw PgException.protocolViolation("a string of a message cannot hold a zero byte");
    }
    buffer.appendBytes(value.getBytes(StandardCharsets.UTF_8)).appendByte((byte) 0);
    return this;
  }

  /** Int32 length and the bytes. */
  public WireWriter writeSized(byte[] value) {
    buffer.appendInt(value.length).appendBytes(value);
    return this;
  }

  /** Bytes as they are. */
  public WireWriter writeBytes(byte[] value) {
    buffer.appendBytes(value);
    return this;
  }

  /** The bytes of a buffer. */
  public WireWriter writeBuffer(Buffer value) {
    buffer.appendBuffer(value);
    return this;
  }

  /** Everything written so far. */
  public Buffer toBuffer() {
    return buffer;
  }
}
