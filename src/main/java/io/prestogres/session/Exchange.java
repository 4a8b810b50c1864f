package io.prestogres.session;

import io.prestogres.metrics.Route;

/** One message sent upstream whose reply ends with a ReadyForQuery, and what becomes of it. */
sealed interface Exchange {
  /**
   * The client's own; its reply is forwarded.
   *
   * @param startedNanos {@link System#nanoTime} when it was sent
   * @param sync whether it is a Sync
   */
  record Forward(Route route, long startedNanos, boolean sync) implements Exchange {}

  /** One that the proxy injected; its reply is read and dropped. */
  record Skip(InjectedReply reply) implements Exchange {}
}
