package io.prestogres.catalog;

import io.prestogres.config.InstanceConfig.TableFunction;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the table function in a database, over the provider that the configuration names or, left
 * the choice, over PL/Java where that is ready and over postgres_fdw elsewhere. Thread-safe.
 */
final class TableFunctionSetup {
  private static final System.Logger LOG = System.getLogger(TableFunctionSetup.class.getName());

  /** The first line of PL/Java that the functions were tested with. */
  private static final int OLDEST_MINOR = 6;

  private static final Pattern EXTENSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private final ControlConnections connections;
  private final TableFunction wanted;
  private final PljavaSessions sessions;

  TableFunctionSetup(
      ControlConnections connections, TableFunction wanted, PljavaSessions sessions) {
    this.connections = connections;
    this.wanted = wanted;
    this.sessions = sessions;
  }

  /**
   * Makes it, or replaces what stands.
   *
   * @return fails if PL/Java was asked for and is not ready, with what the operator has to do
   */
  Future<Void> make(MirrorStore store, String database) {
    return switch (wanted) {
      case LOOPBACK -> loopback(store, database);
      case PLJAVA -> pljava(database).recover(TableFunctionSetup::refuse);
      case AUTO ->
          pljava(database)
              .recover(
                  failure -> {
                    LOG.log(
                        System.Logger.Level.INFO,
                        "database {0}: the table function uses postgres_fdw, not PL/Java: {1}",
                        database,
                        failure.getMessage());
                    return loopback(store, database);
                  });
    };
  }

  /**
   * Uses what an earlier life of the proxy has made, while Presto cannot be asked: a session must
   * not ask Presto later as that life would have. Never fails.
   */
  Future<Void> takeWhatStands(String database) {
    if (wanted == TableFunction.LOOPBACK) {
      return Future.succeededFuture();
    }
    return connections
        .pool(database)
        .query(PljavaFunction.STANDS)
        .execute()
        .compose(
            rows ->
                rows.iterator().next().getBoolean("stands")
                    ? sessions
                        .putEverybodyElse(database)
                        .onSuccess(done -> sessions.use(database, true))
                    : Future.succeededFuture())
        .otherwise(
            failure -> {
              LOG.log(
                  System.Logger.Level.WARNING,
                  "database {0}: the standing table function cannot be used: {1}",
                  database,
                  failure.getMessage());
              return null;
            });
  }

  private Future<Void> loopback(MirrorStore store, String database) {
    return store
        .execute(Foundation.tableFunction())
        .onSuccess(done -> sessions.use(database, false));
  }

  private static Future<Void> refuse(Throwable failure) {
    return Future.failedFuture(
        "table-function is pljava, but "
            + failure.getMessage()
            + "\n"
            + PljavaFunction.instructions());
  }

  /** On a connection of its own: where a JVM has started, a backend no longer hears all signals. */
  private Future<Void> pljava(String database) {
    return connections
        .connect(database)
        .compose(
            connection ->
                checkPrerequisites(connection)
                    .compose(done -> execute(connection, PljavaFunction.extension()))
                    .compose(done -> checkVersions(connection))
                    .compose(done -> execute(connection, PljavaFunction.objects()))
                    .compose(done -> sessions.putEverybodyElse(database))
                    .compose(done -> execute(connection, PljavaFunction.tableFunction()))
                    .eventually(connection::close))
        .onSuccess(done -> sessions.use(database, true));
  }

  private static Future<Void> execute(PgConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }

  private static Future<Void> checkPrerequisites(PgConnection connection) {
    return connection
        .query(PljavaFunction.PREREQUISITES)
        .execute()
        .compose(
            rows -> {
              Row found = rows.iterator().next();
              if (!found.getBoolean("available")) {
                return Future.failedFuture("PL/Java is not installed in PostgreSQL");
              }
              return found.getBoolean("class_path")
                  ? Future.succeededFuture()
                  : Future.failedFuture("pljava.vmoptions has no class path");
            });
  }

  private static Future<Void> checkVersions(PgConnection connection) {
    return connection
        .query(PljavaFunction.VERSION)
        .execute()
        .compose(
            rows -> {
              Row found = rows.iterator().next();
              String extension = found.getString("extension");
              String[] jar = found.getString("jar").split(" ", 2);
              if (!isRecent(extension)) {
                return Future.failedFuture("PL/Java " + extension + " is older than 1.6");
              }
              return jar[0].equals(PljavaFunction.CONTRACT)
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      "the jar on PL/Java's class path, of release "
                          + jar[jar.length - 1]
                          + ", is not this proxy's");
            });
  }

  private static boolean isRecent(String extension) {
    Matcher version = EXTENSION.matcher(extension);
    if (!version.matches()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 1 || (major == 1 && Integer.parseInt(version.group(2)) >= OLDEST_MINOR);
  }
}
