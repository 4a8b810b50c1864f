package io.prestogres.wire;

import io.prestogres.wire.Step.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A dialogue in the messages of the protocol; {@code wire/README.md} describes the format. */
record WireScript(String name, List<Step> steps) {
  /** The connection of lines that name none. */
  static final String MAIN = "a";

  private static final Pattern MESSAGE = Pattern.compile("([a-z]?)([<>]) ?(.*)");
  private static final Pattern ONLY = Pattern.compile("only (proxy|postgres): \\S.*");

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is not well-formed or does not say first what it is for
   */
  static WireScript parse(String name, String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.get(0).startsWith("# ")) {
      throw new IllegalArgumentException(name + " does not begin with a comment");
    }
    List<Step> steps = new ArrayList<>();
    Optional<Step.Way> only = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      try {
        Matcher block = ONLY.matcher(line);
        if (block.matches()) {
          only = Optional.of(Step.Way.valueOf(block.group(1).toUpperCase(Locale.ROOT)));
        } else if (line.equals("end") && only.isPresent()) {
          only = Optional.empty();
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          steps.add(new Step(i + 1, line, only, action(line)));
        }
      } catch (RuntimeException malformed) {
        throw new IllegalArgumentException(name + ":" + (i + 1) + ": " + line, malformed);
      }
    }
    if (only.isPresent()) {
      throw new IllegalArgumentException(name + ": a block has no end");
    }
    return new WireScript(name, List.copyOf(steps));
  }

  private static Action action(String line) {
    Matcher message = MESSAGE.matcher(line);
    if (message.matches()) {
      String connection = message.group(1).isEmpty() ? MAIN : message.group(1);
      List<Token> tokens = TokenReader.read(message.group(3));
      return message.group(2).equals(">")
          ? new Action.Send(connection, tokens)
          : expectation(connection, tokens);
    }
    List<Token> words = TokenReader.read(line);
    List<Token> rest = words.subList(1, words.size());
    return switch (words.get(0).toString()) {
      case "connect" -> new Action.Connect(connection(rest), named(rest));
      case "open" -> new Action.Open(connection(rest));
      case "close" -> new Action.Close(connection(rest));
      case "pieces" ->
          new Action.Cut(Step.Pieces.valueOf(rest.get(0).toString().toUpperCase(Locale.ROOT)));
      case "wait" -> new Action.Wait(Integer.parseInt(rest.get(0).toString()));
      default -> throw new IllegalArgumentException("unknown line");
    };
  }

  private static Action expectation(String connection, List<Token> tokens) {
    String name = tokens.get(0).toString();
    return switch (name) {
      case "closed" -> new Action.Closed(connection);
      case "silent" -> new Action.Silence(connection, Integer.parseInt(tokens.get(1).toString()));
      case "many" -> new Action.Many(connection, tokens.subList(1, tokens.size()));
      case "Byte" -> new Action.ExpectByte(connection, tokens.get(1).toString().charAt(0));
      default -> new Action.Expect(connection, tokens);
    };
  }

  private static String connection(List<Token> words) {
    return words.stream()
        .filter(token -> !(token instanceof Token.Named))
        .map(Token::toString)
        .findFirst()
        .orElse(MAIN);
  }

  private static List<Token> named(List<Token> words) {
    return words.stream().filter(token -> token instanceof Token.Named).toList();
  }
}
