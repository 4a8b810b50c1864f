package io.prestogres.server;

import io.prestogres.config.LimitsConfig;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many clients an instance has, in all, by role and by database. Thread-safe. The errors are
 * PostgreSQL's own (ROLE and DATABASE with CONNECTION LIMIT).
 */
final class ClientCounts {
  private final LimitsConfig limits;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<String, Integer> byUser = new ConcurrentHashMap<>();
  private final Map<String, Integer> byDatabase = new ConcurrentHashMap<>();

  private volatile boolean closed;

  ClientCounts(LimitsConfig limits) {
    this.limits = limits;
  }

  /**
   * Counts a client in.
   *
   * @return what to run when it has left
   * @throws PgException 53300 if there are too many, 57P03 after {@link #close}
   */
  Runnable enter(StartupMessage startup) {
    if (closed) {
      throw PgException.fatal(SqlState.CANNOT_CONNECT_NOW, "the database system is shutting down");
    }
    if (all.incrementAndGet() > limits.maxClients()) {
      all.decrementAndGet();
      throw tooMany("sorry, too many clients already (max-clients)");
    }
    if (!enter(byUser, startup.user(), limits.maxClientsPerUser())) {
      all.decrementAndGet();
      throw tooMany("too many connections for role \"" + startup.user() + "\"");
    }
    if (!enter(byDatabase, startup.database(), limits.maxClientsPerDatabase())) {
      leave(byUser, startup.user());
      all.decrementAndGet();
      throw tooMany("too many connections for database \"" + startup.database() + "\"");
    }
    return () -> {
      leave(byDatabase, startup.database());
      leave(byUser, startup.user());
      all.decrementAndGet();
    };
  }

  /** Lets nobody in any more. */
  void close() {
    closed = true;
  }

  private static boolean enter(Map<String, Integer> counts, String name, int most) {
    if (counts.merge(name, 1, Integer::sum) <= most) {
      return true;
    }
    leave(counts, name);
    return false;
  }

  private static void leave(Map<String, Integer> counts, String name) {
    counts.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
  }

  private static PgException tooMany(String message) {
    return PgException.fatal(SqlState.TOO_MANY_CONNECTIONS, message);
  }
}
