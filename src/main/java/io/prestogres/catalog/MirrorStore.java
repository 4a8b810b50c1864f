package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and changes what the mirror keeps in one database, on one connection that it was given. */
final class MirrorStore {
  /** The key of the advisory lock under which a database is changed: "prestogr" in ASCII. */
  private static final long LOCK = 0x7072_6573_746f_6772L;

  /** Tables per transaction; a table takes eight locks of max_locks_per_transaction. */
  private static final int BATCH = 100;

  /** A row for each column of each shell; one row for a shell without columns. */
  private static final String SHELLS =
      """
      SELECT c.oid::bigint AS oid, s.schema_name, s.table_name, a.attname::text AS column,
             pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
             s.presto_types ->> a.attname::text AS presto_type,
             EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid) AS child
      FROM prestogres.shell s
      JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema_name
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.table_name
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY c.oid, a.attnum
      """;

  /** The schemas, and which of them the mirror made. */
  private static final String SCHEMAS =
      """
      SELECT n.nspname::text AS schema, m.schema_name IS NOT NULL AS mirrored
      FROM pg_catalog.pg_namespace n
      LEFT JOIN prestogres.mirrored_schema m ON m.schema_name = n.nspname
      """;

  /** Tables in schemas of the mirror that are none of its shells. */
  private static final String OTHER_TABLES =
      """
      SELECT n.nspname::text AS schema, c.relname::text AS name
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN prestogres.mirrored_schema m ON m.schema_name = n.nspname
      LEFT JOIN prestogres.shell s
        ON s.schema_name = n.nspname AND s.table_name = c.relname
      WHERE s.schema_name IS NULL
      """;

  /** Whether the database orders text by its bytes. */
  private static final String COLLATION =
      """
      SELECT datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AS bytewise
      FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      """;

  private final SqlConnection connection;

  MirrorStore(SqlConnection connection) {
    this.connection = connection;
  }

  /** Waits for whoever changes the database at the moment; ends with the connection. */
  Future<Void> lock() {
    return run("SELECT pg_catalog.pg_advisory_lock(" + LOCK + ")").mapEmpty();
  }

  Future<Void> unlock() {
    return run("SELECT pg_catalog.pg_advisory_unlock(" + LOCK + ")").mapEmpty();
  }

  /** Whether the mirror has ever been here. */
  Future<Boolean> founded() {
    return run("SELECT pg_catalog.to_regclass('prestogres.shell') IS NOT NULL AS founded")
        .map(rows -> rows.iterator().next().getBoolean("founded"));
  }

  /** Runs SQL of the foundation. */
  Future<Void> execute(String sql) {
    return run(sql).mapEmpty();
  }

  Future<Void> found(String host, int port, String database, TableFunctionSetup tableFunction) {
    return run("SELECT pg_catalog.getdatabaseencoding() AS encoding")
        .compose(
            rows -> {
              String encoding = rows.iterator().next().getString("encoding");
              return encoding.equals("UTF8")
                  ? run(Foundation.objects())
                  : Future.failedFuture("its encoding is " + encoding + ", not UTF8");
            })
        .compose(done -> run(Foundation.servers(host, port, database)))
        .compose(done -> tableFunction.make(this, database))
        .compose(done -> secret())
        .compose(
            secret ->
                run(
                    "SET ROLE prestogres_owner;"
                        + Foundation.userMapping(
                            Foundation.RESULTS_SERVER,
                            Foundation.OWNER,
                            EndpointPasswords.derive(secret, Foundation.OWNER))
                        + "RESET ROLE"))
        .mapEmpty();
  }

  /** What the passwords of this database are derived from. */
  Future<String> secret() {
    return run("SELECT value FROM prestogres.secret")
        .map(rows -> rows.iterator().next().getString("value"));
  }

  /** Gives every role that has none a mapping, and tells which roles have one. */
  Future<Set<String>> mapRoles(String secret) {
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
                  mappings.append(
                      Foundation.userMapping(
                          Foundation.SCAN_SERVER, role, EndpointPasswords.derive(secret, role)));
                }
              }
              Future<?> made =
                  mappings.isEmpty()
                      ? Future.succeededFuture()
                      : run("SET ROLE prestogres_owner;" + mappings + "RESET ROLE");
              return made.map(Set.copyOf(roles));
            });
  }

  /** What stands in the database. */
  Future<StandingCatalog> read(String catalog) {
    Map<Long, Shell> shells = new HashMap<>();
    Set<Long> childless = new HashSet<>();
    return run(SHELLS)
        .onSuccess(
            rows -> {
              shells.putAll(shells(catalog, rows));
              rows.forEach(
                  row -> {
                    if (!row.getBoolean("child")) {
                      childless.add(row.getLong("oid"));
                    }
                  });
            })
        .compose(rows -> readSurroundings(shells, childless));
  }

  private static Map<Long, Shell> shells(String catalog, RowSet<Row> rows) {
    Map<Long, Row> tables = new HashMap<>();
    Map<Long, List<ShellColumn>> columns = new HashMap<>();
    for (Row row : rows) {
      long oid = row.getLong("oid");
      tables.put(oid, row);
      List<ShellColumn> list = columns.computeIfAbsent(oid, key -> new ArrayList<>());
      if (row.getString("column") != null) {
        String prestoType = row.getString("presto_type");
        list.add(
            new ShellColumn(
                row.getString("column"),
                prestoType == null ? "unknown" : prestoType,
                row.getString("type")));
      }
    }
    Map<Long, Shell> shells = new HashMap<>();
    tables.forEach(
        (oid, row) -> {
          String schema = row.getString("schema_name");
          String table = row.getString("table_name");
          shells.put(
              oid,
              new Shell(
                  catalog, schema, table, schema, table, columns.getOrDefault(oid, List.of())));
        });
    return shells;
  }

  private Future<StandingCatalog> readSurroundings(Map<Long, Shell> shells, Set<Long> childless) {
    Set<String> mirrored = new HashSet<>();
    Set<String> others = new HashSet<>();
    Set<String> otherTables = new HashSet<>();
    return run(SCHEMAS)
        .onSuccess(
            rows ->
                rows.forEach(
                    row ->
                        (row.getBoolean("mirrored") ? mirrored : others)
                            .add(row.getString("schema"))))
        .compose(rows -> run(OTHER_TABLES))
        .onSuccess(
            rows ->
                rows.forEach(
                    row -> otherTables.add(row.getString("schema") + "\0" + row.getString("name"))))
        .compose(rows -> run(COLLATION))
        .map(
            rows ->
                new StandingCatalog(
                    shells,
                    childless,
                    mirrored,
                    others,
                    otherTables,
                    rows.iterator().next().getBoolean("bytewise")));
  }

  /** Makes the changes; one that fails costs itself alone and is told as a problem. */
  Future<List<CatalogProblem>> apply(List<List<String>> changes) {
    List<CatalogProblem> problems = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (int start = 0; start < changes.size(); start += BATCH) {
      List<List<String>> batch = changes.subList(start, Math.min(start + BATCH, changes.size()));
      all =
          all.compose(
              previous ->
                  transaction(batch.stream().flatMap(List::stream).toList())
                      .recover(failure -> oneByOne(batch, problems)));
    }
    return all.map(problems);
  }

  private Future<Void> oneByOne(List<List<String>> batch, List<CatalogProblem> problems) {
    Future<Void> all = Future.succeededFuture();
    for (List<String> change : batch) {
      all =
          all.compose(
              previous ->
                  transaction(change)
                      .recover(
                          failure -> {
                            problems.add(
                                new CatalogProblem(
                                    "", "", "\"" + change.get(0) + "\": " + failure.getMessage()));
                            return Future.succeededFuture();
                          }));
    }
    return all;
  }

  private Future<Void> transaction(List<String> statements) {
    return run("BEGIN; SET LOCAL ROLE prestogres_owner; "
            + String.join("; ", statements)
            + "; COMMIT")
        .<Void>mapEmpty()
        .recover(failure -> run("ROLLBACK").transform(done -> Future.failedFuture(failure)));
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

  private Future<RowSet<Row>> run(String sql) {
    return connection.query(sql).execute();
  }
}
