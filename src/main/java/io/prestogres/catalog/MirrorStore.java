package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and changes what the mirror keeps in one database, on one connection that it was given. */
final class MirrorStore {
  /** The key of the advisory lock under which a database is changed: "prestogr" in ASCII. */
  static final long LOCK = 0x7072_6573_746f_6772L;

  private final SqlConnection connection;

  MirrorStore(SqlConnection connection) {
    this.connection = connection;
  }

  /**
   * Waits for whoever changes the database at the moment; ends with the connection.
   *
   * @return whether the mirror has ever been here
   */
  Future<Boolean> lock() {
    return run("SELECT pg_catalog.pg_advisory_lock(" + LOCK + ")").compose(locked -> founded());
  }

  Future<Void> unlock() {
    return run("SELECT pg_catalog.pg_advisory_unlock(" + LOCK + ")").mapEmpty();
  }

  /** Whether the mirror has ever been here. */
  Future<Boolean> founded() {
    return run("SELECT pg_catalog.to_regclass('prestogres.catalog_state') IS NOT NULL AS founded")
        .map(rows -> rows.iterator().next().getBoolean("founded"));
  }

  /** Runs SQL of the foundation. */
  Future<Void> execute(String sql) {
    return run(sql).mapEmpty();
  }

  /**
   * Makes what there is in every mirrored database.
   *
   * @param servers what makes the foreign servers
   */
  Future<Void> found(String servers, String database, TableFunctionSetup tableFunction) {
    return run("SELECT pg_catalog.getdatabaseencoding() AS encoding")
        .compose(
            rows -> {
              String encoding = rows.iterator().next().getString("encoding");
              return encoding.equals("UTF8")
                  ? ControlRights.claim(connection)
                  : Future.failedFuture("its encoding is " + encoding + ", not UTF8");
            })
        .compose(done -> run(Foundation.objects()))
        .compose(done -> run(Foundation.adoption()))
        .compose(done -> run(servers))
        .compose(done -> run(Foundation.refreshProcedure()))
        .compose(done -> tableFunction.make(this, database))
        .compose(done -> run(Foundation.roleMapping()))
        .compose(
            done ->
                run(
                    "SET ROLE prestogres_owner;"
                        + Foundation.mapRole(Foundation.OWNER, Foundation.RESULTS_SERVER)
                        + "RESET ROLE"))
        .mapEmpty();
  }

  /** What the passwords of this database are derived from. */
  Future<String> secret() {
    return run("SELECT value FROM prestogres.secret")
        .map(rows -> rows.iterator().next().getString("value"));
  }

  /** Gives every role that has none a mapping, and tells which roles have one. */
  Future<Set<String>> mapRoles() {
    return run("""
    SELECT r.rolname::text AS role, m.umuser IS NOT NULL AS mapped
    FROM pg_catalog.pg_roles r
    LEFT JOIN pg_catalog.pg_user_mappings m
      ON m.srvname = 'prestogres_scan' AND m.umuser = r.oid
    WHERE r.rolname !~ '^pg_'
    """)
        .compose(
            rows -> {
              Set<String> roles = new HashSet<>();
              StringBuilder mappings = new StringBuilder();
              for (Row row : rows) {
                String role = row.getString("role");
                roles.add(role);
                if (!row.getBoolean("mapped")) {
                  mappings.append(Foundation.mapRole(role, Foundation.SCAN_SERVER));
                }
              }
              Future<?> made =
                  mappings.isEmpty()
                      ? Future.succeededFuture()
                      : run("SET ROLE prestogres_owner;" + mappings + "RESET ROLE");
              return made.map(Set.copyOf(roles));
            });
  }

  /** Replaces what {@code prestogres.catalog_problem} tells, if it is something else. */
  Future<Void> writeProblems(List<CatalogProblem> problems) {
    StringBuilder values = new StringBuilder("VALUES (NULL::text, NULL::text, NULL::text)");
    for (CatalogProblem problem : problems) {
      values
          .append(", (")
          .append(literal(problem.schema()))
          .append(", ")
          .append(literal(problem.table()))
          .append(", ")
          .append(literal(problem.reason()))
          .append(")");
    }
    String wanted = "(" + values + ") AS w(s, t, r)";
    return run("DELETE FROM prestogres.catalog_problem p WHERE NOT EXISTS (SELECT FROM "
            + wanted
            + " WHERE (p.schema_name, p.table_name, p.reason) = (w.s, w.t, w.r));"
            + "INSERT INTO prestogres.catalog_problem SELECT w.s, w.t, w.r FROM "
            + wanted
            + " WHERE w.s IS NOT NULL AND NOT EXISTS (SELECT FROM prestogres.catalog_problem p"
            + " WHERE (p.schema_name, p.table_name, p.reason) = (w.s, w.t, w.r))")
        .mapEmpty();
  }

  /**
   * Writes down what was read, in rows that stay where they are: an update of one page leaves
   * nothing behind that the next does not clear away.
   */
  Future<Void> writeState(CatalogState state) {
    return run(state.toSql()).mapEmpty();
  }

  private Future<RowSet<Row>> run(String sql) {
    return connection.query(sql).execute();
  }
}
