package io.prestogres.session;

import io.prestogres.protocol.Frontend;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * How a planner asks the client's own PostgreSQL session something before the client's statement.
 * Inside a transaction the questions are asked within a savepoint, so that a failing one leaves the
 * client's transaction as it was.
 */
final class Upstream {
  /** Sends messages that end with one ReadyForQuery, whose reply is not the client's. */
  @FunctionalInterface
  interface Injection {
    Future<InjectedReply> send(Buffer messages);
  }

  private static final String SAVEPOINT = "\"prestogres_describe\"";

  private final Injection inject;
  private final boolean inTransaction;
  private boolean savepointSet;

  Upstream(Injection inject, boolean inTransaction) {
    this.inject = inject;
    this.inTransaction = inTransaction;
  }

  /** Sends messages that end with a Sync. */
  Future<InjectedReply> ask(Buffer messages) {
    if (!inTransaction) {
      return inject.send(messages);
    }
    savepointSet = true;
    inject.send(Frontend.query("SAVEPOINT " + SAVEPOINT));
    return inject
        .send(messages)
        .compose(
            reply -> {
              if (reply.error().isEmpty()) {
                return Future.succeededFuture(reply);
              }
              return inject.send(Frontend.query("ROLLBACK TO SAVEPOINT " + SAVEPOINT)).map(reply);
            });
  }

  /** Forgets the savepoint; what follows is the client's. */
  void keep() {
    if (savepointSet) {
      inject.send(Frontend.query("RELEASE SAVEPOINT " + SAVEPOINT));
      savepointSet = false;
    }
  }
}
