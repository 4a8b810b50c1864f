package io.prestogres.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Iterator;
import java.util.Optional;

/** What PostgreSQL keeps of its roles' passwords. Thread-safe. */
public final class RolePasswords {
  private final ControlConnections connections;

  /** Those of the PostgreSQL that the connections lead to. */
  public RolePasswords(ControlConnections connections) {
    this.connections = connections;
  }

  /**
   * The role's {@code pg_authid.rolpassword}.
   *
   * @param role truncated as PostgreSQL truncates names
   * @return empty if there is no such role or it has no password; fails if that cannot be known,
   *     because the control role is no superuser or PostgreSQL cannot be reached
   */
  public Future<Optional<String>> of(String role) {
    return connections
        .pool("postgres")
        .withConnection(connection -> readable(connection).compose(yes -> read(connection, role)));
  }

  /** Asked first, because PostgreSQL logs a statement that it refuses. */
  private static Future<Void> readable(SqlConnection connection) {
    return connection
        .query(
            "SELECT pg_catalog.has_column_privilege("
                + "'pg_catalog.pg_authid', 'rolpassword', 'SELECT') AS readable")
        .execute()
        .compose(
            rows ->
                rows.iterator().next().getBoolean("readable")
                    ? Future.succeededFuture()
                    : Future.failedFuture("the control role may not read pg_authid"));
  }

  private static Future<Optional<String>> read(SqlConnection connection, String role) {
    return connection
        .preparedQuery("SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = $1::name")
        .execute(Tuple.of(role))
        .map(RolePasswords::first);
  }

  private static Optional<String> first(RowSet<Row> rows) {
    Iterator<Row> found = rows.iterator();
    return found.hasNext()
        ? Optional.ofNullable(found.next().getString("rolpassword"))
        : Optional.empty();
  }
}
