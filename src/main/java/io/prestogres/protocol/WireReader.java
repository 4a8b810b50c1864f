package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of one message. Every read is bounded by the bytes that are there: a count or a
 * length that promises more is a protocol violation, never an allocation.
 */
public final class WireReader {
  private final Buffer buffer;
  private int position;

  private WireReader(Buffer buffer, int position) {
    this.buffer = buffer;
    this.position = position;
  }

  /** A reader of the body of a frame (what follows type and length). */
  public static WireReader body(Buffer frame) {
    return new WireReader(frame, FrameSplitter.HEADER_BYTES);
  }

  /** Where the next value begins, in the buffer. */
  int position() {
    return position;
  }

  /** Passes over so many bytes. */
  void skip(int bytes) {
    position += bytes;
  }

  /** A reader that starts at a position. */
  static WireReader at(Buffer buffer, int position) {
    return new WireReader(buffer, position);
  }

  /** Bytes not yet read. */
  public int remaining() {
    return buffer.length() - position;
  }

  /** Byte1. */
  public byte readByte() {
    require(1);
    return buffer.getByte(position++);
  }

  /** Int16. */
  public short readShort() {
    require(2);
    short value = buffer.getShort(position);
    position += 2;
    return value;
  }

  /** Int16 that counts things of at least {@code bytesEach} bytes. */
  public int readCount(int bytesEach) {
    int count = Short.toUnsignedInt(readShort());
    require(count * bytesEach);
    return count;
  }

  /** Int32. */
  public int readInt() {
    require(4);
    int value = buffer.getInt(position);
    position += 4;
    return value;
  }

  /** String: UTF-8 up to a zero byte. */
  public String readCString() {
    int start = position;
    skipCString();
    return utf8(buffer.getBytes(start, position - 1));
  }

  /** String in any encoding; what is not UTF-8 in it becomes U+FFFD. */
  String readLenientCString() {
    int start = position;
    skipCString();
    return new String(buffer.getBytes(start, position - 1), StandardCharsets.UTF_8);
  }

  /** Passes over a String, whatever its encoding is. */
  void skipCString() {
    for (int end = position; end < buffer.length(); end++) {
      if (buffer.getByte(end) == 0) {
        position = end + 1;
        return;
      }
    }
    throw PgException.protocolViolation("a string of the message has no end");
  }

  /**
   * Requires that everything has been read.
   *
   * @throws PgException 08P01 if the message goes on
   */
  void end() {
    if (remaining() > 0) {
      throw PgException.protocolViolation("a message is longer than its contents");
    }
  }

  /** So many bytes. */
  public byte[] readBytes(int count) {
    require(count);
    byte[] bytes = buffer.getBytes(position, position + count);
    position += count;
    return bytes;
  }

  /** Int16 count, then for each value Int32 length (-1 for NULL) and its text. */
  public List<Optional<String>> readTextValues() {
    int count = readCount(Integer.BYTES);
    List<Optional<String>> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int length = readInt();
      values.add(length < 0 ? Optional.empty() : Optional.of(utf8(readBytes(length))));
    }
    return values;
  }

  private void require(int bytes) {
    if (bytes < 0 || bytes > remaining()) {
      throw PgException.protocolViolation("a message is shorter than its contents claim");
    }
  }

  /** Text of a message; bytes that are not UTF-8 are a violation, never replaced. */
  public static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw PgException.error("22021", "invalid byte sequence for encoding \"UTF8\"");
    }
  }
}
