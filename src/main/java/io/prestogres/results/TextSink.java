package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import io.prestogres.presto.RowCursor;
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

  /** A string of JSON, whose control characters are escaped as well. */
  void putJsonString(byte[] text, int from, int to) {
    openJsonString();
    putText(text, from, to);
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
  void putPlain(byte[] text, int from, int to) {
    reserve(to - from);
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b < ' ' || b > '~' || STRUCTURE.indexOf(b) >= 0) {
        throw new PrestoException("58030", "Presto sent a value that is not of its type");
      }
      bytes[size++] = b;
    }
  }

  /** The text of a value, escaped for the level it stands at. Throws as {@link #putText} does. */
  void putText(RowCursor value) {
    byte[] text = value.bytes();
    int from = value.offset();
    int to = from + value.length();
    if (value.isSimple()) {
      copy(text, from, to);
    } else {
      putText(text, from, to);
    }
  }

  /**
   * Any text in UTF-8, escaped for the level it stands at.
   *
   * @throws PrestoException 22021 at what PostgreSQL cannot hold: U+0000, half a surrogate pair;
   *     58030 at what is not UTF-8
   */
  void putText(byte[] text, int from, int to) {
    int start = from;
    int i = from;
    while (i < to) {
      byte b = text[i];
      if (b < 0) {
        i += Utf8.length(text, i, to);
      } else if (b == '"' || b == '\\' || b < ' ') {
        copy(text, start, i);
        putSign(b);
        start = ++i;
      } else {
        i++;
      }
    }
    copy(text, start, to);
  }

  /** What needs no escape at any level. */
  void copy(byte[] text, int from, int to) {
    reserve(to - from);
    System.arraycopy(text, from, bytes, size, to - from);
    size += to - from;
  }

  private void putSign(byte c) {
    if (c == '"' || c == '\\') {
      putSpecial(c);
    } else if (c == 0) {
      throw Utf8.untranslatable("U+0000");
    } else if (json) {
      // The backslash of this escape belongs to the JSON text, which is one level up.
      level--;
      putSpecial((byte) '\\');
      level++;
      put(c < 0x10 ? "u000" : "u001");
      put(Character.forDigit(c & 15, 16));
    } else {
      put((char) c);
    }
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
}
