package io.prestogres.functions;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a page of Presto's, walked over as places in the JSON in which they came. For one
 * thread at a time.
 */
public final class JsonPage {
  /** What a value is. */
  enum Kind {
    /** No value. */
    NULL(0),
    /** False. */
    FALSE(1),
    /** True. */
    TRUE(2),
    /** A number as it was written. */
    NUMBER(3),
    /** A text that needs no quotes in an array's literal. */
    PLAIN(4),
    /** A text that needs no backslash there. PostgreSQL has to see whether it is UTF-8. */
    TEXT(5),
    /** A text with JSON's backslashes. */
    ESCAPED(6);

    /** As it stands in marks. */
    final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** Where a value begins, and its length above its kind. */
  static final int INTS = 2;

  /** Of a length. */
  static final int SHIFT = 3;

  private static final int YEAR_DIGITS = 4;
  private static final Kind[] KINDS = new Kind[1 << SHIFT];
  private static final int KIND_MASK = (1 << SHIFT) - 1;

  static {
    for (Kind kind : Kind.values()) {
      KINDS[kind.code] = kind;
    }
  }

  private final byte[] bytes;
  private final int[] marks;
  private final int width;
  private final int end;
  private final int rowsFrom;
  private final int rowsTo;
  private final int size;
  private int at;

  /**
   * Keeps the arrays.
   *
   * @param rowsFrom where the array of rows begins among the {@code size} bytes of the page
   * @param marks of {@code values} values, {@link #INTS} of each
   */
  JsonPage(byte[] bytes, int size, int rowsFrom, int rowsTo, int[] marks, int values, int columns) {
    this.bytes = bytes;
    this.size = size;
    this.rowsFrom = rowsFrom;
    this.rowsTo = rowsTo;
    this.marks = marks;
    this.width = columns * INTS;
    this.end = values * INTS;
    this.at = -width;
  }

  /** The page without its rows, for the driver. */
  public byte[] rest() {
    byte[] nothing = {'n', 'u', 'l', 'l'};
    byte[] rest = new byte[size - (rowsTo - rowsFrom) + nothing.length];
    System.arraycopy(bytes, 0, rest, 0, rowsFrom);
    System.arraycopy(nothing, 0, rest, rowsFrom, nothing.length);
    System.arraycopy(bytes, rowsTo, rest, rowsFrom + nothing.length, size - rowsTo);
    return rest;
  }

  /** Moves to the next row; false when there is none. */
  public boolean next() {
    at = Math.min(at + width, end);
    return at < end;
  }

  /** What the value in that column of the row is. */
  Kind kind(int column) {
    return KINDS[marks[at + INTS * column + 1] & KIND_MASK];
  }

  /** Not to be written to. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the number or text in that column begins. */
  int offset(int column) {
    return marks[at + INTS * column];
  }

  /** How many bytes the number or text in that column has, between its quotes. */
  int length(int column) {
    return marks[at + INTS * column + 1] >> SHIFT;
  }

  /** Whether the text begins with a year that PostgreSQL writes alike: of four digits, not 0. */
  boolean beginsWithUsualYear(int column) {
    int from = offset(column);
    return length(column) > YEAR_DIGITS
        && bytes[from] > '0'
        && bytes[from] <= '9'
        && isDigit(bytes[from + 1])
        && isDigit(bytes[from + 2])
        && isDigit(bytes[from + 3])
        && bytes[from + YEAR_DIGITS] == '-';
  }

  private static boolean isDigit(byte sign) {
    return sign >= '0' && sign <= '9';
  }

  /**
   * The value as a text, which may hold what PostgreSQL cannot.
   *
   * @throws SQLException 58030 if the page is not UTF-8
   */
  public @Nullable String text(int column) throws SQLException {
    return switch (kind(column)) {
      case NULL -> null;
      case FALSE -> "false";
      case TRUE -> "true";
      case NUMBER, PLAIN ->
          new String(bytes, offset(column), length(column), StandardCharsets.ISO_8859_1);
      case TEXT -> decoded(column);
      case ESCAPED -> withoutEscapes(decoded(column));
    };
  }

  private String decoded(int column) throws SQLException {
    try {
      // Unlike String's, this decoder replaces nothing.
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset(column), length(column)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new SQLException("Presto sent a text that is not UTF-8", "58030", e);
    }
  }

  private static String withoutEscapes(String text) throws SQLException {
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    int backslash = text.indexOf('\\');
    while (backslash >= 0) {
      out.append(text, from, backslash);
      char sign = text.charAt(backslash + 1);
      from = backslash + 2;
      switch (sign) {
        case '"', '\\', '/' -> out.append(sign);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append(hexadecimal(text, from));
          from += 4;
        }
        default -> throw PostgresText.notOfItsType();
      }
      backslash = text.indexOf('\\', from);
    }
    return out.append(text, from, text.length()).toString();
  }

  private static char hexadecimal(String text, int from) throws SQLException {
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw PostgresText.notOfItsType();
      }
      value = (value << 4) | digit;
    }
    return (char) value;
  }
}
