package io.prestogres.session;

import io.prestogres.intercept.InterceptorChain;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A client that wants a session.
 *
 * @param startup what it asked for, or what plugins made of that
 * @param rest bytes that came after it
 * @param acceptedNanos {@link System#nanoTime} when its connection was accepted
 * @param chain asks the plugins on its behalf; empty if there is none to ask
 */
public record Newcomer(
    StartupMessage startup, Buffer rest, long acceptedNanos, Optional<InterceptorChain> chain) {

  /** The same client, with what plugins made of it. */
  public Newcomer intercepted(StartupMessage changed, InterceptorChain asked) {
    return new Newcomer(changed, rest, acceptedNanos, Optional.of(asked));
  }

  /** What is left of a time that began with the connection, at least a millisecond. */
  public long millisLeft(Duration timeout) {
    return Math.max(1, timeout.minusNanos(System.nanoTime() - acceptedNanos).toMillis());
  }
}
