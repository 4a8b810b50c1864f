package io.prestogres.config;

import java.time.Duration;

/**
 * What one instance accepts.
 *
 * @param maxClients the most clients at once, those that still authenticate included; at least 1
 * @param startupTimeout the longest from the TCP connection to the first ReadyForQuery
 * @param connectTimeout the longest that a TCP connection to PostgreSQL may take
 * @param maxStatementBytes statements longer than this are forwarded unopened
 */
public record LimitsConfig(
    int maxClients, Duration startupTimeout, Duration connectTimeout, long maxStatementBytes) {

  /** What holds where the file says nothing. */
  public static final LimitsConfig DEFAULT =
      new LimitsConfig(1000, Duration.ofSeconds(60), Duration.ofSeconds(10), 16L << 20);

  /** Refuses numbers out of bounds. */
  public LimitsConfig {
    Bounds.check("maxClients", maxClients, Bounds.CLIENTS);
    Bounds.check("startupTimeout", startupTimeout, Bounds.TIMEOUT);
    Bounds.check("connectTimeout", connectTimeout, Bounds.TIMEOUT);
    Bounds.check("maxStatementBytes", maxStatementBytes, Bounds.STATEMENT_BYTES);
  }
}
