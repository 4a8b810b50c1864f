package io.prestogres.session;

import io.prestogres.protocol.FrameSplitter;
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
  private final Relay relay;
  private final FrameSplitter serverFrames;
  private final Notices notices;
  private final Function<String, Future<List<String>>> refresh;
  private final Runnable goOn;

  /**
   * The changes of a session.
   *
   * @param refresh refreshes a schema; never fails, and tells what the user has to know
   * @param goOn has PostgreSQL's messages handed over again
   */
  MirrorChanges(
      Relay relay,
      FrameSplitter serverFrames,
      Notices notices,
      Function<String, Future<List<String>>> refresh,
      Runnable goOn) {
    this.relay = relay;
    this.serverFrames = serverFrames;
    this.notices = notices;
    this.refresh = refresh;
    this.goOn = goOn;
  }

  /** Holds up PostgreSQL's messages until the schemas are refreshed, then sends the client this. */
  void show(List<String> schemas, Supplier<Buffer> ready) {
    serverFrames.pause();
    relay.server().hold(Link.Hold.PLANNING);
    Future.join(schemas.stream().map(refresh).toList())
        .onComplete(
            told ->
                relay
                    .context()
                    .runOnContext(
                        v -> {
                          if (relay.client().closed()) {
                            return;
                          }
                          told.result().<List<String>>list().stream()
                              .flatMap(List::stream)
                              .distinct()
                              .forEach(notices::warn);
                          relay.client().write(ready.get(), relay.server());
                          relay.server().release(Link.Hold.PLANNING);
                          goOn.run();
                        }));
  }
}
