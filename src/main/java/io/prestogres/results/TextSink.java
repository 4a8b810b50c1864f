package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Growing UTF-8 text, with strings in strings.
 *
 * <p>PostgreSQL and JSON escape alike inside double quotes: a backslash before {@code "} and {@code
 * \}. A literal in a literal in a literal is written in one pass: each {@link #openQuote} goes one
 * level deeper, and every quote and backslash below gets the backslashes of all levels above it.
 */
final class TextSink {
  /** MaxAllocSize: PostgreSQL takes no longer value. */
  private static final int MAX_ALLOC_SIZE = 0x3fffffff;

  private static final String STRUCTURE = "{},\"\\";

  private byte[] bytes;
  private int size;
  private int level;
  private boolean json;

  TextSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** Forgets what comes after {@code size}. */
  void truncate(int to) {
    size = to;
    level = 0;
    json = false;
  }

  void openQuote() {
    putSpecial((byte) '"');
    level++;
  }

  void closeQuote() {
    level--;
    putSpecial((byte) '"');
  }

  /** Begins an element of an array literal that is itself an element of another one. */
  void openElement(char separator) {
    put(separator);
    level = 1;
  }

  /** A string of JSON, whose control characters are escaped as well. */
  void putJsonString(char[] chars, int from, int to) {
    openJsonString();
    putText(chars, from, to);
    closeJsonString();
  }

  void openJsonString() {
    openQuote();
    json = true;
  }

  void closeJsonString() {
    json = false;
    closeQuote();
  }

  /** One ASCII sign that needs no escape. */
  void put(char c) {
    reserve(1);
    bytes[size++] = (byte) c;
  }

  /** ASCII signs that need no escape. */
  void put(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  /** One quote or backslash that belongs to the value at this level. */
  void putEscaped(char c) {
    putSpecial((byte) c);
  }

  /**
   * Signs of numbers, dates and the like, as they stand.
   *
   * @throws PrestoException 58030 at a sign that would end or change an array's element
   */
  void putPlain(char[] chars, int from, int to) {
    reserve(to - from);
    for (int i = from; i < to; i++) {
      char c = chars[i];
      if (c < ' ' || c > '~' || STRUCTURE.indexOf(c) >= 0) {
        throw new PrestoException("58030", "Presto sent a value that is not of its type");
      }
      bytes[size++] = (byte) c;
    }
  }

  /**
   * Any text, escaped for the level it stands at.
   *
   * @throws PrestoException 22021 at what PostgreSQL cannot hold: U+0000, half a surrogate pair
   */
  void putText(char[] chars, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = chars[i];
      if (c < 0x80) {
        putAscii(c);
      } else if (c < 0x800) {
        reserve(2);
        bytes[size++] = (byte) (0xc0 | (c >> 6));
        putContinuation(c);
      } else if (!Character.isSurrogate(c)) {
        reserve(3);
        bytes[size++] = (byte) (0xe0 | (c >> 12));
        putContinuation(c >> 6);
        putContinuation(c);
      } else {
        if (!Character.isHighSurrogate(c)
            || i + 1 >= to
            || !Character.isLowSurrogate(chars[i + 1])) {
          throw untranslatable("half of a surrogate pair");
        }
        putPair(Character.toCodePoint(c, chars[++i]));
      }
    }
  }

  private void putAscii(char c) {
    if (c == '"' || c == '\\') {
      putSpecial((byte) c);
    } else if (c == 0) {
      throw untranslatable("U+0000");
    } else if (c < ' ' && json) {
      // The backslash of this escape belongs to the JSON text, which is one level up.
      level--;
      putSpecial((byte) '\\');
      level++;
      put(c < 0x10 ? "u000" : "u001");
      put(Character.forDigit(c & 15, 16));
    } else {
      reserve(1);
      bytes[size++] = (byte) c;
    }
  }

  private void putPair(int codePoint) {
    reserve(4);
    bytes[size++] = (byte) (0xf0 | (codePoint >> 18));
    putContinuation(codePoint >> 12);
    putContinuation(codePoint >> 6);
    putContinuation(codePoint);
  }

  private void putContinuation(int bits) {
    bytes[size++] = (byte) (0x80 | (bits & 0x3f));
  }

  /** Each level doubles the backslashes before the sign and adds its own. */
  private void putSpecial(byte c) {
    int backslashes = (1 << level) - 1;
    reserve(backslashes + 1);
    Arrays.fill(bytes, size, size + backslashes, (byte) '\\');
    size += backslashes;
    bytes[size++] = c;
  }

  void appendTo(Buffer out, int from, int to) {
    out.appendBytes(bytes, from, to - from);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      if (more > MAX_ALLOC_SIZE - size) {
        throw new PrestoException("54000", "a value is longer than PostgreSQL can take");
      }
      bytes = Arrays.copyOf(bytes, Math.min(MAX_ALLOC_SIZE, Math.max(size + more, 2 * size)));
    }
  }

  private static PrestoException untranslatable(String what) {
    return new PrestoException("22021", "a text holds " + what + ", which PostgreSQL cannot hold");
  }
}
