package io.prestogres.session;

import io.prestogres.metrics.EndCause;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * When a session that nobody has ended ends: when it does not begin in time, after a violation of
 * the protocol, when the proxy is stopped, and when the client is silent for too long. What the
 * client has asked for is answered first. Belongs to the session's context.
 */
final class Farewell {
  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private final Relay relay;
  private final ExchangeQueue queue;
  private final Gate gate;
  private final BiConsumer<ErrorFields, EndCause> fail;
  private Optional<Runnable> lastWord = Optional.empty();
  private boolean admitted;
  private long bytesSeen;
  private long activeNanos = System.nanoTime();

  /**
   * For one session.
   *
   * @param fail ends it at once, with an error for the client
   */
  Farewell(Relay relay, Gate gate, BiConsumer<ErrorFields, EndCause> fail) {
    this.relay = relay;
    this.queue = relay.queue();
    this.gate = gate;
    this.fail = fail;
  }

  /** The one line that is written of a session. */
  static void log(
      String instance, Backend.KeyData backend, StartupMessage startup, EndCause cause) {
    LOG.log(
        System.Logger.Level.INFO,
        "session ended: instance={0} pid={1} user={2} database={3} cause={4}",
        instance,
        String.valueOf(backend.processId()),
        startup.user(),
        startup.database(),
        cause);
  }

  /** The client may begin. */
  void admitted() {
    admitted = true;
  }

  /** The time for it to be admitted is over. */
  void late(boolean authenticating) {
    if (!admitted) {
      fail.accept(
          ErrorFields.fatal(
              SqlState.INVALID_AUTHORIZATION,
              authenticating
                  ? "authentication took too long"
                  : "setting up Presto's tables took too long"),
          EndCause.STARTUP_TIMEOUT);
    }
  }

  /** The client breaks the protocol. */
  void violated(PgException violation) {
    Runnable end = () -> fail.accept(violation.asFatal().fields(), EndCause.PROTOCOL);
    if (admitted && !queue.idle() && !queue.batchOpen()) {
      relay.client().hold(Link.Hold.ENDING);
      lastWord = Optional.of(end);
    } else {
      end.run();
    }
  }

  /** The proxy is stopped. */
  void finish() {
    lastWord = Optional.of(this::dismiss);
    if (!admitted) {
      dismiss();
    } else if (queue.idle()) {
      idle();
    }
  }

  /** The proxy waits no longer. */
  void dismiss() {
    fail.accept(
        ErrorFields.fatal(
            SqlState.ADMIN_SHUTDOWN, "terminating connection: the proxy is shutting down"),
        EndCause.SHUTDOWN);
  }

  /** PostgreSQL has answered everything; its last reply has not been passed on yet. */
  void idle() {
    if (lastWord.isPresent() && !gate.closed() && !queue.batchOpen()) {
      Runnable end = lastWord.get();
      relay.context().runOnContext(v -> end.run());
    }
  }

  /** Ends a session in which nothing has come from either side for so long. */
  void endIfSilent(Duration timeout) {
    long bytes = relay.client().bytesRead() + relay.server().bytesRead();
    boolean busy = !queue.idle() || queue.batchOpen() || queue.status() != Backend.IDLE;
    if (bytes != bytesSeen || busy) {
      bytesSeen = bytes;
      activeNanos = System.nanoTime();
    } else if (admitted && System.nanoTime() - activeNanos > timeout.toNanos()) {
      fail.accept(
          ErrorFields.fatal(
              SqlState.IDLE_SESSION_TIMEOUT, "terminating connection due to idle-session timeout"),
          EndCause.IDLE);
    }
  }
}
