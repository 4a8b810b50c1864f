package io.prestogres.session;

import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Has the mirror show what a statement of the client's has changed on Presto, while the client
 * waits for its ReadyForQuery. What has happened has happened: a mirror that cannot be refreshed is
 * a warning. Belongs to the session's context.
 */
final class MirrorChanges {
  private final HeldReplies held;
  private final Relay relay;
  private final Notices notices;
  private final Function<String, Future<List<String>>> refresh;

  /**
   * The changes of a session.
   *
   * @param refresh refreshes a schema; never fails, and tells what the user has to know
   */
  MirrorChanges(
      HeldReplies held,
      Relay relay,
      Notices notices,
      Function<String, Future<List<String>>> refresh) {
    this.held = held;
    this.relay = relay;
    this.notices = notices;
    this.refresh = refresh;
  }

  /** Holds up PostgreSQL's messages until the schemas are refreshed, then sends the client this. */
  void show(List<String> schemas, Supplier<Buffer> ready) {
    Future<CompositeFuture> refreshes = Future.join(schemas.stream().map(refresh).toList());
    held.until(
        refreshes,
        told -> {
          told.<List<String>>list().stream()
              .flatMap(List::stream)
              .distinct()
              .forEach(notices::warn);
          relay.client().write(ready.get(), relay.server());
        });
  }
}
