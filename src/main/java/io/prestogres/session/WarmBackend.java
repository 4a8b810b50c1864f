package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * A backend whose client has left, reset and waiting for the next one. Whatever it says of itself
 * makes it useless: it is being terminated, or a setting has changed. Belongs to the context of the
 * session that left it.
 */
final class WarmBackend {
  private final Context context;
  private final Link link;
  private final Backend.KeyData key;
  private final BackendOrigin origin;
  private final long sinceNanos = System.nanoTime();
  private final Duration idleTimeout;
  private long timer;

  /**
   * One that has answered everything.
   *
   * @param idleTimeout the longest that it waits
   */
  WarmBackend(
      Context context, Link link, Backend.KeyData key, BackendOrigin origin, Duration idleTimeout) {
    this.context = context;
    this.link = link;
    this.key = key;
    this.origin = origin;
    this.idleTimeout = idleTimeout;
  }

  /**
   * Begins to wait.
   *
   * @param over run on its context when it is of no use any more
   */
  void await(Vertx vertx, Runnable over) {
    link.handTo(bytes -> over.run(), over);
    timer =
        vertx.setPeriodic(
            SessionRegistry.WAKE_MILLIS,
            tick -> {
              if (System.nanoTime() - sinceNanos > idleTimeout.toNanos()) {
                over.run();
              } else {
                link.wake();
              }
            });
  }

  /** Whether a session on this context can have it now. */
  boolean isFree(Context wanted) {
    return context == wanted && !link.closed();
  }

  /** It waits no more. */
  void stopWaiting(Vertx vertx) {
    boolean unused = vertx.cancelTimer(timer);
  }

  /** Ends it; may be called from anywhere. */
  void end() {
    context.runOnContext(
        v -> {
          link.write(Frontend.terminate());
          link.close();
        });
  }

  Link link() {
    return link;
  }

  Backend.KeyData key() {
    return key;
  }

  BackendOrigin origin() {
    return origin;
  }
}
