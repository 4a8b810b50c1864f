package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;

import io.prestogres.config.CatalogConfig;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has to be done to a database before PostgreSQL sees the client: make it, if the
 * configuration allows that and Presto has a catalog of its name, and set where its search_path
 * begins. Both concern catalogs of Presto alone, so whoever is not let in later has gained nothing.
 * Touched on the mirror's context only.
 */
final class DatabasePreparation {
  private static final System.Logger LOG = System.getLogger(DatabasePreparation.class.getName());

  /** The key of the advisory lock under which databases are made: "prestodb" in ASCII. */
  private static final long LOCK = 0x7072_6573_746f_6462L;

  private static final String DUPLICATE_DATABASE = "42P04";

  /** What follows the first schema in a search_path of ours. */
  private static final String REST = ", \"$user\", public";

  /** The search_path of a database, where it has one of its own. */
  private static final String SEARCH_PATH =
      """
      SELECT pg_catalog.substr(c.setting, 13) AS path
      FROM pg_catalog.pg_db_role_setting s
      JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
      LATERAL pg_catalog.unnest(s.setconfig) AS c (setting)
      WHERE d.datname = $1 AND s.setrole = 0 AND pg_catalog.starts_with(c.setting, 'search_path=')
      """;

  private static final int MOST_TOLD = 100;

  private final CatalogConfig config;
  private final ControlConnections connections;
  private final PrestoCatalogs catalogs;
  private final Map<String, Future<Void>> done = new HashMap<>();

  /** What the log was told last; databases are named by whoever connects, so it is bounded. */
  private final Map<String, String> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_TOLD;
        }
      };

  DatabasePreparation(
      CatalogConfig config, ControlConnections connections, PrestoCatalogs catalogs) {
    this.config = config;
    this.connections = connections;
    this.catalogs = catalogs;
  }

  /** Whether there is ever anything to do. */
  boolean isNeeded() {
    return config.createDatabases() || !config.defaultSchema().isEmpty();
  }

  /** Never fails: what could not be done PostgreSQL tells the client in its own words. */
  Future<Void> prepare(String database) {
    Future<Void> known = done.get(database);
    Future<Void> work =
        known != null
            ? known
            : catalogs
                .of(database)
                .compose(
                    catalog ->
                        catalog.isPresent() ? once(database) : Future.<Void>succeededFuture());
    return work.recover(
        failure -> {
          String reason = String.valueOf(failure.getMessage());
          // Whoever connects tries again, but the log has been told.
          if (!reason.equals(told.put(database, reason))) {
            LOG.log(
                System.Logger.Level.WARNING,
                "database {0} cannot be prepared: {1}",
                database,
                reason);
          }
          return Future.succeededFuture();
        });
  }

  private Future<Void> once(String database) {
    Future<Void> running = done.get(database);
    if (running != null) {
      return running;
    }
    Future<Void> work = make(database);
    done.put(database, work);
    return work.onFailure(failure -> done.remove(database));
  }

  private Future<Void> make(String database) {
    return connections
        .pool("postgres")
        .withConnection(
            connection ->
                run(connection, "SELECT pg_catalog.pg_advisory_lock(" + LOCK + ")")
                    .compose(locked -> exists(connection, database))
                    .compose(
                        exists ->
                            exists || !config.createDatabases()
                                ? Future.succeededFuture(exists)
                                : create(connection, database).map(true))
                    .compose(
                        exists ->
                            exists && !config.defaultSchema().isEmpty()
                                ? setSearchPath(connection, database)
                                : Future.<Void>succeededFuture())
                    .eventually(
                        () ->
                            run(connection, "SELECT pg_catalog.pg_advisory_unlock(" + LOCK + ")")));
  }

  private static Future<Boolean> exists(SqlConnection connection, String database) {
    return connection
        .preparedQuery("SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1")
        .execute(Tuple.of(database))
        .map(rows -> rows.size() > 0);
  }

  /** Text has to be ordered as Presto orders it. */
  private static Future<Void> create(SqlConnection connection, String database) {
    String sql =
        "CREATE DATABASE "
            + identifier(database)
            + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'";
    return run(connection, sql)
        .onSuccess(
            made ->
                LOG.log(System.Logger.Level.INFO, "database {0} made for its catalog", database))
        .recover(
            failure ->
                // By somebody who does not know our lock.
                failure instanceof PgException error
                        && error.getSqlState().equals(DUPLICATE_DATABASE)
                    ? Future.succeededFuture()
                    : refused(failure, "ALTER ROLE … CREATEDB for the control role"));
  }

  /** One that somebody else has set for the database stays. */
  private Future<Void> setSearchPath(SqlConnection connection, String database) {
    return connection
        .preparedQuery(SEARCH_PATH)
        .execute(Tuple.of(database))
        .compose(
            rows -> {
              String path = identifier(config.defaultSchema()) + REST;
              boolean stays =
                  rows.size() > 0 && stays(rows.iterator().next().getString("path"), path);
              String set = "ALTER DATABASE " + identifier(database) + " SET search_path = " + path;
              return stays
                  ? Future.succeededFuture()
                  : run(connection, set).recover(failure -> refused(failure, set));
            });
  }

  /** With the statement that somebody has to run who may. */
  private static Future<Void> refused(Throwable failure, String statement) {
    return Future.failedFuture(failure.getMessage() + "; have " + statement + " run");
  }

  /** PostgreSQL writes names without quotes where they need none. */
  private static boolean stays(String standing, String wanted) {
    return !standing.endsWith(REST) || standing.replace("\"", "").equals(wanted.replace("\"", ""));
  }

  private static Future<Void> run(SqlConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }
}
