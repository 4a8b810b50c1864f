package io.prestogres.session;

import io.prestogres.protocol.FrameSplitter;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * Keeps PostgreSQL's messages from the client while something has to be done between two of them.
 * Belongs to the session's context.
 */
final class HeldReplies {
  private final Relay relay;
  private final FrameSplitter serverFrames;
  private final Runnable goOn;

  /**
   * The messages of a session.
   *
   * @param goOn has PostgreSQL's messages handed over again
   */
  HeldReplies(Relay relay, FrameSplitter serverFrames, Runnable goOn) {
    this.relay = relay;
    this.serverFrames = serverFrames;
    this.goOn = goOn;
  }

  /**
   * Holds up what follows the message that is handled now.
   *
   * @param work never fails
   * @param then run with its result before messages go on
   */
  <T> void until(Future<T> work, Consumer<T> then) {
    serverFrames.pause();
    relay.server().hold(Link.Hold.PLANNING);
    work.onComplete(
        done ->
            relay
                .context()
                .runOnContext(
                    v -> {
                      if (!relay.client().closed()) {
                        then.accept(done.result());
                        relay.server().release(Link.Hold.PLANNING);
                        goOn.run();
                      }
                    }));
  }
}
