package io.prestogres.config;

import java.util.Optional;

/**
 * What holds for the whole process.
 *
 * @param logLevel the least important level that is logged
 * @param eventLoops event loops that carry sessions; at least 1. A client and its PostgreSQL
 *     connection always share one. One loop costs least per transaction; on two cores a second one
 *     was measured to cost a third more CPU time for less throughput
 * @param admin where metrics and health are served over HTTP, without authentication; empty:
 *     nowhere
 */
public record Settings(LogLevel logLevel, int eventLoops, Optional<Address> admin) {

  /** What holds where the file says nothing. */
  public static final Settings DEFAULT = new Settings(LogLevel.INFO, 1, Optional.empty());

  /** Refuses fewer than one event loop. */
  public Settings {
    Bounds.check("eventLoops", eventLoops, Bounds.EVENT_LOOPS);
  }
}
