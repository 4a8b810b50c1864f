package io.prestogres.session;

import io.prestogres.protocol.ErrorFields;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * How a planner asks the client's own PostgreSQL session something before the client's statement,
 * and leaves that session as it was:
 *
 * <ul>
 *   <li>outside of a transaction block each question is a transaction of its own;
 *   <li>in a block questions are asked within a savepoint, so that a failing one does no harm;
 *   <li>in a batch of the client's that has begun a transaction without a block, which any Sync
 *       would commit, nothing protects: a failing question fails the batch, as the statement that
 *       it is about would have.
 * </ul>
 */
final class Upstream {
  /** Where the client's session stands. */
  enum Place {
    IDLE,
    IN_BLOCK,
    IN_BATCH
  }

  /** Sends messages whose replies are not the client's. */
  @FunctionalInterface
  interface Channel {
    Future<InjectedReply> send(Injection injection);
  }

  private static final String SAVEPOINT = "\"prestogres_describe\"";

  private final Channel channel;
  private final Place place;
  private boolean savepointSet;
  private Optional<ErrorFields> batchFailure = Optional.empty();

  Upstream(Channel channel, Place place) {
    this.channel = channel;
    this.place = place;
  }

  /** Sends an injection, and the message that ends it. */
  Future<InjectedReply> ask(Injection injection) {
    return switch (place) {
      case IDLE -> channel.send(injection.sync());
      case IN_BLOCK -> askProtected(injection);
      case IN_BATCH ->
          channel
              .send(injection.flush())
              .onSuccess(reply -> batchFailure = batchFailure.or(reply::error));
    };
  }

  private Future<InjectedReply> askProtected(Injection injection) {
    if (!savepointSet) {
      savepointSet = true;
      channel.send(new Injection().run("SAVEPOINT " + SAVEPOINT).sync());
    }
    return channel
        .send(injection.sync())
        .compose(
            reply ->
                reply.error().isEmpty()
                    ? Future.succeededFuture(reply)
                    : channel
                        .send(new Injection().run("ROLLBACK TO SAVEPOINT " + SAVEPOINT).sync())
                        .map(reply));
  }

  /** The error that has failed the client's batch and that the client has to be told. */
  Optional<ErrorFields> batchFailure() {
    return batchFailure;
  }

  /** Forgets the savepoint; what follows is the client's. */
  void keep() {
    if (savepointSet) {
      channel.send(new Injection().run("RELEASE SAVEPOINT " + SAVEPOINT).sync());
      savepointSet = false;
    }
  }
}
