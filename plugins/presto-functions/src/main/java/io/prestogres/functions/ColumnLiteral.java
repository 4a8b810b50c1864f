package io.prestogres.functions;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * The values of a column as they come, as the literal of an array in UTF-8. Bytes, because PL/Java
 * takes many times as long to make PostgreSQL's text of Java's.
 */
final class ColumnLiteral {
  private static final String STRUCTURE = "{},\"\\";
  private static final byte[] NULL = {'N', 'U', 'L', 'L'};
  private static final int INITIAL_BYTES = 512;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** Writes what is there to {@code out}, and returns where it ends. */
  int copyTo(byte[] out, int at) {
    System.arraycopy(bytes, 0, out, at, size);
    return at + size;
  }

  /** One ASCII sign of the literal's own. */
  void put(char sign) {
    reserve(1);
    bytes[size++] = (byte) sign;
  }

  void putNull() {
    reserve(NULL.length);
    System.arraycopy(NULL, 0, bytes, size, NULL.length);
    size += NULL.length;
  }

  /**
   * Numbers, times and the like, which need no quotes.
   *
   * @throws SQLException 58030 at a sign that would end or change the element
   */
  void putPlain(String text) throws SQLException {
    int length = text.length();
    if (length == 0) {
      throw PostgresText.notOfItsType();
    }
    reserve(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || STRUCTURE.indexOf(c) >= 0) {
        throw PostgresText.notOfItsType();
      }
      bytes[size++] = (byte) c;
    }
  }

  /**
   * Any text, in quotes: then none is mistaken for NULL, and only two signs need a backslash.
   *
   * @throws SQLException 22021 at what PostgreSQL cannot hold, U+0000 and half a surrogate pair
   */
  void putQuoted(String text) throws SQLException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    // Half of a surrogate pair has become a question mark.
    boolean suspicious = false;
    reserve(2 * utf8.length + 2);
    bytes[size++] = '"';
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        bytes[size++] = '\\';
      } else if (b <= 0 || b == '?') {
        suspicious = true;
      }
      bytes[size++] = b;
    }
    bytes[size++] = '"';
    if (suspicious) {
      PostgresText.requireValid(text);
    }
  }

  /** A text in JSON that holds no sign with a meaning in an array's literal. */
  void putPlain(JsonPage page, int column) {
    int length = page.length(column);
    reserve(length);
    System.arraycopy(page.bytes(), page.offset(column), bytes, size, length);
    size += length;
  }

  /** A text in JSON, in quotes. */
  void putQuoted(JsonPage page, int column) {
    int length = page.length(column);
    reserve(length + 2);
    bytes[size++] = '"';
    System.arraycopy(page.bytes(), page.offset(column), bytes, size, length);
    size += length;
    bytes[size++] = '"';
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * size));
    }
  }
}
