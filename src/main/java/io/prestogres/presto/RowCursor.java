package io.prestogres.presto;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

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

  /** What a value is in JSON. */
  public enum Kind {
    /** No value. */
    NULL,
    /** A string; see {@link RowCursor#chars}. */
    TEXT,
    /** A number as it was written; see {@link RowCursor#chars}. */
    NUMBER,
    /** See {@link RowCursor#isTrue}. */
    BOOLEAN,
    /** Has elements. */
    ARRAY,
    /** Has elements with names. */
    OBJECT
  }

  // Map keys are data: interning them would keep them, and a column with many keys that hash alike
  // is slow, not an error. Sizes are bounded by the page, so a string may be as long as a page.
  static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(10_000)
                  .build())
          .build();

  private final JsonParser parser;
  private int depth;
  private boolean unentered;
  private boolean beforeFirst;
  private boolean ended;
  private Kind kind = Kind.NULL;

  private RowCursor(JsonParser parser) {
    this.parser = parser;
  }

  /** The parser stands on the first token after the start of the array of rows. */
  static RowCursor ofPage(JsonParser parser) {
    RowCursor cursor = new RowCursor(parser);
    cursor.beforeFirst = true;
    return cursor;
  }

  /** A cursor over rows written as JSON: an array of arrays of values. */
  public static RowCursor of(String rows) {
    try {
      JsonParser parser = JSON.createParser(rows);
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw PrestoException.malformed("rows must be an array");
      }
      parser.nextToken();
      return ofPage(parser);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Moves to the next row, past what is left of this one; false when there is none. */
  public boolean nextRow() {
    if (ended) {
      return false;
    }
    while (depth > 0) {
      nextValue();
    }
    JsonToken token = beforeFirst ? parser.currentToken() : advance();
    beforeFirst = false;
    if (token == JsonToken.END_ARRAY) {
      ended = true;
      return false;
    }
    if (token != JsonToken.START_ARRAY) {
      throw PrestoException.malformed("a row is not an array");
    }
    depth = 1;
    return true;
  }

  /** Moves to the next value of the row, array or object; false at its end, which leaves it. */
  public boolean nextValue() {
    if (depth == 0) {
      throw new IllegalStateException("not in a row");
    }
    if (unentered) {
      skipChildren();
    }
    JsonToken token = advance();
    if (token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT) {
      depth--;
      return false;
    }
    settle(token == JsonToken.FIELD_NAME ? advance() : token);
    return true;
  }

  /** Goes into the array or object that is the current value, before its first element. */
  public void enter() {
    if (!unentered) {
      throw new IllegalStateException("not at an array or object");
    }
    unentered = false;
    depth++;
  }

  /** What the current value is. */
  public Kind kind() {
    return kind;
  }

  /** The name of the current value, which is an element of an object. */
  public String name() {
    try {
      String name = parser.currentName();
      if (name == null) {
        throw new IllegalStateException("not in an object");
      }
      return name;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Whether the current BOOLEAN is true. */
  public boolean isTrue() {
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  /**
   * The signs of the current TEXT or NUMBER: {@link #length} of them from {@link #offset} on. Not
   * to be written to, and valid until the cursor moves.
   */
  public char[] chars() {
    try {
      return parser.getTextCharacters();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Where the current text begins in {@link #chars}, to be called after it. */
  public int offset() {
    try {
      return parser.getTextOffset();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** How many signs the current text has. */
  public int length() {
    try {
      return parser.getTextLength();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The current TEXT or NUMBER as an object; for rare paths. */
  public String text() {
    return new String(chars(), offset(), length());
  }

  /**
   * A cursor at the value that is written, as JSON, in the current TEXT. Presto 0.296 sends arrays,
   * maps and rows that way. Valid until this cursor moves.
   */
  public RowCursor nested() {
    try {
      char[] chars = chars();
      RowCursor cursor = new RowCursor(JSON.createParser(chars, offset(), length()));
      cursor.settle(cursor.advance());
      return cursor;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Whether {@link #nextRow} has answered false. */
  boolean isEnded() {
    return ended;
  }

  private void settle(JsonToken token) {
    unentered = false;
    kind =
        switch (token) {
          case VALUE_NULL -> Kind.NULL;
          case VALUE_STRING -> Kind.TEXT;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
          case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
          case START_ARRAY -> Kind.ARRAY;
          case START_OBJECT -> Kind.OBJECT;
          default -> throw PrestoException.malformed("a value is missing");
        };
    unentered = token.isStructStart();
  }

  private void skipChildren() {
    try {
      parser.skipChildren();
      unentered = false;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private JsonToken advance() {
    try {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw PrestoException.malformed("it breaks off");
      }
      return token;
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** Without Jackson's text, which quotes what it could not read: rows are nobody's to log. */
  static PrestoException malformed(IOException e) {
    return e instanceof com.fasterxml.jackson.core.io.JsonEOFException
        ? PrestoException.malformed("it breaks off")
        : PrestoException.malformed("it is not valid JSON");
  }
}
