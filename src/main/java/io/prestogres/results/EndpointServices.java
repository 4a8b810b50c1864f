package io.prestogres.results;

import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.Optional;

/** What the results endpoint needs of the rest of the proxy. All methods are thread-safe. */
public interface EndpointServices {
  /** Whether the role's backend has come with the right password. */
  Future<Boolean> verify(Requester requester, String password);

  /** As whom Presto is asked; fails where it cannot be asked as the requester. */
  Future<PrestoSession> prestoSession(Requester requester);

  /** The shell that a scan is for. */
  Future<Optional<ScanTarget>> shell(Requester requester, String schema, String table);

  /**
   * Compares the shells of the requester's database with Presto's tables.
   *
   * @param schema whose tables are to be read from now on; empty for no one in particular
   * @return what the user has to be told, when it is done
   */
  Future<List<String>> refresh(Requester requester, Optional<String> schema);

  /** A scan for a requester has read more than so many rows of a table. */
  void scanned(Requester requester, String table, long rows);

  /** A connection of the proxy's own, on which PostgreSQL evaluates what Presto cannot. */
  Future<PgConnection> evaluator(String database);
}
