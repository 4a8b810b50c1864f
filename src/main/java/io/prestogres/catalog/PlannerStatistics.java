package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.presto.PrestoException;
import io.prestogres.sql.Shell;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells PostgreSQL's planner how large the tables behind the shells of one database are, a few at a
 * time, in the background; nobody waits for it. What the connector tells is written if it is news.
 * Touched on the mirror's context only.
 */
final class PlannerStatistics {
  private static final System.Logger LOG = System.getLogger(PlannerStatistics.class.getName());

  /** Tables asked for in one round, one after the other. */
  private static final int ROUND = 20;

  private static final String ABILITIES =
      "SELECT pg_catalog.current_setting('server_version_num')::integer AS version, rolsuper"
          + " FROM pg_catalog.pg_roles WHERE rolname = current_user";

  private static final String BEGIN =
      "BEGIN; SET LOCAL lock_timeout = '500ms'; SET LOCAL synchronous_commit = off";

  private static final String TRY_LOCK =
      "SELECT pg_catalog.pg_try_advisory_xact_lock(" + MirrorStore.LOCK + ") AS free";

  private static final List<String> NOTHING = List.of("SELECT");

  private final MirrorParts parts;
  private final String database;
  private final String catalog;
  private final Map<Long, Instant> asked = new HashMap<>();
  private Optional<StatisticsSql> way = Optional.empty();
  private boolean unable;
  private boolean running;

  PlannerStatistics(MirrorParts parts, String database, String catalog) {
    this.parts = parts;
    this.database = database;
    this.catalog = catalog;
  }

  /** Another round, if one is due and none runs. */
  void advance(MirroredDatabase mirrored) {
    Duration age = parts.config().catalog().statistics();
    if (running || unable || age.isZero()) {
      return;
    }
    Instant now = parts.clock().instant();
    Map<Long, Shell> shells = mirrored.shells();
    List<Due> due = new ArrayList<>();
    for (Map.Entry<Long, Shell> shell : shells.entrySet()) {
      Instant last = asked.get(shell.getKey());
      if (due.size() < ROUND && (last == null || !last.plus(age).isAfter(now))) {
        due.add(new Due(shell.getKey(), shell.getValue(), mirrored.isForeign(shell.getKey())));
      }
    }
    if (due.isEmpty()) {
      return;
    }
    running = true;
    learnWay()
        .compose(done -> round(due, 0))
        .onFailure(
            failure ->
                LOG.log(
                    System.Logger.Level.DEBUG, "database {0}: no statistics", database, failure))
        .onComplete(
            done -> {
              running = false;
              asked.keySet().retainAll(shells.keySet());
            });
  }

  private Future<Void> learnWay() {
    return way.isPresent()
        ? Future.succeededFuture()
        : pool()
            .query(ABILITIES)
            .execute()
            .map(rows -> rows.iterator().next())
            .map(row -> StatisticsSql.of(row.getInteger("version"), row.getBoolean("rolsuper")))
            .onSuccess(
                found -> {
                  way = found;
                  unable = found.isEmpty();
                  if (unable) {
                    LOG.log(
                        System.Logger.Level.INFO,
                        "database {0}: PostgreSQL''s planner is not told how large tables are,"
                            + " because the control role is no superuser and PostgreSQL is older"
                            + " than 18",
                        database);
                  }
                })
            .mapEmpty();
  }

  private Pool pool() {
    return parts.connections().pool(database);
  }

  /** A shell of which is asked. */
  private record Due(long oid, Shell shell, boolean foreign) {}

  private Future<Void> round(List<Due> due, int next) {
    if (next == due.size() || way.isEmpty()) {
      return Future.succeededFuture();
    }
    Due asking = due.get(next);
    return parts
        .reader()
        .statistics(catalog, asking.shell())
        .compose(
            told ->
                told.isEmpty()
                    ? Future.succeededFuture(true)
                    : write(way.get(), asking, told.get()))
        .recover(failure -> passOver(asking.shell(), failure))
        .compose(
            done -> {
              if (!done) {
                return Future.succeededFuture();
              }
              asked.put(asking.oid(), parts.clock().instant());
              return round(due, next + 1);
            });
  }

  /** A view has none, and a table may be gone; but where nobody answers, nobody is asked again. */
  private static Future<Boolean> passOver(Shell shell, Throwable failure) {
    LOG.log(
        System.Logger.Level.DEBUG,
        "no statistics of {0}.{1}: {2}",
        shell.schema(),
        shell.name(),
        failure.getMessage());
    boolean unreachable =
        failure instanceof PrestoException error && error.sqlState().startsWith("08");
    return Future.succeededFuture(!unreachable);
  }

  /**
   * Writes what is news, on a connection that is kept no longer than that.
   *
   * @return false if a refresh, of this proxy or another, is at work, which has to be waited for
   */
  private Future<Boolean> write(StatisticsSql sql, Due due, TableStatistics statistics) {
    return pool()
        .withConnection(
            connection ->
                run(connection, BEGIN)
                    .compose(begun -> run(connection, TRY_LOCK))
                    .map(rows -> rows.iterator().next().getBoolean("free"))
                    .compose(
                        free ->
                            free
                                ? writeNews(connection, sql, due, statistics).map(true)
                                : run(connection, "ROLLBACK").map(false))
                    .recover(
                        failure ->
                            run(connection, "ROLLBACK")
                                .transform(rolled -> Future.failedFuture(failure))));
  }

  private static Future<RowSet<Row>> writeNews(
      SqlConnection connection, StatisticsSql sql, Due due, TableStatistics statistics) {
    return run(connection, record(due.shell(), statistics))
        .map(rows -> rows.size() > 0 ? sql.write(due.shell(), due.foreign(), statistics) : NOTHING)
        .compose(work -> run(connection, String.join("; ", work) + "; COMMIT"));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql) {
    return connection.query(sql).execute();
  }

  /** Changes nothing, and returns nothing, if the same is written down already. */
  private static String record(Shell shell, TableStatistics statistics) {
    String json = literal(statistics.toJson()) + "::jsonb";
    return "UPDATE prestogres.shell SET statistics = "
        + json
        + " WHERE schema_name = "
        + literal(shell.schema())
        + " AND table_name = "
        + literal(shell.name())
        + " AND statistics IS DISTINCT FROM "
        + json
        + " RETURNING true";
  }
}
