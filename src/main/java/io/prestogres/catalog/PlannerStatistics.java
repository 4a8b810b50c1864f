package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.sql.Shell;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;

/**
 * Tells PostgreSQL's planner how large the tables behind the shells of one database are, a few at a
 * time, in the background; nobody waits for it. What the connector tells is written if it is news.
 * Touched on the mirror's context only.
 */
final class PlannerStatistics {
  private static final System.Logger LOG = System.getLogger(PlannerStatistics.class.getName());

  private static final String ABILITIES =
      "SELECT pg_catalog.current_setting('server_version_num')::integer AS version, rolsuper"
          + " FROM pg_catalog.pg_roles WHERE rolname = current_user";

  private final MirrorParts parts;
  private final String database;
  private final String catalog;
  private final SlowRound rounds;
  private Optional<StatisticsSql> way = Optional.empty();
  private boolean unable;

  PlannerStatistics(MirrorParts parts, String database, String catalog) {
    this.parts = parts;
    this.database = database;
    this.catalog = catalog;
    this.rounds = new SlowRound(parts.clock());
  }

  /** Another round, if one is due and none runs. */
  void advance(MirroredDatabase mirrored) {
    if (!unable) {
      rounds.advance(
          mirrored.shells(),
          parts.config().catalog().statistics(),
          (oid, shell) ->
              learnWay()
                  .compose(
                      able ->
                          able
                              ? learn(way.orElseThrow(), shell, mirrored.isForeign(oid))
                              : Future.succeededFuture(false)));
    }
  }

  /** Whether there is one; nobody asks again if PostgreSQL has answered once. */
  private Future<Boolean> learnWay() {
    return way.isPresent()
        ? Future.succeededFuture(true)
        : pool()
            .query(ABILITIES)
            .execute()
            .map(rows -> rows.iterator().next())
            .map(row -> StatisticsSql.of(row.getInteger("version"), row.getBoolean("rolsuper")))
            .onSuccess(this::found)
            .map(Optional::isPresent)
            .recover(failure -> Future.succeededFuture(false));
  }

  private void found(Optional<StatisticsSql> found) {
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
  }

  private Pool pool() {
    return parts.connections().pool(database);
  }

  private Future<Boolean> learn(StatisticsSql sql, Shell shell, boolean foreign) {
    return parts
        .reader()
        .statistics(catalog, shell)
        .compose(
            told ->
                told.isEmpty()
                    ? Future.succeededFuture(true)
                    : QuietWrite.run(
                        pool(),
                        record(shell, told.get()),
                        () -> sql.write(shell, foreign, told.get())));
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
