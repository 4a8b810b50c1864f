package io.prestogres.wire;

import io.prestogres.it.RawClient;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection of a dialogue. */
final class WireConnection implements AutoCloseable {
  private final RawClient client;
  private final List<Token> transcript = new ArrayList<>();
  private Buffer pending = Buffer.buffer();
  private Optional<List<Token>> ahead = Optional.empty();
  private Token processId = Token.ANY;
  private Token key = Token.ANY;

  WireConnection(int port) throws IOException {
    client = new RawClient(port);
  }

  /** Notes bytes that go out with the next {@link #flush}. */
  void send(Buffer bytes) {
    pending.appendBuffer(bytes);
  }

  /** Sends what was noted. */
  void flush(Cutter cutter) throws IOException {
    Buffer bytes = pending;
    pending = Buffer.buffer();
    for (Buffer piece : cutter.cut(bytes)) {
      client.send(piece);
      if (piece.length() < bytes.length()) {
        pauseBetweenPieces();
      }
    }
  }

  /** Long enough for the other side to read a piece by itself. */
  private static void pauseBetweenPieces() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** The next message, which stays the next one; empty at the end of the connection. */
  Optional<List<Token>> peek() throws IOException {
    if (ahead.isEmpty()) {
      ahead = client.read().map(BackendText::tokens);
      ahead.ifPresent(this::learn);
    }
    return ahead;
  }

  /** The next message; empty at the end of the connection. */
  Optional<List<Token>> read() throws IOException {
    Optional<List<Token>> message = peek();
    ahead = Optional.empty();
    message.ifPresent(tokens -> transcript.add(new Token.Group(tokens)));
    return message;
  }

  private void learn(List<Token> message) {
    if (message.get(0).toString().equals("BackendKeyData")) {
      processId = message.get(1);
      key = message.get(2);
    }
  }

  char readByte() throws IOException {
    return (char) client.readByte();
  }

  void assertSilent(Duration time) throws IOException {
    if (ahead.isPresent()) {
      throw new AssertionError("expected silence, got " + Token.join(ahead.get()));
    }
    client.assertSilent(time);
  }

  /** The process id of the backend. */
  Token processId() {
    return processId;
  }

  /** The secret that cancels. */
  Token key() {
    return key;
  }

  /** Leaves what was received so far out of the transcript. */
  void forget() {
    transcript.clear();
  }

  /** What was received, a message a line. */
  String transcript() {
    StringBuilder text = new StringBuilder();
    for (Token message : transcript) {
      text.append("\n  < ").append(Token.join(((Token.Group) message).tokens()));
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
