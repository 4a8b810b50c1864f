package io.prestogres.presto;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Walks over the rows of a page, value by value, without making an object of any.
 *
 * <pre>{@code
 * while (rows.nextRow()) {
 *   while (rows.nextValue()) { ... rows.kind() ... }
 * }
 * }</pre>
 *
 * <p>A value that is an {@link Kind#ARRAY} or {@link Kind#OBJECT} is skipped by the next {@link
 * #nextValue} unless {@link #enter} was called; then {@code nextValue} walks its elements until it
 * answers false, which leaves it. For one thread at a time. Every method that moves throws {@link
 * PrestoException} (58030) when the text breaks off or is not JSON.
 */
public final class RowCursor {
  /** Who reads a value in a value calls himself. */
  private static final int MAX_DEPTH = 1_000;

  /** What a value is in JSON. */
  public enum Kind {
    /** No value. */
    NULL,
    /** A string; see {@link RowCursor#bytes}. */
    TEXT,
    /** A number as it was written; see {@link RowCursor#bytes}. */
    NUMBER,
    /** See {@link RowCursor#isTrue}. */
    BOOLEAN,
    /** Has elements. */
    ARRAY,
    /** Has elements with names. */
    OBJECT
  }

  private final JsonScanner json;

  /** By depth: objects; all others are arrays. */
  private final BitSet objects = new BitSet();

  private int depth;
  private boolean unentered;
  private boolean beforeFirst = true;
  private boolean ended;
  private Kind kind = Kind.NULL;
  private boolean isTrue;
  private String name = "";

  private RowCursor(JsonScanner json) {
    this.json = json;
  }

  /** The scanner stands behind the sign with which the array of rows begins. */
  static RowCursor ofPage(JsonScanner json) {
    return new RowCursor(json);
  }

  /** A cursor over rows written as JSON: an array of arrays of values. */
  public static RowCursor of(String rows) {
    byte[] bytes = rows.getBytes(StandardCharsets.UTF_8);
    JsonScanner json = new JsonScanner(bytes, 0, bytes.length);
    json.expect('[');
    return ofPage(json);
  }

  /** Moves to the next row, past what is left of this one; false when there is none. */
  public boolean nextRow() {
    if (ended) {
      return false;
    }
    while (depth > 0) {
      nextValue();
    }
    int sign = json.peek();
    if (sign == ']') {
      json.skip();
      ended = true;
      return false;
    }
    if (!beforeFirst) {
      json.expect(',');
      sign = json.peek();
    }
    if (sign != '[') {
      throw PrestoException.malformed("a row is not an array");
    }
    json.skip();
    depth = 1;
    objects.clear(depth);
    beforeFirst = true;
    return true;
  }

  /** Moves to the next value of the row, array or object; false at its end, which leaves it. */
  public boolean nextValue() {
    if (depth == 0) {
      throw new IllegalStateException("not in a row");
    }
    if (unentered) {
      unentered = false;
      json.skipContainer();
    }
    boolean object = objects.get(depth);
    int sign = json.peek();
    if (sign == (object ? '}' : ']')) {
      json.skip();
      depth--;
      beforeFirst = false;
      return false;
    }
    if (!beforeFirst) {
      json.expect(',');
      sign = json.peek();
    }
    beforeFirst = false;
    if (object) {
      readName();
      sign = json.peek();
    }
    readValue(sign);
    return true;
  }

  /** Goes into the array or object that is the current value, before its first element. */
  public void enter() {
    if (!unentered) {
      throw new IllegalStateException("not at an array or object");
    }
    if (depth == MAX_DEPTH) {
      throw PrestoException.malformed("its values are nested too deeply");
    }
    json.skip();
    unentered = false;
    beforeFirst = true;
    depth++;
    objects.set(depth, kind == Kind.OBJECT);
  }

  /** What the current value is. */
  public Kind kind() {
    return kind;
  }

  /** The name of the current value, which is an element of an object. */
  public String name() {
    return name;
  }

  /** Whether the current BOOLEAN is true. */
  public boolean isTrue() {
    return isTrue;
  }

  /**
   * Where the current TEXT or NUMBER is, in UTF-8: {@link #length} bytes from {@link #offset} on.
   * Not to be written to, and valid until the cursor moves. Unless the text {@link #isSimple} its
   * encoding is as Presto sent it, right or wrong, and half of a surrogate pair is encoded as if it
   * were a sign.
   */
  public byte[] bytes() {
    return json.text();
  }

  /** Where the current text begins in {@link #bytes}. */
  public int offset() {
    return json.offset();
  }

  /** How many bytes the current text has. */
  public int length() {
    return json.length();
  }

  /**
   * Whether the current TEXT or NUMBER is ASCII without control characters, quotes and backslashes.
   * Most are, and need no look at their bytes; of those with an escape in JSON it is never said.
   */
  public boolean isSimple() {
    return json.isSimple();
  }

  /** The current TEXT or NUMBER as an object; for rare paths. */
  public String text() {
    return json.string();
  }

  /**
   * A cursor at the value that is written, as JSON, in the current TEXT. Presto 0.296 sends arrays,
   * maps and rows that way. Valid until this cursor moves.
   */
  public RowCursor nested() {
    RowCursor cursor = new RowCursor(json.nested());
    cursor.readValue(cursor.json.peek());
    return cursor;
  }

  /** Whether {@link #nextRow} has answered false. */
  boolean isEnded() {
    return ended;
  }

  private void readName() {
    if (json.peek() != '"') {
      throw PrestoException.malformed("it is not valid JSON");
    }
    json.readString();
    name = json.string();
    json.expect(':');
  }

  private void readValue(int sign) {
    switch (sign) {
      case '"' -> {
        json.readString();
        kind = Kind.TEXT;
      }
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        json.readNumber();
        kind = Kind.NUMBER;
      }
      case 'n' -> {
        json.readWord("null");
        kind = Kind.NULL;
      }
      case 't', 'f' -> {
        isTrue = sign == 't';
        json.readWord(isTrue ? "true" : "false");
        kind = Kind.BOOLEAN;
      }
      case '[', '{' -> {
        kind = sign == '{' ? Kind.OBJECT : Kind.ARRAY;
        unentered = true;
      }
      default -> throw PrestoException.malformed("a value is missing");
    }
  }
}
