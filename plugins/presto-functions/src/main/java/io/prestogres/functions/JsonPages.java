package io.prestogres.functions;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the rows in pages of Presto's, before the driver makes objects of them. A page in which
 * anything is not as expected is left to the driver as it is. For one thread at a time.
 */
public final class JsonPages {
  /** What a sign in a text means, by its byte: nothing, quotes in an array, the text's end. */
  private static final byte[] SIGNS = new byte[256];

  private static final byte QUOTED = 1;
  private static final byte STOP = 2;
  private static final int BYTE = 0xff;

  /** Of longer ones the length of a value may not fit into its mark. */
  private static final int MAX_SIZE = Integer.MAX_VALUE >> JsonPage.SHIFT;

  static {
    Arrays.fill(SIGNS, 0, ' ', STOP);
    Arrays.fill(SIGNS, '~' + 1, SIGNS.length, QUOTED);
    SIGNS['{'] = QUOTED;
    SIGNS['}'] = QUOTED;
    SIGNS[','] = QUOTED;
    SIGNS['"'] = STOP;
    SIGNS['\\'] = STOP;
  }

  private static final byte[] NAME_OF_COLUMNS = ascii("columns");
  private static final byte[] NAME_OF_ROWS = ascii("data");
  private static final byte[] NAME_OF_TYPE = ascii("type");
  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private byte[] bytes = {};
  private int at;
  private int columns;
  private int[] marks = new int[1024];
  private int used;

  private int textFrom;
  private int textTo;
  private JsonPage.Kind textKind = JsonPage.Kind.PLAIN;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The rows of a page, valid until the next page is read; nothing if there are none, or the driver
   * has to read them.
   *
   * @param page has a byte more than {@code size}, which is overwritten
   */
  public Optional<JsonPage> read(byte[] page, int size) {
    bytes = page;
    at = 0;
    columns = 0;
    used = 0;
    // Where the page ends, every loop does.
    page[size] = 0;
    int rowsFrom = 0;
    int rowsTo = 0;
    if (size > MAX_SIZE || !skip('{')) {
      return Optional.empty();
    }
    do {
      if (!readText() || !skip(':')) {
        return Optional.empty();
      }
      int sign = peek();
      if (isText(NAME_OF_COLUMNS) && sign == '[') {
        if (!readColumns()) {
          return Optional.empty();
        }
      } else if (isText(NAME_OF_ROWS) && sign == '[') {
        rowsFrom = at;
        if (rowsTo > 0 || columns == 0 || !readRows()) {
          return Optional.empty();
        }
        rowsTo = at;
      } else if (!skipValue()) {
        return Optional.empty();
      }
    } while (skip(','));
    return used > 0 && skip('}') && peek() == 0 && at == size
        ? Optional.of(
            new JsonPage(page, size, rowsFrom, rowsTo, marks, used / JsonPage.INTS, columns))
        : Optional.empty();
  }

  private boolean readColumns() {
    at++;
    do {
      if (!skip('{') || !readColumn()) {
        return false;
      }
      columns++;
    } while (skip(','));
    return skip(']');
  }

  private boolean readColumn() {
    boolean known = false;
    do {
      if (!readText() || !skip(':')) {
        return false;
      }
      if (isText(NAME_OF_TYPE)) {
        if (!readText()) {
          return false;
        }
        // Only its name counts, in which there are no signs to be escaped.
        String type = new String(bytes, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
        known = ColumnType.parse(type).isAsInJson();
      } else if (!skipValue()) {
        return false;
      }
    } while (skip(','));
    return known && skip('}');
  }

  private boolean readRows() {
    at++;
    if (skip(']')) {
      return true;
    }
    do {
      if (!skip('[') || !readRow() || !skip(']')) {
        return false;
      }
    } while (skip(','));
    return skip(']');
  }

  private boolean readRow() {
    int needed = columns * JsonPage.INTS;
    if (marks.length - used < needed) {
      marks = Arrays.copyOf(marks, Math.max(used + needed, 2 * marks.length));
    }
    int column = 0;
    do {
      if (column == columns || !readValue()) {
        return false;
      }
      column++;
    } while (skip(','));
    return column == columns;
  }

  private boolean readValue() {
    int sign = peek();
    switch (sign) {
      case '"' -> {
        if (!readText()) {
          return false;
        }
        mark(textFrom, textTo, textKind);
        return true;
      }
      case 'n' -> {
        mark(at, at, JsonPage.Kind.NULL);
        return skipWord(NULL);
      }
      case 't' -> {
        mark(at, at, JsonPage.Kind.TRUE);
        return skipWord(TRUE);
      }
      case 'f' -> {
        mark(at, at, JsonPage.Kind.FALSE);
        return skipWord(FALSE);
      }
      default -> {
        int from = at;
        skipNumber();
        mark(from, at, JsonPage.Kind.NUMBER);
        return at > from;
      }
    }
  }

  private void mark(int from, int to, JsonPage.Kind kind) {
    marks[used] = from;
    marks[used + 1] = ((to - from) << JsonPage.SHIFT) | kind.code;
    used += JsonPage.INTS;
  }

  /** Whoever reads the number sees whether it is one: there is nothing in it but its signs. */
  private void skipNumber() {
    byte b = bytes[at];
    while ((b >= '0' && b <= '9') || b == '.' || b == '-' || b == 'e' || b == 'E' || b == '+') {
      b = bytes[++at];
    }
  }

  private boolean skipWord(byte[] word) {
    for (byte b : word) {
      if (bytes[at] != b) {
        return false;
      }
      at++;
    }
    return true;
  }

  /** Reads a text, between quotes; false where there is none. */
  private boolean readText() {
    if (!skip('"')) {
      return false;
    }
    int i = at;
    int seen = 0;
    byte sign = SIGNS[bytes[i] & BYTE];
    while (sign < STOP) {
      seen |= sign;
      sign = SIGNS[bytes[++i] & BYTE];
    }
    textFrom = at;
    if (bytes[i] == '\\') {
      i = endOfEscaped(i);
      textKind = JsonPage.Kind.ESCAPED;
    } else {
      textKind = seen == 0 && i > at ? JsonPage.Kind.PLAIN : JsonPage.Kind.TEXT;
    }
    textTo = i;
    at = i + 1;
    return bytes[i] == '"';
  }

  private int endOfEscaped(int backslash) {
    int i = backslash;
    while (bytes[i] == '\\' || SIGNS[bytes[i] & BYTE] < STOP) {
      i += bytes[i] == '\\' && bytes[i + 1] >= ' ' ? 2 : 1;
    }
    return i;
  }

  private boolean isText(byte[] name) {
    return textTo - textFrom == name.length
        && Arrays.equals(bytes, textFrom, textTo, name, 0, name.length);
  }

  /** Skips any value, whose inside the driver will look at. */
  private boolean skipValue() {
    int depth = 0;
    do {
      int sign = peek();
      if (sign == '"') {
        if (!readText()) {
          return false;
        }
      } else if (sign == 0) {
        return false;
      } else {
        depth += sign == '[' || sign == '{' ? 1 : sign == ']' || sign == '}' ? -1 : 0;
        at++;
      }
      int next = depth == 0 ? peek() : ' ';
      if (next == ',' || next == '}' || next == ']') {
        return true;
      }
    } while (depth >= 0);
    return false;
  }

  /** Goes behind that sign if it comes next. */
  private boolean skip(char sign) {
    if (bytes[at] != sign && peek() != sign) {
      return false;
    }
    at++;
    return true;
  }

  /** The next sign that is not blank; 0 at the end. */
  private int peek() {
    byte b = bytes[at];
    while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      b = bytes[++at];
    }
    return b;
  }
}
