package io.prestogres.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been started and must be stopped, the last one first. Thread-safe. */
final class Running {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean stopping;

  /** Takes a part over; one that comes after {@link #stop()} is stopped at once. */
  void add(AutoCloseable part) {
    synchronized (this) {
      if (!stopping) {
        parts.push(part);
        return;
      }
    }
    close(part);
  }

  synchronized boolean stopping() {
    return stopping;
  }

  void stop() {
    Deque<AutoCloseable> remaining;
    synchronized (this) {
      stopping = true;
      remaining = new ArrayDeque<>(parts);
      parts.clear();
    }
    remaining.forEach(Running::close);
  }

  /** One part that cannot be stopped must not keep the others running. */
  @SuppressWarnings("CatchAndPrintStackTrace") // The demo has no log; this is its only way to tell.
  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failure) {
      failure.printStackTrace();
    }
  }
}
