package io.prestogres.results;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * The transaction of one connection: its status, and what every statement but FETCH does in it.
 * Belongs to the connection's context.
 */
final class EndpointTransaction {
  private static final int LONGEST_QUOTATION = 200;

  private final EndpointCursors cursors;
  private byte status = Backend.IDLE;

  EndpointTransaction(EndpointCursors cursors) {
    this.cursors = cursors;
  }

  /** As in ReadyForQuery. */
  byte status() {
    return status;
  }

  /** An error; a transaction block, if there is one, does nothing more until its end. */
  void fail() {
    if (status == Backend.IN_TRANSACTION) {
      status = Backend.FAILED_TRANSACTION;
    }
  }

  /** A cursor to fetch from; in a failed transaction there is none. */
  Optional<OpenCursor> cursor(String name) {
    return cursors.find(name).filter(cursor -> status != Backend.FAILED_TRANSACTION);
  }

  /** The connection is gone, and all cursors with it. */
  void close() {
    cursors.closeAll();
  }

  /**
   * Runs a statement.
   *
   * @param text as it was sent
   * @return everything up to and with CommandComplete
   * @throws PgException for a statement that fails, and 0A000 for one of which the endpoint does
   *     not know anything
   */
  Buffer answer(EndpointStatement statement, String text, List<Optional<String>> parameters) {
    requireNotAborted(statement);
    if (statement instanceof EndpointStatement.Setting) {
      return Backend.commandComplete("SET");
    }
    if (statement instanceof EndpointStatement.Begin) {
      status = Backend.IN_TRANSACTION;
      return Backend.commandComplete("START TRANSACTION");
    }
    if (statement instanceof EndpointStatement.End end) {
      cursors.closeAll();
      status = Backend.IDLE;
      return Backend.commandComplete(end.tag());
    }
    if (statement instanceof EndpointStatement.Savepoint savepoint) {
      return savepoint(savepoint);
    }
    if (statement instanceof EndpointStatement.Close close) {
      cursors.close(close.cursor());
      return Backend.commandComplete("CLOSE CURSOR");
    }
    if (statement instanceof EndpointStatement.Declare declare) {
      cursors.declare(declare, parameters);
      return Backend.commandComplete("DECLARE CURSOR");
    }
    if (statement instanceof EndpointStatement.RelationSize) {
      return noSize();
    }
    throw PgException.error(
        SqlState.FEATURE_NOT_SUPPORTED,
        "the results endpoint does not know this command: " + abbreviated(text));
  }

  private void requireNotAborted(EndpointStatement statement) {
    boolean ends = statement instanceof EndpointStatement.End;
    boolean rollsBack = statement instanceof EndpointStatement.Savepoint s && s.rollsBack();
    if (status == Backend.FAILED_TRANSACTION && !ends && !rollsBack) {
      throw PgException.error(
          "25P02",
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  private Buffer savepoint(EndpointStatement.Savepoint savepoint) {
    if (savepoint.rollsBack()) {
      status = Backend.IN_TRANSACTION;
    }
    cursors.savepoint(savepoint);
    Buffer tags = Buffer.buffer();
    savepoint.tags().forEach(tag -> tags.appendBuffer(Backend.commandComplete(tag)));
    return tags;
  }

  private static Buffer noSize() {
    return Backend.rowDescription(List.of(new Backend.Field("size", 20, -1)))
        .appendBuffer(
            new WireWriter()
                .start('D')
                .writeShort(1)
                .writeSized(new byte[] {'0'})
                .finish()
                .toBuffer())
        .appendBuffer(Backend.commandComplete("SELECT 1"));
  }

  private static String abbreviated(String text) {
    return text.length() <= LONGEST_QUOTATION ? text : text.substring(0, LONGEST_QUOTATION) + "...";
  }
}
