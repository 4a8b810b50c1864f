package io.prestogres.auth;

import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.WireReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message of SCRAM: attributes, each a letter, an equals sign and a value, with commas
 * between them (RFC 5802, section 5.1). Not thread-safe.
 */
final class ScramAttributes {
  private final String text;
  private int position;

  ScramAttributes(byte[] message) {
    try {
      text = WireReader.utf8(message);
    } catch (PgException e) {
      throw malformed("The message is not UTF-8.");
    }
    if (text.indexOf('\0') >= 0) {
      throw malformed("Message length does not match input length.");
    }
  }

  /** The value of the attribute that comes next; null if another one does. */
  @Nullable String next(char name) {
    if (!text.startsWith(name + "=", position)) {
      return null;
    }
    int end = text.indexOf(',', position);
    String value = text.substring(position + 2, end < 0 ? text.length() : end);
    position = end < 0 ? text.length() : end + 1;
    return value;
  }

  String require(char name) {
    String value = next(name);
    if (value == null) {
      throw malformed("Attribute \"" + name + "\" was expected.");
    }
    return value;
  }

  void skipTo(char name) {
    while (!atEnd() && !text.startsWith(name + "=", position)) {
      int end = text.indexOf(',', position);
      position = end < 0 ? text.length() : end + 1;
    }
  }

  boolean skip(String flag) {
    if (!text.startsWith(flag + ",", position)) {
      return false;
    }
    position += flag.length() + 1;
    return true;
  }

  /** Passes over an attribute that may be left out and is. */
  void skipEmpty() {
    if (!skip("")) {
      throw malformed("A comma was expected in client-first-message.");
    }
  }

  String passed() {
    return text.substring(0, position);
  }

  String whole() {
    return text;
  }

  boolean atEnd() {
    return position == text.length();
  }

  /** The error for a message that is not laid out so. */
  static PgException malformed(String detail) {
    return new PgException(
        ErrorFields.fatal(SqlState.PROTOCOL_VIOLATION, "malformed SCRAM message")
            .with(ErrorFields.DETAIL, detail));
  }
}
