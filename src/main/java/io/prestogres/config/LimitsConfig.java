package io.prestogres.config;

import java.time.Duration;

/**
 * What one instance accepts.
 *
 * @param maxClients the most clients at once, those that still authenticate included; at least 1
 * @param maxClientsPerUser the most clients of one role at once
 * @param maxClientsPerDatabase the most clients of one database at once
 * @param startupTimeout the longest from the TCP connection to the first ReadyForQuery
 * @param connectTimeout the longest that a TCP connection to PostgreSQL may take
 * @param idleTimeout the longest that a client may be silent outside of a transaction; zero is for
 *     ever
 * @param shutdownTimeout how long clients may finish what they do when the proxy is stopped
 * @param maxStatementBytes statements longer than this are forwarded unopened, and refused where
 *     plugins want to see them
 * @param scans how many rows a scan may read
 */
public record LimitsConfig(
    int maxClients,
    int maxClientsPerUser,
    int maxClientsPerDatabase,
    Duration startupTimeout,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration shutdownTimeout,
    long maxStatementBytes,
    ScanLimits scans) {

  /** What holds where the file says nothing. */
  public static final LimitsConfig DEFAULT =
      new LimitsConfig(
          1000,
          Bounds.CLIENTS.most(),
          Bounds.CLIENTS.most(),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ZERO,
          Duration.ofSeconds(20),
          16L << 20,
          ScanLimits.DEFAULT);

  /** Refuses numbers out of bounds. */
  public LimitsConfig {
    Bounds.check("maxClients", maxClients, Bounds.CLIENTS);
    Bounds.check("maxClientsPerUser", maxClientsPerUser, Bounds.CLIENTS);
    Bounds.check("maxClientsPerDatabase", maxClientsPerDatabase, Bounds.CLIENTS);
    Bounds.check("startupTimeout", startupTimeout, Bounds.TIMEOUT);
    Bounds.check("connectTimeout", connectTimeout, Bounds.TIMEOUT);
    Bounds.check("idleTimeout", idleTimeout, Bounds.TIMEOUT_OR_NONE);
    Bounds.check("shutdownTimeout", shutdownTimeout, Bounds.TIMEOUT_OR_NONE);
    Bounds.check("maxStatementBytes", maxStatementBytes, Bounds.STATEMENT_BYTES);
  }
}
