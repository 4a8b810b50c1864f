package io.prestogres.session;

import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Messages of the extended protocol that the proxy sends on its own account, ahead of the client's.
 * Its statements and portals have names, so that the client's unnamed ones stay what they are.
 */
final class Injection {
  /** Nobody else's name, in the one namespace of statements that a session has. */
  private static final String NAME = "prestogres injected";

  private final Buffer messages = Buffer.buffer();
  private final ByteArrayOutputStream requests = new ByteArrayOutputStream();

  /** Runs a statement and reads all of its rows. */
  Injection run(String sql) {
    return fresh()
        .add(Frontend.PARSE, Frontend.parse(NAME, sql, List.of()))
        .add(Frontend.BIND, Frontend.bind(NAME, NAME))
        .add(Frontend.EXECUTE, Frontend.execute(NAME))
        .add(Frontend.CLOSE, Frontend.closePortal(NAME))
        .add(Frontend.CLOSE, Frontend.closeStatement(NAME));
  }

  /** Asks for the parameters and columns of a statement. */
  Injection describe(String sql, List<Integer> parameterTypes) {
    return fresh()
        .add(Frontend.PARSE, Frontend.parse(NAME, sql, parameterTypes))
        .add(Frontend.DESCRIBE, Frontend.describeStatement(NAME))
        .add(Frontend.CLOSE, Frontend.closeStatement(NAME));
  }

  /** Puts another statement in the place of one of the client's. */
  Injection replace(String statement, String sql, List<Integer> parameterTypes) {
    return add(Frontend.CLOSE, Frontend.closeStatement(statement))
        .add(Frontend.PARSE, Frontend.parse(statement, sql, parameterTypes));
  }

  /** Ends it with a Sync, which also ends a transaction that is not a block. */
  Injection sync() {
    return add(Frontend.SYNC, Frontend.sync());
  }

  /** Ends it with a Flush, within the client's batch: an error ends that batch. */
  Injection flush() {
    messages.appendBuffer(Frontend.flush());
    return this;
  }

  /** An injection that failed half-way may have left its statement. */
  private Injection fresh() {
    return add(Frontend.CLOSE, Frontend.closeStatement(NAME));
  }

  private Injection add(byte request, Buffer message) {
    requests.write(request);
    messages.appendBuffer(message);
    return this;
  }

  /** The types of those messages that will be answered. */
  byte[] requests() {
    return requests.toByteArray();
  }

  Buffer messages() {
    return messages;
  }
}
