package io.prestogres.config;

import java.time.Duration;

/**
 * Which backends are kept when their clients have left, for others that want one just like them.
 *
 * @param count the most for each role and database; 0 is none
 * @param idleTimeout the longest that one waits for a client
 * @param lifetime the longest from its start to the beginning of its last session
 */
public record WarmBackendsConfig(int count, Duration idleTimeout, Duration lifetime) {
  /** What holds where the file says nothing. */
  public static final WarmBackendsConfig DEFAULT =
      new WarmBackendsConfig(0, Duration.ofMinutes(5), Duration.ofHours(1));

  /** Refuses numbers and durations out of bounds. */
  public WarmBackendsConfig {
    Bounds.check("count", count, Bounds.WARM_BACKENDS);
    Bounds.check("idleTimeout", idleTimeout, Bounds.TIMEOUT);
    Bounds.check("lifetime", lifetime, Bounds.TIMEOUT);
  }

  /** Whether there are any. */
  public boolean enabled() {
    return count > 0;
  }
}
