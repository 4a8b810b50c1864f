package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;
import static io.prestogres.sql.SqlQuoting.literal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Who may read which shells of one database, where users see no more than Presto lets them see:
 * Presto is asked as each of them, and its answer becomes their rights in PostgreSQL. Touched on
 * the mirror's context only.
 */
final class UserVisibility {
  /** Not under the mirror's lock: nobody who connects should wait for a refresh. */
  private static final String BEGIN =
      "BEGIN; SET LOCAL ROLE prestogres_owner; SET LOCAL lock_timeout = '5s';"
          + " SET LOCAL synchronous_commit = off";

  /** A shell may be changed or dropped meanwhile, by a refresh. */
  private static final int ATTEMPTS = 3;

  private final MirrorParts parts;
  private final String database;
  private final String catalog;
  private final Map<String, Instant> asked = new HashMap<>();
  private final Map<String, Future<Void>> running = new HashMap<>();
  private final Supplier<Set<String>> schemas;
  private int generation;

  /**
   * Of roles of which nothing is known.
   *
   * @param schemas those that have shells
   */
  UserVisibility(
      MirrorParts parts, String database, String catalog, Supplier<Set<String>> schemas) {
    this.parts = parts;
    this.database = database;
    this.catalog = catalog;
    this.schemas = schemas;
  }

  /** Whether Presto is asked at all. */
  boolean isWanted() {
    return parts.config().catalog().perUserVisibility();
  }

  /** Whether Presto has ever been asked for the role. */
  boolean knows(String role) {
    return !isWanted() || asked.containsKey(role);
  }

  /** There are other shells now, on which nobody has a right yet. */
  void outdate() {
    generation++;
    asked.replaceAll((role, when) -> Instant.MIN);
  }

  /**
   * Asks Presto what the role may see, unless that was done a short time ago.
   *
   * @param age how old the last answer may be; one that is asked for already is never too old,
   *     except for zero
   * @return fails if Presto or PostgreSQL cannot be asked: the role keeps the rights that it has
   */
  Future<Void> learn(String role, Duration age) {
    if (!isWanted()) {
      return Future.succeededFuture();
    }
    Future<Void> current = running.get(role);
    if (current != null) {
      return age.isZero() ? current.transform(done -> learn(role, age)) : current;
    }
    Instant last = asked.getOrDefault(role, Instant.MIN);
    Instant now = parts.clock().instant();
    if (!last.equals(Instant.MIN) && last.plus(age).isAfter(now)) {
      return Future.succeededFuture();
    }
    int begun = generation;
    Promise<Void> learning = Promise.promise();
    running.put(role, learning.future());
    Future.succeededFuture()
        .compose(
            begin ->
                parts.reader().visible(catalog, schemas.get(), parts.userSessions().apply(role)))
        .compose(visible -> grant(role, visible, ATTEMPTS))
        .onComplete(
            done -> {
              running.remove(role);
              if (done.succeeded()) {
                asked.put(role, begun == generation ? now : Instant.MIN);
              }
              learning.handle(done);
            });
    return learning.future();
  }

  /** Asks for all of them whose rights are older, one after the other; never fails. */
  Future<Void> renew(Set<String> roles, Duration age) {
    Future<Void> renewal = Future.succeededFuture();
    if (isWanted()) {
      for (String role : new TreeSet<>(roles)) {
        renewal =
            renewal.transform(
                done -> learn(role, age).transform(learned -> Future.succeededFuture()));
      }
    }
    return renewal;
  }

  private Future<Void> grant(String role, Set<String> visible, int attempts) {
    return grant(role, visible)
        .recover(
            failure ->
                attempts > 1 && failure instanceof PgException
                    ? grant(role, visible, attempts - 1)
                    : Future.failedFuture(failure));
  }

  private Future<Void> grant(String role, Set<String> visible) {
    return parts
        .connections()
        .pool(database)
        .withConnection(
            connection ->
                run(connection, BEGIN)
                    .compose(begun -> run(connection, rights(role)))
                    .compose(
                        rows ->
                            run(
                                connection,
                                String.join("; ", changes(role, rows, visible)) + "; COMMIT"))
                    .recover(
                        failure ->
                            run(connection, "ROLLBACK")
                                .transform(rolled -> Future.failedFuture(failure))))
        .mapEmpty();
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql) {
    return connection.query(sql).execute();
  }

  /** A row for each shell. */
  private static String rights(String role) {
    return """
        SELECT s.schema_name, s.table_name,
               EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) a
                       WHERE a.grantee = r.oid AND a.privilege_type = 'SELECT') AS granted
        FROM prestogres.shell s
        JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema_name
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.table_name
        JOIN pg_catalog.pg_roles r ON r.rolname = %s
        WHERE c.relowner = 'prestogres_owner'::pg_catalog.regrole AND r.oid <> c.relowner
        """
        .formatted(literal(role));
  }

  private static List<String> changes(String role, RowSet<Row> shells, Set<String> visible) {
    List<String> granted = new ArrayList<>();
    List<String> revoked = new ArrayList<>();
    for (Row shell : shells) {
      String schema = shell.getString("schema_name");
      String table = shell.getString("table_name");
      boolean may = visible.contains(schema + "\0" + table);
      if (may != shell.getBoolean("granted")) {
        (may ? granted : revoked).add(ShellSql.name(schema, table));
      }
    }
    List<String> statements =
        new ArrayList<>(ShellSql.onTables("GRANT SELECT", granted, "TO " + identifier(role)));
    statements.addAll(ShellSql.onTables("REVOKE SELECT", revoked, "FROM " + identifier(role)));
    return statements.isEmpty() ? List.of("SELECT") : statements;
  }
}
