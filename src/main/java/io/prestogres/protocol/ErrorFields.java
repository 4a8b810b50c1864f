package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of an ErrorResponse or NoticeResponse (manual, section "Error and Notice Message
 * Fields"), in the order they are sent.
 */
public final class ErrorFields {
  public static final char SEVERITY = 'S';
  public static final char SEVERITY_NOT_LOCALIZED = 'V';
  public static final char CODE = 'C';
  public static final char MESSAGE = 'M';
  public static final char DETAIL = 'D';
  public static final char HINT = 'H';
  public static final char POSITION = 'P';
  public static final char WHERE = 'W';

  private final Map<Character, String> values;

  private ErrorFields(Map<Character, String> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** An ERROR: the statement ends, the session lives. */
  public static ErrorFields error(String sqlState, String message) {
    return of("ERROR", sqlState, message);
  }

  /** A FATAL error: the session ends. */
  public static ErrorFields fatal(String sqlState, String message) {
    return of("FATAL", sqlState, message);
  }

  /** A NOTICE. */
  public static ErrorFields notice(String message) {
    return of("NOTICE", "00000", message);
  }

  /** A WARNING, sent as a notice. */
  public static ErrorFields warning(String sqlState, String message) {
    return of("WARNING", sqlState, message);
  }

  private static ErrorFields of(String severity, String sqlState, String message) {
    Map<Character, String> values = new LinkedHashMap<>();
    values.put(SEVERITY, severity);
    values.put(SEVERITY_NOT_LOCALIZED, severity);
    values.put(CODE, sqlState);
    values.put(MESSAGE, message);
    return new ErrorFields(values);
  }

  /** Reads the body of an ErrorResponse or NoticeResponse frame. */
  public static ErrorFields read(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    Map<Character, String> values = new LinkedHashMap<>();
    while (true) {
      byte field = reader.readByte();
      if (field == 0) {
        return new ErrorFields(values);
      }
      values.put((char) field, reader.readCString());
    }
  }

  /**
   * Reads severity and SQLSTATE alone, which are ASCII whatever the encoding of the session is; the
   * texts of a session that is not in UTF-8 are nothing we could read.
   */
  public static ErrorFields readHead(Buffer frame) {
    WireReader reader = WireReader.body(frame);
    Map<Character, String> values = new LinkedHashMap<>();
    while (true) {
      char field = (char) reader.readByte();
      if (field == 0) {
        return new ErrorFields(values);
      }
      if (field == SEVERITY_NOT_LOCALIZED || field == CODE) {
        values.put(field, reader.readCString());
      } else {
        reader.skipCString();
      }
    }
  }

  /** The same fields with one more, or with another value of it; an empty value removes it. */
  public ErrorFields with(char field, String value) {
    Map<Character, String> copy = new LinkedHashMap<>(values);
    if (value.isEmpty()) {
      copy.remove(field);
    } else {
      copy.put(field, value);
    }
    return new ErrorFields(copy);
  }

  /** The value of one field, if it was sent. */
  public Optional<String> field(char field) {
    return Optional.ofNullable(values.get(field));
  }

  /** The SQLSTATE, or XX000 where a server sent none. */
  public String sqlState() {
    return field(CODE).orElse(SqlState.INTERNAL_ERROR);
  }

  /** Whether the connection ends with it. */
  public boolean isFatal() {
    String severity = field(SEVERITY_NOT_LOCALIZED).or(() -> field(SEVERITY)).orElse("");
    return severity.equals("FATAL") || severity.equals("PANIC");
  }

  /** The primary message. */
  public String message() {
    return field(MESSAGE).orElse("");
  }

  /** The ErrorResponse message. */
  public Buffer toErrorResponse() {
    return encode('E');
  }

  /** The NoticeResponse message. */
  public Buffer toNoticeResponse() {
    return encode('N');
  }

  private Buffer encode(char type) {
    WireWriter writer = new WireWriter().start(type);
    values.forEach(
        (field, value) -> writer.writeByte((byte) field.charValue()).writeCString(value));
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  @Override
  public String toString() {
    return sqlState() + ": " + message();
  }
}
