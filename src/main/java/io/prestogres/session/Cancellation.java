package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Cancels what a session is doing, in PostgreSQL and on Presto.
 *
 * <p>PostgreSQL ignores a cancel that comes before it has read the statement. It is sent again
 * while that statement runs; the client's next one waits until PostgreSQL has been told, so that it
 * cannot be hit.
 */
final class Cancellation {
  private static final int REPEATS = 3;

  /** How long a statement has to end before it is canceled again. */
  private static final long PAUSE_MILLIS = 300;

  private final SessionServices services;
  private final Relay relay;
  private final Gate gate;

  Cancellation(SessionServices services, Relay relay, Gate gate) {
    this.services = services;
    this.relay = relay;
    this.gate = gate;
  }

  /**
   * Cancels; may be called from anywhere.
   *
   * @return completes when the cancel can no longer hit a statement that the client sends from then
   *     on
   */
  Future<Void> cancel(Backend.KeyData backend) {
    Promise<Void> done = Promise.promise();
    relay
        .context()
        .runOnContext(
            v -> {
              gate.cancel();
              long target = relay.queue().statements();
              int repeats = relay.queue().idle() ? 0 : REPEATS;
              send(backend).onComplete(done).onComplete(sent -> repeat(backend, target, repeats));
            });
    return done.future();
  }

  /**
   * Presto hears of it first, so the statement may have ended, and the client have sent another
   * one, before PostgreSQL has heard.
   */
  private Future<Void> send(Backend.KeyData backend) {
    relay.client().cancelBegins();
    return services
        .cancel(backend)
        .onComplete(sent -> relay.context().runOnContext(v -> relay.client().cancelEnds()));
  }

  private void repeat(Backend.KeyData backend, long target, int times) {
    if (times == 0) {
      return;
    }
    services
        .vertx()
        .setTimer(
            PAUSE_MILLIS,
            later -> {
              ExchangeQueue queue = relay.queue();
              // While PostgreSQL answers us the statement is over, and the next one is planned.
              boolean over = queue.statements() != target || queue.idle() || queue.headIsInjected();
              if (gate.abandoned() || over) {
                return;
              }
              send(backend).onComplete(sent -> repeat(backend, target, times - 1));
            });
  }
}
