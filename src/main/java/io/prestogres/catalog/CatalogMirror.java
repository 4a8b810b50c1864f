package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.PrestoConfig;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The {@code setup_system_catalog} step of one instance: makes sure, when a client connects, that
 * the shells of its database are there and fresh, and keeps them so while it is connected. However
 * many clients come at once, one refresh runs for a database. May be called from any thread; works
 * on a context of its own.
 */
public final class CatalogMirror {
  private final Vertx vertx;
  private final Context context;
  private final InstanceConfig config;
  private final MirrorParts parts;
  private final PrestoCatalogs catalogs;
  private final DatabasePreparation preparation;
  private final Map<String, RefreshFlight> flights = new ConcurrentHashMap<>();
  private volatile Supplier<Map<String, Set<String>>> inUse = Map::of;

  /**
   * What a session starts with.
   *
   * @param database empty if no catalog is shown in the database
   * @param warnings what the user has to be told
   */
  public record Setup(Optional<MirroredDatabase> database, List<String> warnings) {
    /** The same with one more warning. */
    public Setup withWarning(String warning) {
      return new Setup(database, Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }

    /** Plain PostgreSQL. */
    public static Setup plain() {
      return new Setup(Optional.empty(), List.of());
    }
  }

  /**
   * The mirror of one instance.
   *
   * @param userSessions as whom Presto is asked on behalf of a role
   */
  public CatalogMirror(
      Vertx vertx,
      InstanceConfig config,
      ControlConnections connections,
      EndpointPasswords passwords,
      PljavaSessions sessions,
      PrestoClient presto,
      PrestoSession metadataSession,
      Function<String, PrestoSession> userSessions,
      InstanceMetrics metrics,
      Clock clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    SchemaReader.Dialect dialect =
        config.presto().flavor() == PrestoConfig.Flavor.TRINO
            ? SchemaReader.Dialect.TRINO
            : SchemaReader.Dialect.PRESTO;
    CatalogReader reader =
        new CatalogReader(vertx, presto, metadataSession, dialect, config.catalog());
    this.parts =
        new MirrorParts(
            vertx,
            config,
            connections,
            passwords,
            new TableFunctionSetup(connections, config.tableFunction(), sessions),
            reader,
            userSessions,
            metrics,
            clock);
    this.catalogs = new PrestoCatalogs(config, reader, clock);
    this.preparation = new DatabasePreparation(config.catalog(), connections, catalogs);
  }

  /**
   * Does to a database what has to be done before PostgreSQL sees the client.
   *
   * @return never fails, and completes within {@code catalog.connect-timeout}
   */
  public Future<Void> prepare(String database) {
    if (!preparation.isNeeded()) {
      return Future.succeededFuture();
    }
    return withinConnectTimeout(() -> preparation.prepare(database));
  }

  /**
   * Does something on the mirror's context, and completes when it is done, well or not, or late.
   */
  private Future<Void> withinConnectTimeout(Supplier<Future<Void>> work) {
    Promise<Void> promise = Promise.promise();
    long timer =
        vertx.setTimer(config.catalog().connectTimeout().toMillis(), late -> promise.tryComplete());
    context.runOnContext(
        v ->
            work.get()
                .onComplete(
                    done -> {
                      vertx.cancelTimer(timer);
                      promise.tryComplete();
                    }));
    return promise.future();
  }

  /**
   * Sets up a database for a role that logs in.
   *
   * @param notice told at once if the client has to wait for a first mirror
   * @return never fails, and completes within {@code catalog.connect-timeout}: what cannot be done
   *     is a warning
   */
  public Future<Setup> setUp(String database, String role, Consumer<String> notice) {
    Promise<Setup> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            config.catalog().connectTimeout().toMillis(),
            late ->
                promise.tryComplete(
                    new Setup(
                        current(database),
                        List.of("the tables of Presto are still being read; they appear later"))));
    context.runOnContext(
        v ->
            Future.succeededFuture()
                .compose(begin -> flight(database).setUp(role, notice))
                .onComplete(
                    done -> {
                      vertx.cancelTimer(timer);
                      promise.tryComplete(
                          done.succeeded()
                              ? done.result()
                              : new Setup(
                                  current(database),
                                  List.of(
                                      "the tables of Presto cannot be set up: "
                                          + done.cause().getMessage())));
                    }));
    return promise.future();
  }

  /**
   * Refreshes a database, whatever its age: what Presto had when this was called is there when the
   * future completes.
   *
   * @param schema whose tables are read from now on, where schemas are read lazily
   * @return what the user has to be told; fails if nothing could be done
   */
  public Future<List<String>> refresh(String database, Optional<String> schema) {
    Promise<List<String>> promise = Promise.promise();
    context.runOnContext(
        v ->
            Future.succeededFuture()
                .compose(begin -> flight(database).refresh(schema, roles(database)))
                .onComplete(promise));
    return promise.future();
  }

  /**
   * Refreshes one schema of a database: what Presto had in it when this was called is there when
   * the future completes.
   *
   * @return as {@link #refresh} has it
   */
  public Future<List<String>> refreshSchema(String database, String schema) {
    Promise<List<String>> promise = Promise.promise();
    context.runOnContext(
        v ->
            Future.succeededFuture()
                .compose(begin -> flight(database).refreshSchema(schema, roles(database)))
                .onComplete(promise));
    return promise.future();
  }

  /**
   * Has PostgreSQL come to the results endpoint of this proxy, if the one that it is led to does
   * not answer. Looks once in a second at most.
   *
   * @return completes when that is done, within {@code catalog.connect-timeout}; never fails
   */
  public Future<Void> recoverServers(String database) {
    if (current(database).isEmpty()) {
      return Future.succeededFuture();
    }
    return withinConnectTimeout(() -> flight(database).recoverServers());
  }

  /** The database as it was last seen, if it is mirrored. */
  public Optional<MirroredDatabase> current(String database) {
    return Optional.ofNullable(flights.get(database)).flatMap(RefreshFlight::current);
  }

  /**
   * From now on refreshes databases that are in use, a little before they are as old as they may
   * be, so that nobody who connects has to wait.
   *
   * @param inUse the databases somebody is connected to, and the roles that are
   */
  public void keepFresh(Supplier<Map<String, Set<String>>> inUse) {
    this.inUse = inUse;
    long often = Math.max(50, Math.min(5_000, config.catalog().refresh().toMillis() / 8));
    vertx.setPeriodic(
        often,
        tick ->
            context.runOnContext(
                v -> {
                  Map<String, Set<String>> used = inUse.get();
                  flights.forEach(
                      (database, flight) ->
                          Optional.ofNullable(used.get(database)).ifPresent(flight::refreshIfOld));
                }));
  }

  private Set<String> roles(String database) {
    return inUse.get().getOrDefault(database, Set.of());
  }

  private RefreshFlight flight(String database) {
    return flights.computeIfAbsent(database, name -> new RefreshFlight(name, catalogs, parts));
  }

  /** Whether connecting clients may wait for a mirror at all. */
  static boolean waits(CatalogConfig config, boolean isThere) {
    return switch (config.waitFor()) {
      case FRESH -> true;
      case FIRST -> !isThere;
      case NOTHING -> false;
    };
  }
}
