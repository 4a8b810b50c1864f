package io.prestogres.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads the tokens of one line of a wire script. */
final class TokenReader {
  private final String line;
  private int position;

  private TokenReader(String line) {
    this.line = line;
  }

  /**
   * The tokens of a line.
   *
   * @throws IllegalArgumentException if it is not well-formed
   */
  static List<Token> read(String line) {
    TokenReader reader = new TokenReader(line);
    List<Token> tokens = reader.tokens();
    if (reader.position < line.length()) {
      throw new IllegalArgumentException("a bracket too many: " + line);
    }
    return tokens;
  }

  private List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      while (peek() == ' ') {
        position++;
      }
      if (peek() == 0 || peek() == ']') {
        return List.copyOf(tokens);
      }
      tokens.add(token());
    }
  }

  private Token token() {
    switch (peek()) {
      case '"' -> {
        return new Token.Bytes(quoted());
      }
      case '~' -> {
        position++;
        return new Token.Regex(quoted().toString(StandardCharsets.UTF_8));
      }
      case '[' -> {
        position++;
        List<Token> tokens = tokens();
        take(']');
        return new Token.Group(tokens);
      }
      default -> {
        return line.startsWith("x'", position) ? hex() : word();
      }
    }
  }

  private Token hex() {
    int end = line.indexOf('\'', position + 2);
    if (end < 0) {
      throw new IllegalArgumentException("no end of x': " + line);
    }
    byte[] bytes = HexFormat.of().parseHex(line.substring(position + 2, end).replace(" ", ""));
    position = end + 1;
    return new Token.Bytes(Buffer.buffer(bytes));
  }

  private Token word() {
    int start = position;
    while (" []\"=".indexOf(peek()) < 0 && peek() != 0) {
      position++;
    }
    String text = line.substring(start, position);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("not a token at " + start + ": " + line);
    }
    if (peek() == '=') {
      position++;
      return new Token.Named(text, token());
    }
    return new Token.Word(text);
  }

  /** A text in quotes with the escapes {@code \n \r \t \0 \" \\} and {@code \xHH} for a byte. */
  private Buffer quoted() {
    take('"');
    Buffer bytes = Buffer.buffer();
    while (peek() != '"') {
      if (peek() == 0) {
        throw new IllegalArgumentException("no end of a text: " + line);
      }
      if (peek() == '\\') {
        position++;
        bytes.appendByte(escaped());
      } else {
        int sign = line.codePointAt(position);
        bytes.appendString(Character.toString(sign));
        position += Character.charCount(sign);
      }
    }
    position++;
    return bytes;
  }

  private byte escaped() {
    char escape = peek();
    position++;
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case '"', '\\' -> (byte) escape;
      case 'x' -> {
        position += 2;
        yield (byte) HexFormat.fromHexDigits(line, position - 2, position);
      }
      default -> throw new IllegalArgumentException("unknown escape \\" + escape + ": " + line);
    };
  }

  private void take(char sign) {
    if (peek() != sign) {
      throw new IllegalArgumentException(sign + " expected at " + position + ": " + line);
    }
    position++;
  }

  private char peek() {
    return position < line.length() ? line.charAt(position) : 0;
  }
}
