package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A backend whose client has left, reset and waiting for the next one. Whatever it says of itself
 * makes it useless: it is being terminated, or a setting has changed. Belongs to the context of the
 * session that left it.
 */
final class WarmBackend {
  /**
   * How often it is sent a Sync. With a JVM in it, it does not notice that it is to be terminated
   * until something wakes it.
   */
  private static final long WAKE_MILLIS = 2_000;

  private static final String READY = "Z\0\0\0\5I";

  private final Context context;
  private final Link link;
  private final Backend.KeyData key;
  private final BackendOrigin origin;
  private final long sinceNanos = System.nanoTime();
  private final Duration idleTimeout;
  private long timer;
  private boolean asked;

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
    link.handTo(
        bytes -> {
          if (!asked || !isReady(bytes)) {
            over.run();
          }
          asked = false;
        },
        over);
    timer =
        vertx.setPeriodic(
            WAKE_MILLIS,
            tick -> {
              if (asked || System.nanoTime() - sinceNanos > idleTimeout.toNanos()) {
                over.run();
              } else {
                asked = true;
                link.write(Frontend.sync());
              }
            });
  }

  private static boolean isReady(ByteBuf bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1).equals(READY);
  }

  /** Whether a session on this context can have it now. */
  boolean isFree(Context wanted) {
    return context == wanted && !asked && !link.closed();
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
