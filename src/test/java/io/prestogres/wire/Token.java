package io.prestogres.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A part of a line of a wire script, which is also how a message received is written down. */
sealed interface Token {
  /** In an expectation: whatever it is. */
  Word ANY = new Word("*");

  /** In an expectation: whatever follows, or nothing. */
  Word REST = new Word("...");

  /** A name, a number or a wildcard, as it stands. */
  record Word(String text) implements Token {
    @Override
    public String toString() {
      return text;
    }
  }

  /** Bytes, written as a text in quotes or as {@code x'00ff'}. */
  record Bytes(Buffer value) implements Token {
    static Bytes of(String text) {
      return new Bytes(Buffer.buffer(text));
    }

    @Override
    public String toString() {
      try {
        String text =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(value.getBytes()))
                .toString();
        if (text.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\t')) {
          return '"'
              + text.replace("\\", "\\\\")
                  .replace("\"", "\\\"")
                  .replace("\n", "\\n")
                  .replace("\t", "\\t")
              + '"';
        }
      } catch (CharacterCodingException binary) {
        // Written as hex.
      }
      return "x'" + java.util.HexFormat.of().formatHex(value.getBytes()) + "'";
    }
  }

  /** A regular expression that a whole text has to match, written {@code ~"…"}. */
  record Regex(String pattern) implements Token {
    @Override
    public String toString() {
      return "~" + Bytes.of(pattern);
    }
  }

  /** Tokens in brackets. */
  record Group(List<Token> tokens) implements Token {
    @Override
    public String toString() {
      return "[" + Token.join(tokens) + "]";
    }
  }

  /** A name, an equals sign and a token. */
  record Named(String name, Token value) implements Token {
    @Override
    public String toString() {
      return name + "=" + value;
    }
  }

  static String join(List<Token> tokens) {
    return tokens.stream().map(Token::toString).collect(Collectors.joining(" "));
  }
}
