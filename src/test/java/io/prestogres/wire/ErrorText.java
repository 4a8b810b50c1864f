package io.prestogres.wire;

import io.prestogres.protocol.WireReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an ErrorResponse or a NoticeResponse as severity, SQLSTATE, message and, by name, the
 * other fields but for file, line and routine.
 */
final class ErrorText {
  private static final Map<Character, String> NAMES =
      Map.of(
          'P', "position",
          'p', "internal",
          'q', "query",
          'D', "detail",
          'H', "hint",
          'W', "where",
          's', "schema",
          't', "table",
          'c', "column",
          'n', "constraint");

  private ErrorText() {}

  static void write(WireReader reader, List<Token> tokens) {
    Map<Character, Token> fields = new LinkedHashMap<>();
    while (true) {
      char field = (char) reader.readByte();
      if (field == 0) {
        break;
      }
      fields.put(field, BackendText.cString(reader));
    }
    Token none = BackendText.word("none");
    // The severity that is not translated; errors before the start of a session have both too.
    tokens.add(bare(fields.getOrDefault('V', fields.getOrDefault('S', none))));
    tokens.add(bare(fields.getOrDefault('C', none)));
    tokens.add(fields.getOrDefault('M', none));
    fields.forEach(
        (field, value) -> {
          if (NAMES.containsKey(field)) {
            tokens.add(
                new Token.Named(
                    NAMES.get(field), field == 'P' || field == 'p' ? bare(value) : value));
          } else if (field == 'd') {
            tokens.add(new Token.Named("type", value));
          }
        });
  }

  private static Token bare(Token token) {
    return token instanceof Token.Bytes bytes ? BackendText.word(bytes.value().toString()) : token;
  }
}
