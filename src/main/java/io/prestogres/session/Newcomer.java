package io.prestogres.session;

import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * A client that wants a session.
 *
 * @param startup what it asked for
 * @param rest bytes that came after it
 * @param acceptedNanos {@link System#nanoTime} when its connection was accepted
 */
public record Newcomer(StartupMessage startup, Buffer rest, long acceptedNanos) {

  /** What is left of a time that began with the connection, at least a millisecond. */
  long millisLeft(Duration timeout) {
    return Math.max(1, timeout.minusNanos(System.nanoTime() - acceptedNanos).toMillis());
  }
}
