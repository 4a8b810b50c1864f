package io.prestogres.presto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The tokens of JSON in UTF-8, read where they stand: a text is a place in the page, unless it has
 * escapes. What is not JSON is refused, but for the inside of what is skipped, and for the encoding
 * of texts, at which whoever reads one has to look if it is not {@link #isSimple}. For one thread
 * at a time.
 */
final class JsonScanner {
  private static final byte[] NONE = {};

  private final byte[] bytes;
  private final int end;
  private int at;

  private byte[] text = NONE;
  private int from;
  private int to;
  private boolean simple;
  private byte[] decoded = NONE;
  private int decodedSize;

  /** Reads {@code bytes} from {@code at} to before {@code end}. */
  JsonScanner(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Where the next sign is read. */
  int position() {
    return at;
  }

  /** The next sign that is not blank. */
  int peek() {
    while (at < end) {
      byte b = bytes[at];
      if (b > ' ') {
        return b;
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        throw invalid();
      }
      at++;
    }
    throw breaksOff();
  }

  /** Goes behind the sign that {@link #peek} has told. */
  void skip() {
    at++;
  }

  /** Goes behind {@code sign}, which has to come next. */
  void expect(char sign) {
    if (peek() != sign) {
      throw invalid();
    }
    at++;
  }

  /** Goes behind a word, on whose first letter it stands. */
  void readWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at >= end) {
        throw breaksOff();
      }
      if (bytes[at++] != word.charAt(i)) {
        throw invalid();
      }
    }
    requireEnd();
  }

  /** Reads a string, on whose first quote it stands; it is the text then. */
  void readString() {
    int start = at + 1;
    int seen = 0;
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b == '"') {
        text = bytes;
        from = start;
        to = i;
        simple = seen >= 0;
        at = i + 1;
        return;
      }
      if (b == '\\') {
        decode(start, i);
        return;
      }
      if ((b & 0xe0) == 0) {
        throw invalid();
      }
      seen |= b;
    }
    throw breaksOff();
  }

  /** Reads a number, on whose first sign it stands; it is the text then. */
  void readNumber() {
    int start = at;
    if (bytes[at] == '-') {
      at++;
    }
    int first = at;
    readDigits();
    if (bytes[first] == '0' && at > first + 1) {
      throw invalid();
    }
    if (at < end && bytes[at] == '.') {
      at++;
      readDigits();
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      readDigits();
    }
    requireEnd();
    text = bytes;
    from = start;
    to = at;
    simple = true;
  }

  private void readDigits() {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw at < end ? invalid() : breaksOff();
    }
  }

  /** A number or a word ends here; a page that ends in it has broken off. */
  private void requireEnd() {
    if (at < end) {
      byte b = bytes[at];
      if (b != ',' && b != ']' && b != '}' && b > ' ') {
        throw invalid();
      }
    }
  }

  /** Goes behind an array or object, on whose first sign it stands. */
  void skipContainer() {
    int depth = 0;
    do {
      int c = peek();
      if (c == '"') {
        readString();
      } else {
        depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        at++;
      }
    } while (depth > 0);
  }

  /** Reads a string that has an escape, the first of them at {@code escape}. */
  private void decode(int start, int escape) {
    int close = closingQuote(escape);
    if (decoded.length < close - start) {
      decoded = new byte[Math.max(close - start, 64)];
    }
    System.arraycopy(bytes, start, decoded, 0, escape - start);
    decodedSize = escape - start;
    int i = escape;
    while (i < close) {
      byte b = bytes[i];
      if (b == '\\') {
        i = decodeEscape(i + 1, close);
      } else {
        decoded[decodedSize++] = b;
        i++;
      }
    }
    text = decoded;
    from = 0;
    to = decodedSize;
    simple = false;
    at = close + 1;
  }

  /** What is decoded is never longer than what stands before this. */
  private int closingQuote(int escape) {
    int i = escape;
    while (i < end && bytes[i] != '"') {
      if ((bytes[i] & 0xe0) == 0) {
        throw invalid();
      }
      i += bytes[i] == '\\' ? 2 : 1;
    }
    if (i >= end) {
      throw breaksOff();
    }
    return i;
  }

  /** Decodes what stands behind a backslash; returns where it ends. */
  private int decodeEscape(int i, int close) {
    byte sign =
        switch (bytes[i]) {
          case '"', '\\', '/' -> bytes[i];
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'u' -> 0;
          default -> throw invalid();
        };
    if (bytes[i] != 'u') {
      decoded[decodedSize++] = sign;
      return i + 1;
    }
    int code = hexadecimal(i + 1, close);
    int next = i + 5;
    boolean pair =
        Character.isHighSurrogate((char) code)
            && next + 1 < close
            && bytes[next] == '\\'
            && bytes[next + 1] == 'u';
    if (pair) {
      int low = hexadecimal(next + 2, close);
      if (Character.isLowSurrogate((char) low)) {
        code = Character.toCodePoint((char) code, (char) low);
        next += 6;
      }
    }
    putCodePoint(code);
    return next;
  }

  private int hexadecimal(int start, int close) {
    if (start + 4 > close) {
      throw invalid();
    }
    int value = 0;
    for (int i = start; i < start + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        throw invalid();
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  /** As UTF-8; half of a surrogate pair as if it were a sign, for the reader to find. */
  private void putCodePoint(int code) {
    if (code < 0x80) {
      decoded[decodedSize++] = (byte) code;
    } else if (code < 0x800) {
      decoded[decodedSize++] = (byte) (0xc0 | (code >> 6));
      decoded[decodedSize++] = (byte) (0x80 | (code & 0x3f));
    } else {
      if (code < 0x10000) {
        decoded[decodedSize++] = (byte) (0xe0 | (code >> 12));
      } else {
        decoded[decodedSize++] = (byte) (0xf0 | (code >> 18));
        decoded[decodedSize++] = (byte) (0x80 | ((code >> 12) & 0x3f));
      }
      decoded[decodedSize++] = (byte) (0x80 | ((code >> 6) & 0x3f));
      decoded[decodedSize++] = (byte) (0x80 | (code & 0x3f));
    }
  }

  /** Where the text is: {@link #length} bytes from {@link #offset} on. Not to be written to. */
  byte[] text() {
    return text;
  }

  int offset() {
    return from;
  }

  int length() {
    return to - from;
  }

  /** Whether the text is ASCII without control characters, quotes and backslashes. */
  boolean isSimple() {
    return simple;
  }

  /** A scanner of the text, valid until this one moves. */
  JsonScanner nested() {
    return new JsonScanner(text, from, to);
  }

  /** The text as an object. */
  String string() {
    if (simple) {
      return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
    }
    try {
      // Unlike String's, this decoder replaces nothing.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(text, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid();
    }
  }

  private static PrestoException breaksOff() {
    return PrestoException.malformed("it breaks off");
  }

  private static PrestoException invalid() {
    return PrestoException.malformed("it is not valid JSON");
  }
}
