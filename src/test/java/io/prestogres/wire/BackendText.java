package io.prestogres.wire;

import io.prestogres.it.RawClient;
import io.prestogres.protocol.WireReader;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Writes a backend's message down as the tokens a script expects. */
final class BackendText {
  private static final Map<Integer, String> AUTHENTICATIONS =
      Map.of(
          0, "AuthenticationOk",
          3, "AuthenticationCleartextPassword",
          5, "AuthenticationMD5Password",
          10, "AuthenticationSASL",
          11, "AuthenticationSASLContinue",
          12, "AuthenticationSASLFinal");

  private static final Map<Character, String> EMPTY =
      Map.of(
          '1', "ParseComplete",
          '2', "BindComplete",
          '3', "CloseComplete",
          'n', "NoData",
          's', "PortalSuspended",
          'I', "EmptyQueryResponse",
          'c', "CopyDone");

  private static final Map<Character, Kind> KINDS =
      Map.ofEntries(
          Map.entry('A', new Kind("NotificationResponse", BackendText::notification)),
          Map.entry('C', new Kind("CommandComplete", BackendText::text)),
          Map.entry('D', new Kind("DataRow", BackendText::values)),
          Map.entry('E', new Kind("ErrorResponse", ErrorText::write)),
          Map.entry('G', new Kind("CopyInResponse", BackendText::copy)),
          Map.entry('H', new Kind("CopyOutResponse", BackendText::copy)),
          Map.entry('K', new Kind("BackendKeyData", BackendText::key)),
          Map.entry('N', new Kind("NoticeResponse", ErrorText::write)),
          Map.entry('S', new Kind("ParameterStatus", BackendText::texts)),
          Map.entry('T', new Kind("RowDescription", BackendText::columns)),
          Map.entry('V', new Kind("FunctionCallResponse", BackendText::value)),
          Map.entry('W', new Kind("CopyBothResponse", BackendText::copy)),
          Map.entry('Z', new Kind("ReadyForQuery", BackendText::status)),
          Map.entry('d', new Kind("CopyData", BackendText::rest)),
          Map.entry('t', new Kind("ParameterDescription", BackendText::oids)),
          Map.entry('v', new Kind("NegotiateProtocolVersion", BackendText::negotiation)));

  private record Kind(String name, BiConsumer<WireReader, List<Token>> body) {}

  private BackendText() {}

  /** The name of the message and its fields; it is an error if the message goes on after them. */
  static List<Token> tokens(RawClient.Frame frame) {
    WireReader reader = WireReader.body(frame.bytes());
    List<Token> tokens = new ArrayList<>();
    if (EMPTY.containsKey(frame.type())) {
      tokens.add(word(EMPTY.get(frame.type())));
    } else if (frame.type() == 'R') {
      int code = reader.readInt();
      tokens.add(word(AUTHENTICATIONS.getOrDefault(code, "Authentication" + code)));
      if (reader.remaining() > 0) {
        rest(reader, tokens);
      }
    } else if (KINDS.containsKey(frame.type())) {
      Kind kind = KINDS.get(frame.type());
      tokens.add(word(kind.name()));
      kind.body().accept(reader, tokens);
    } else {
      throw new AssertionError("unknown message of type " + frame.type());
    }
    if (reader.remaining() > 0) {
      throw new AssertionError(Token.join(tokens) + " is longer than its fields");
    }
    return tokens;
  }

  private static void text(WireReader reader, List<Token> tokens) {
    tokens.add(cString(reader));
  }

  private static void texts(WireReader reader, List<Token> tokens) {
    tokens.add(cString(reader));
    tokens.add(cString(reader));
  }

  private static void notification(WireReader reader, List<Token> tokens) {
    tokens.add(number(reader.readInt()));
    texts(reader, tokens);
  }

  private static void key(WireReader reader, List<Token> tokens) {
    tokens.add(number(reader.readInt()));
    rest(reader, tokens);
  }

  private static void status(WireReader reader, List<Token> tokens) {
    tokens.add(word(Character.toString(reader.readByte())));
  }

  private static void rest(WireReader reader, List<Token> tokens) {
    tokens.add(bytes(reader, reader.remaining()));
  }

  private static void values(WireReader reader, List<Token> tokens) {
    int count = reader.readCount(Integer.BYTES);
    for (int i = 0; i < count; i++) {
      value(reader, tokens);
    }
  }

  private static void value(WireReader reader, List<Token> tokens) {
    int length = reader.readInt();
    tokens.add(length < 0 ? word("null") : bytes(reader, length));
  }

  private static void oids(WireReader reader, List<Token> tokens) {
    int count = reader.readCount(Integer.BYTES);
    for (int i = 0; i < count; i++) {
      tokens.add(number(reader.readInt()));
    }
  }

  private static void copy(WireReader reader, List<Token> tokens) {
    tokens.add(format(reader.readByte()));
    List<Token> columns = new ArrayList<>();
    int count = reader.readCount(Short.BYTES);
    for (int i = 0; i < count; i++) {
      columns.add(format(reader.readShort()));
    }
    tokens.add(new Token.Group(columns));
  }

  /** For each column: name, type, its size and modifier, format, table, number in the table. */
  private static void columns(WireReader reader, List<Token> tokens) {
    int count = reader.readCount(19);
    for (int i = 0; i < count; i++) {
      Token name = cString(reader);
      Token table = number(reader.readInt());
      Token column = number(reader.readShort());
      tokens.add(
          new Token.Group(
              List.of(
                  name,
                  number(reader.readInt()),
                  number(reader.readShort()),
                  number(reader.readInt()),
                  format(reader.readShort()),
                  table,
                  column)));
    }
  }

  private static void negotiation(WireReader reader, List<Token> tokens) {
    int version = reader.readInt();
    tokens.add(word((version >>> 16) + "." + (version & 0xffff)));
    List<Token> options = new ArrayList<>();
    int count = reader.readInt();
    for (int i = 0; i < count; i++) {
      options.add(cString(reader));
    }
    tokens.add(new Token.Group(options));
  }

  /** A String of any encoding. */
  static Token cString(WireReader reader) {
    Buffer text = Buffer.buffer();
    while (true) {
      byte next = reader.readByte();
      if (next == 0) {
        return new Token.Bytes(text);
      }
      text.appendByte(next);
    }
  }

  private static Token bytes(WireReader reader, int length) {
    return new Token.Bytes(Buffer.buffer(reader.readBytes(length)));
  }

  private static Token format(int code) {
    return word(code == 0 ? "text" : code == 1 ? "binary" : "format" + code);
  }

  private static Token number(int value) {
    return word(Integer.toString(value));
  }

  static Token word(String text) {
    return new Token.Word(text);
  }
}
