package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.config.Address;
import io.prestogres.config.ResultsConfig;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Optional;

/**
 * The two foreign servers of one database, by which PostgreSQL comes to a results endpoint. Of
 * several proxies that mirror into the database they lead to the one that came last; where nobody
 * answers there any more, they are made to lead here. Touched on the mirror's context only.
 */
final class EndpointServers {
  private static final System.Logger LOG = System.getLogger(EndpointServers.class.getName());

  /** Between two looks; a client in a hurry may see an error for each statement. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * Has PostgreSQL connect, which it does before it finds that no row is wanted. A constant limit
   * it would send.
   */
  private static final String KNOCK =
      """
      SET ROLE prestogres_owner;
      SELECT message FROM prestogres.refresh_request
      LIMIT pg_catalog.floor(pg_catalog.random())::pg_catalog.int8
      """;

  /** Class 08, connection exceptions. */
  private static final String NO_CONNECTION = "08";

  private final MirrorParts parts;
  private final String database;
  private final Address address;
  private Optional<Future<Void>> running = Optional.empty();
  private long lookedNanos = System.nanoTime() - PAUSE.toNanos();

  EndpointServers(MirrorParts parts, String database) {
    this.parts = parts;
    this.database = database;
    ResultsConfig results = parts.config().results();
    this.address =
        results.address().isEmpty()
            ? new Address(results.host(), results.port())
            : Address.parse(results.address());
  }

  /** What makes them, or has them lead here; run as the control role. */
  String sql() {
    return Foundation.servers(address.host(), address.port(), database);
  }

  /** Does what {@link #recover()} does if they lead elsewhere; never fails. */
  Future<Void> check(SqlClient connection) {
    return leadHere(connection)
        .compose(here -> here ? Future.<Void>succeededFuture() : recover())
        .recover(this::tell);
  }

  /**
   * Has them lead here if nobody answers where they lead; looks once in a second at most. On a
   * connection of its own: none of the pool may be free, and PostgreSQL would keep the one it has
   * to the endpoint.
   *
   * @return completes when that is done; never fails
   */
  Future<Void> recover() {
    if (running.isPresent()) {
      return running.get();
    }
    if (System.nanoTime() - lookedNanos < PAUSE.toNanos()) {
      return Future.succeededFuture();
    }
    Future<Void> look =
        parts
            .connections()
            .connect(database)
            .compose(
                connection ->
                    leadHere(connection)
                        .compose(
                            here ->
                                here
                                    ? Future.<Void>succeededFuture()
                                    : takeOverIfSilent(connection))
                        .eventually(connection::close))
            .recover(this::tell);
    running = Optional.of(look);
    return look.onComplete(
        done -> {
          running = Optional.empty();
          lookedNanos = System.nanoTime();
        });
  }

  private Future<Boolean> leadHere(SqlClient connection) {
    String sql =
        """
        SELECT pg_catalog.count(*) = 2 AS here FROM pg_catalog.pg_foreign_server
        WHERE srvname IN ('%s', '%s') AND srvoptions @> ARRAY[%s, %s, %s]
        """
            .formatted(
                Foundation.RESULTS_SERVER,
                Foundation.SCAN_SERVER,
                literal("host=" + address.host()),
                literal("port=" + address.port()),
                literal("dbname=" + database));
    return connection.query(sql).execute().map(rows -> rows.iterator().next().getBoolean("here"));
  }

  private Future<Void> takeOverIfSilent(SqlConnection connection) {
    return run(connection, KNOCK)
        .recover(
            failure ->
                failure instanceof PgException error
                        && error.getSqlState().startsWith(NO_CONNECTION)
                    ? takeOver(connection, failure)
                    : Future.failedFuture(failure));
  }

  private Future<Void> takeOver(SqlConnection connection, Throwable silent) {
    return run(connection, sql())
        .onSuccess(
            done ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "database {0}: PostgreSQL asks this proxy from now on, since another does not"
                        + " answer: {1}",
                    database,
                    silent.getMessage()));
  }

  private static Future<Void> run(SqlConnection connection, String sql) {
    return connection.query(sql).execute().mapEmpty();
  }

  private Future<Void> tell(Throwable failure) {
    LOG.log(
        System.Logger.Level.WARNING,
        "database {0}: it cannot be seen to whom PostgreSQL leads: {1}",
        database,
        failure.getMessage());
    return Future.succeededFuture();
  }
}
