package io.prestogres.session;

import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds up the client at one message until it is decided what becomes of it. Everything that was
 * sent before is answered by then, and nothing that comes after is read. Belongs to the session's
 * context.
 */
final class Gate {
  /** What becomes of the message: the client's own if there is no other. */
  record Verdict(Optional<Buffer> instead) {}

  private final Relay relay;
  private final FrameSplitter frames;
  private final Consumer<PgException> onViolation;
  private Optional<Runnable> waiting = Optional.empty();
  private Optional<Verdict> verdict = Optional.empty();
  private boolean closed;
  private boolean canceled;
  private boolean abandoned;

  /**
   * An open gate.
   *
   * @param frames of the client
   * @param onViolation what becomes of the session if the messages behind the gate are none
   */
  Gate(Relay relay, FrameSplitter frames, Consumer<PgException> onViolation) {
    this.relay = relay;
    this.frames = frames;
    this.onViolation = onViolation;
  }

  /**
   * Holds the message up.
   *
   * @param work decides about it, now or later, by {@link #pass}
   * @return what a frame handler has to return for it
   */
  Buffer hold(Runnable work) {
    closed = true;
    canceled = false;
    frames.pause();
    relay.client().hold(Link.Hold.PLANNING);
    waiting = Optional.of(work);
    // What came before the message in the same read has not been passed on yet.
    relay.context().runOnContext(v -> begin());
    return FrameHandler.LATER;
  }

  private void begin() {
    if (abandoned) {
      return;
    }
    if (relay.queue().idle()) {
      idle();
    } else if (relay.queue().batchOpen()) {
      // PostgreSQL keeps its answers to a batch until it is told to send them.
      relay.server().write(Frontend.flush());
    }
  }

  /** PostgreSQL has answered everything. */
  void idle() {
    Optional<Runnable> work = waiting;
    waiting = Optional.empty();
    // The reply that came last has not been passed on yet.
    work.ifPresent(ready -> relay.context().runOnContext(v -> run(ready)));
  }

  private void run(Runnable work) {
    if (!abandoned) {
      work.run();
    }
  }

  /** Lets the message go on, or another in its place. */
  void pass(Optional<Buffer> instead) {
    if (abandoned) {
      return;
    }
    verdict = Optional.of(new Verdict(instead));
    again();
  }

  /** Has the message handed over again, to be looked at further. */
  void again() {
    if (abandoned) {
      return;
    }
    closed = false;
    relay.client().release(Link.Hold.PLANNING);
    try {
      frames.resume();
    } catch (PgException violation) {
      onViolation.accept(violation);
    }
  }

  /** The session is over; nothing passes any more. */
  void abandon() {
    abandoned = true;
    waiting = Optional.empty();
  }

  boolean abandoned() {
    return abandoned;
  }

  /** The verdict on the message that is handed over again, once. */
  Optional<Verdict> verdict() {
    Optional<Verdict> taken = verdict;
    verdict = Optional.empty();
    return taken;
  }

  /** Whether a message is held up. */
  boolean closed() {
    return closed;
  }

  /** The client wants the statement that is held up canceled. */
  void cancel() {
    canceled = closed;
  }

  boolean canceled() {
    return canceled;
  }
}
