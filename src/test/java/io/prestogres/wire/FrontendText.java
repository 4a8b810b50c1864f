package io.prestogres.wire;

import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Makes the bytes of a frontend's message, well-formed or not, of the tokens of a script. */
final class FrontendText {
  private final List<Token> tokens;
  private final UnaryOperator<Token> variables;
  private int next;

  private FrontendText(List<Token> tokens, UnaryOperator<Token> variables) {
    this.tokens = tokens;
    this.variables = variables;
  }

  /**
   * The bytes of one line.
   *
   * @param variables replaces words such as {@code $pid}
   */
  static Buffer bytes(List<Token> tokens, UnaryOperator<Token> variables) {
    FrontendText text = new FrontendText(tokens, variables);
    String name = text.word();
    Buffer bytes = text.message(name);
    if (text.next < tokens.size()) {
      throw new IllegalArgumentException(name + " has too many parts: " + Token.join(tokens));
    }
    return bytes;
  }

  private Buffer message(String name) {
    return switch (name) {
      case "Bytes" -> parts(new WireWriter()).toBuffer();
      case "Packet" -> parts(new WireWriter().startUntyped()).finish().toBuffer();
      case "Frame" -> parts(new WireWriter().start(word().charAt(0))).finish().toBuffer();
      case "Startup" -> startup();
      case "SSLRequest" -> packet(80877103).finish().toBuffer();
      case "GSSENCRequest" -> packet(80877104).finish().toBuffer();
      case "CancelRequest" ->
          packet(80877102).writeInt(number()).writeBuffer(value()).finish().toBuffer();
      default -> frame(name).finish().toBuffer();
    };
  }

  private WireWriter frame(String name) {
    return switch (name) {
      case "Bind" -> bind();
      case "Close" -> text(start('C').writeByte(kind()));
      case "CopyData" -> parts(start('d'));
      case "CopyDone" -> start('c');
      case "CopyFail" -> text(start('f'));
      case "Describe" -> text(start('D').writeByte(kind()));
      case "Execute" -> text(start('E')).writeInt(optionalNumber());
      case "Flush" -> start('H');
      case "FunctionCall" -> functionCall();
      case "Parse" -> parse();
      case "Password" -> text(start('p'));
      case "Query" -> text(start('Q'));
      case "Sync" -> start('S');
      case "Terminate" -> start('X');
      default -> throw new IllegalArgumentException("unknown message " + name);
    };
  }

  private static WireWriter start(char type) {
    return new WireWriter().start(type);
  }

  private static WireWriter packet(int code) {
    return new WireWriter().startUntyped().writeInt(code);
  }

  private Buffer startup() {
    String[] version = word().split("\\.", 2);
    WireWriter writer = packet((Integer.parseInt(version[0]) << 16) | Integer.parseInt(version[1]));
    while (next < tokens.size()) {
      text(writer);
    }
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  private WireWriter parse() {
    WireWriter writer = text(text(start('P')));
    List<Token> oids = group();
    writer.writeShort(oids.size());
    oids.forEach(oid -> writer.writeInt(integer(oid)));
    return writer;
  }

  /** Portal, statement, values; then by name the formats of the parameters and of the results. */
  private WireWriter bind() {
    WireWriter writer = text(text(start('B')));
    List<Token> values = group();
    shorts(writer, named("formats"));
    values(writer, values);
    return shorts(writer, named("results"));
  }

  private WireWriter functionCall() {
    WireWriter writer = start('F').writeInt(number());
    List<Token> values = group();
    shorts(writer, named("formats"));
    values(writer, values);
    return writer.writeShort(named("result").stream().findFirst().map(this::integer).orElse(0));
  }

  private void values(WireWriter writer, List<Token> values) {
    writer.writeShort(values.size());
    for (Token value : values) {
      if (value instanceof Token.Bytes bytes) {
        writer.writeSized(bytes.value().getBytes());
      } else {
        // null, or a length that promises something else.
        writer.writeInt(value.equals(new Token.Word("null")) ? -1 : integer(value));
      }
    }
  }

  private WireWriter shorts(WireWriter writer, List<Token> numbers) {
    writer.writeShort(numbers.size());
    numbers.forEach(number -> writer.writeShort(integer(number)));
    return writer;
  }

  /** Texts, hex and {@code i8= i16= i32=} as they stand, without anything in between. */
  private WireWriter parts(WireWriter writer) {
    for (; next < tokens.size(); next++) {
      Token part = tokens.get(next);
      if (part instanceof Token.Bytes bytes) {
        writer.writeBuffer(bytes.value());
      } else if (part instanceof Token.Named number) {
        int value = integer(number.value());
        switch (number.name()) {
          case "i8" -> writer.writeByte((byte) value);
          case "i16" -> writer.writeShort(value);
          case "i32" -> writer.writeInt(value);
          default -> throw new IllegalArgumentException("not i8, i16 or i32: " + part);
        }
      } else {
        throw new IllegalArgumentException("not bytes: " + part);
      }
    }
    return writer;
  }

  private WireWriter text(WireWriter writer) {
    return writer.writeBuffer(value()).writeByte((byte) 0);
  }

  private Buffer value() {
    return ((Token.Bytes) variables.apply(tokens.get(next++))).value();
  }

  private String word() {
    return tokens.get(next++).toString();
  }

  private byte kind() {
    return (byte) word().charAt(0);
  }

  private int number() {
    return integer(tokens.get(next++));
  }

  private int optionalNumber() {
    return next < tokens.size() ? number() : 0;
  }

  private int integer(Token token) {
    return (int) Long.parseLong(variables.apply(token).toString());
  }

  private List<Token> group() {
    if (next < tokens.size() && tokens.get(next) instanceof Token.Group group) {
      next++;
      return group.tokens();
    }
    return List.of();
  }

  private List<Token> named(String name) {
    List<Token> found = new ArrayList<>();
    if (next < tokens.size()
        && tokens.get(next) instanceof Token.Named token
        && token.name().equals(name)) {
      next++;
      if (token.value() instanceof Token.Group group) {
        found.addAll(group.tokens());
      } else {
        found.add(token.value());
      }
    }
    return found;
  }
}
