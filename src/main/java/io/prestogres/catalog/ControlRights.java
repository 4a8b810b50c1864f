package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/**
 * What the control role and {@link Foundation#OWNER} have to have in a database. What is missing is
 * taken, where the control role may do that, as a superuser may; else the failure names the
 * statement that somebody has to run.
 */
final class ControlRights {
  private static final String WHO_AND_WHERE =
      "SELECT current_user::text AS control, pg_catalog.current_database()::text AS database";

  /** Since PostgreSQL 16 there are members that have a role's rights, but may not take it on. */
  private static final String MEMBERSHIP =
      "pg_catalog.pg_has_role('prestogres_owner', 'USAGE')"
          + " AND CASE WHEN pg_catalog.current_setting('server_version_num')::integer < 160000"
          + " THEN pg_catalog.pg_has_role('prestogres_owner', 'MEMBER')"
          + " ELSE pg_catalog.pg_has_role('prestogres_owner', 'SET') END";

  private final SqlConnection connection;
  private final String database;

  /**
   * A right.
   *
   * @param name as it stands in a message
   * @param question SQL that is true if it is there; may rest on the rights before this one
   * @param statement what gives it
   */
  private record Right(String name, String question, String statement) {}

  private ControlRights(SqlConnection connection, String database) {
    this.connection = connection;
    this.database = database;
  }

  /** Sees to it that all are there; fails with the statement that gives the first that is not. */
  static Future<Void> claim(SqlConnection connection) {
    return connection
        .query(WHO_AND_WHERE)
        .execute()
        .map(rows -> rows.iterator().next())
        .compose(
            row -> {
              String database = row.getString("database");
              ControlRights rights = new ControlRights(connection, database);
              Future<Void> claimed = Future.succeededFuture();
              for (Right right : needed(row.getString("control"), database)) {
                claimed = claimed.compose(done -> rights.claim(right));
              }
              return claimed;
            });
  }

  private static List<Right> needed(String control, String database) {
    return List.of(
        new Right(
            "a role prestogres_owner",
            "EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'prestogres_owner')",
            "CREATE ROLE prestogres_owner NOLOGIN"),
        new Right(
            "the control role, itself INHERIT, as a member of prestogres_owner",
            MEMBERSHIP,
            "GRANT prestogres_owner TO " + identifier(control)),
        new Right(
            "the extension postgres_fdw",
            "EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'postgres_fdw')",
            "CREATE EXTENSION postgres_fdw SCHEMA pg_catalog"),
        new Right(
            "the use of postgres_fdw",
            "pg_catalog.has_foreign_data_wrapper_privilege("
                + "'prestogres_owner', 'postgres_fdw', 'USAGE')",
            "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO prestogres_owner"),
        new Right(
            "the right to make schemas",
            "pg_catalog.has_database_privilege("
                + "'prestogres_owner', pg_catalog.current_database(), 'CREATE')",
            "GRANT CREATE ON DATABASE " + identifier(database) + " TO prestogres_owner"));
  }

  private Future<Void> claim(Right right) {
    return stands(right).compose(stands -> stands ? Future.<Void>succeededFuture() : take(right));
  }

  private Future<Boolean> stands(Right right) {
    return connection
        .query("SELECT " + right.question() + " AS stands")
        .execute()
        .map(rows -> rows.iterator().next().getBoolean("stands"));
  }

  /** Whether it worked shows afterwards: of a GRANT without effect PostgreSQL only warns. */
  private Future<Void> take(Right right) {
    return connection
        .query(right.statement())
        .execute()
        .map("")
        .recover(
            failure ->
                failure instanceof PgException refusal
                    ? Future.succeededFuture("; PostgreSQL says: " + refusal.getErrorMessage())
                    : Future.failedFuture(failure))
        .compose(
            refusal ->
                stands(right)
                    .compose(
                        stands ->
                            stands
                                ? Future.succeededFuture()
                                : Future.failedFuture(missing(right, refusal))));
  }

  private String missing(Right right, String refusal) {
    return "database "
        + database
        + " needs "
        + right.name()
        + ": have "
        + right.statement()
        + " run there (docs/managed-postgresql.md)"
        + refusal;
  }

  /**
   * The rights on the schema that is not the mirror's own, as a statement of the control role that
   * fails without them.
   */
  static String onPublic() {
    return """
        DO $$ BEGIN
          IF NOT pg_catalog.has_schema_privilege('prestogres_owner', 'public', 'USAGE')
             OR NOT pg_catalog.has_schema_privilege('prestogres_owner', 'public', 'CREATE') THEN
            BEGIN
              GRANT USAGE, CREATE ON SCHEMA public TO prestogres_owner;
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
            IF NOT pg_catalog.has_schema_privilege('prestogres_owner', 'public', 'CREATE') THEN
              RAISE insufficient_privilege USING MESSAGE =
                'have GRANT USAGE, CREATE ON SCHEMA public TO prestogres_owner run here';
            END IF;
          END IF;
        END $$""";
  }
}
