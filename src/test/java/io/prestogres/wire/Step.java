package io.prestogres.wire;

import java.util.List;
import java.util.Optional;

/**
 * One line of a wire script.
 *
 * @param line its number in the file
 * @param text the line itself, for failures
 * @param only the one way on which it holds, if it does not hold on both
 */
record Step(int line, String text, Optional<Way> only, Action action) {
  /** How the server is reached. */
  enum Way {
    POSTGRES,
    PROXY
  }

  /** How the bytes that follow are written. */
  enum Pieces {
    /** What is sent before an answer is expected goes out in one write. */
    WHOLE,
    /** The script is run once for each place where they can be cut in two. */
    CUTS,
    /** A write for each byte. */
    BYTES
  }

  /** What is done. */
  sealed interface Action {
    /** Opens a session: names and values of its StartupMessage. */
    record Connect(String connection, List<Token> parameters) implements Action {}

    /** Opens a connection and says nothing. */
    record Open(String connection) implements Action {}

    /** Closes a connection without a word. */
    record Close(String connection) implements Action {}

    /** A message of the client; it goes out when an answer is expected. */
    record Send(String connection, List<Token> message) implements Action {}

    /** The next message of the server. */
    record Expect(String connection, List<Token> message) implements Action {}

    /** Any number of messages of the server that look like this. */
    record Many(String connection, List<Token> message) implements Action {}

    /** The answer to a request for encryption, a single byte. */
    record ExpectByte(String connection, char value) implements Action {}

    /** No message for as long. */
    record Silence(String connection, int millis) implements Action {}

    /** The end of the connection. */
    record Closed(String connection) implements Action {}

    /** From here on bytes are written like this. */
    record Cut(Pieces pieces) implements Action {}

    /** What is to be sent is sent now; then there is a pause. */
    record Wait(int millis) implements Action {}
  }

  boolean holds(Way way) {
    return only.isEmpty() || only.get() == way;
  }
}
