package io.prestogres.wire;

import io.prestogres.protocol.Frontend;
import io.prestogres.wire.Step.Action;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run of a script with one server. Failures name the line and what came before it. */
final class WireConversation implements AutoCloseable {
  private static final List<Token> PARAMETER_STATUS =
      List.of(new Token.Word("ParameterStatus"), Token.REST);

  private final int port;
  private final Step.Way way;
  private final Cutter cutter;
  private final Map<String, WireConnection> connections = new LinkedHashMap<>();

  WireConversation(int port, Step.Way way, Cutter cutter) {
    this.port = port;
    this.way = way;
    this.cutter = cutter;
  }

  /** Runs a script, with every cut that it asks for. */
  static void hold(WireScript script, Step.Way way, int port) throws IOException {
    int bytes = holdOnce(script, way, port, 0);
    for (int cut = 1; cut < bytes; cut++) {
      holdOnce(script, way, port, cut);
    }
  }

  private static int holdOnce(WireScript script, Step.Way way, int port, int cutAt)
      throws IOException {
    Cutter cutter = new Cutter(cutAt);
    try (WireConversation conversation = new WireConversation(port, way, cutter)) {
      for (Step step : script.steps()) {
        conversation.perform(script.name(), step, cutAt);
      }
      conversation.end(script.name());
    }
    return cutter.bytesThatCanBeCut();
  }

  private void perform(String name, Step step, int cutAt) {
    if (!step.holds(way)) {
      return;
    }
    try {
      perform(step.action());
    } catch (IOException | RuntimeException | AssertionError failure) {
      throw new AssertionError(
          "%s.wire:%d: %s%n  %s%s%nheard:%s"
              .formatted(
                  name,
                  step.line(),
                  step.text(),
                  failure.getMessage(),
                  cutAt > 0 ? " (cut after byte " + cutAt + ")" : "",
                  heard()),
          failure);
    }
  }

  private String heard() {
    StringBuilder text = new StringBuilder();
    connections.forEach(
        (connection, wire) -> text.append("\n ").append(connection).append(wire.transcript()));
    return text.toString();
  }

  void perform(Action action) throws IOException {
    if (action instanceof Action.Send send) {
      connection(send.connection()).send(FrontendText.bytes(send.message(), this::variable));
    } else if (action instanceof Action.Cut cut) {
      flush();
      cutter.cutInto(cut.pieces());
    } else {
      flush();
      converse(action);
    }
  }

  private void converse(Action action) throws IOException {
    if (action instanceof Action.Expect expect) {
      List<Token> message = expect.message().stream().map(this::variable).toList();
      expect(connection(expect.connection()), message);
    } else if (action instanceof Action.Many many) {
      skip(connection(many.connection()), many.message());
    } else if (action instanceof Action.ExpectByte expect) {
      check(connection(expect.connection()).readByte() == expect.value(), "another byte");
    } else if (action instanceof Action.Connect connect) {
      connect(connect);
    } else {
      handle(action);
    }
  }

  private void handle(Action action) throws IOException {
    if (action instanceof Action.Silence silence) {
      connection(silence.connection()).assertSilent(Duration.ofMillis(silence.millis()));
    } else if (action instanceof Action.Wait pause) {
      sleep(pause.millis());
    } else if (action instanceof Action.Open open) {
      connections.put(open.connection(), new WireConnection(port));
    } else if (action instanceof Action.Closed closed) {
      Optional<List<Token>> message = connection(closed.connection()).read();
      check(message.isEmpty(), "still " + message);
      connections.remove(closed.connection()).close();
    } else if (action instanceof Action.Close close) {
      connection(close.connection());
      connections.remove(close.connection()).close();
    }
  }

  private void connect(Action.Connect connect) throws IOException {
    WireConnection connection = new WireConnection(port);
    connections.put(connect.connection(), connection);
    Map<String, Token> parameters = new LinkedHashMap<>();
    parameters.put("user", Token.Bytes.of("presto"));
    parameters.put("database", Token.Bytes.of("tpch"));
    for (Token parameter : connect.parameters()) {
      Token.Named named = (Token.Named) parameter;
      parameters.put(named.name(), named.value());
    }
    List<Token> startup =
        new ArrayList<>(List.of(new Token.Word("Startup"), new Token.Word("3.0")));
    parameters.forEach(
        (name, value) -> {
          startup.add(Token.Bytes.of(name));
          startup.add(value);
        });
    connection.send(FrontendText.bytes(startup, token -> token));
    connection.flush(new Cutter(0));
    expect(connection, TokenReader.read("AuthenticationOk"));
    skip(connection, PARAMETER_STATUS);
    expect(connection, TokenReader.read("BackendKeyData * *"));
    expect(connection, TokenReader.read("ReadyForQuery I"));
    connection.forget();
  }

  private static void expect(WireConnection connection, List<Token> expected) throws IOException {
    Optional<List<Token>> message = connection.read();
    check(message.isPresent(), "the connection has ended");
    check(
        TokenMatch.matches(expected, message.orElseThrow()),
        "got " + Token.join(message.orElseThrow()));
  }

  private static void skip(WireConnection connection, List<Token> expected) throws IOException {
    while (connection.peek().filter(message -> TokenMatch.matches(expected, message)).isPresent()) {
      connection.read();
    }
  }

  void flush() throws IOException {
    for (WireConnection connection : connections.values()) {
      connection.flush(cutter);
    }
  }

  /** {@code $pid} and {@code $key}, or {@code $b.pid} of another connection. */
  private Token variable(Token token) {
    if (!(token instanceof Token.Word word) || !word.text().startsWith("$")) {
      return token;
    }
    String[] parts = word.text().substring(1).split("\\.", 2);
    WireConnection owner = connection(parts.length == 2 ? parts[0] : WireScript.MAIN);
    return switch (parts[parts.length - 1]) {
      case "pid" -> owner.processId();
      case "key" -> owner.key();
      default -> throw new IllegalArgumentException("unknown variable " + token);
    };
  }

  WireConnection connection(String name) {
    return Optional.ofNullable(connections.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no connection " + name));
  }

  /** Ends the sessions that are still there; each has to end without another word. */
  private void end(String script) {
    try {
      flush();
      for (WireConnection connection : connections.values()) {
        connection.send(Frontend.terminate());
        connection.flush(new Cutter(0));
        Optional<List<Token>> message = connection.read();
        check(message.isEmpty(), "still " + message.map(Token::join));
      }
    } catch (IOException | RuntimeException | AssertionError failure) {
      throw new AssertionError(
          script + ".wire does not end: " + failure.getMessage() + "\nheard:" + heard(), failure);
    }
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      throw new AssertionError(otherwise);
    }
  }

  private static void sleep(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (WireConnection connection : connections.values()) {
      connection.close();
    }
  }
}
