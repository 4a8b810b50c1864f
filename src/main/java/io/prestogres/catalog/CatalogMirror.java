package io.prestogres.catalog;

import io.prestogres.config.Address;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.ResultsConfig;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.metrics.MirrorOutcome;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The {@code setup_system_catalog} step of one instance: makes sure, when a client connects, that
 * the shells of its database are there and fresh. However many clients come at once, one refresh
 * runs for a database. May be called from any thread; works on a context of its own.
 */
public final class CatalogMirror {
  private static final System.Logger LOG = System.getLogger(CatalogMirror.class.getName());

  /** Never mirrored into unless named: clients log in to them by default. */
  private static final Set<String> PLAIN = Set.of("postgres", "template0", "template1");

  private final Vertx vertx;
  private final Context context;
  private final InstanceConfig config;
  private final ControlConnections connections;
  private final EndpointPasswords passwords;
  private final CatalogReader reader;
  private final TableFunctionSetup tableFunction;
  private final InstanceMetrics metrics;
  private final Clock clock;
  private final Map<String, Entry> entries = new HashMap<>();
  private Optional<Set<String>> catalogs = Optional.empty();
  private Instant catalogsRead = Instant.MIN;

  /** What is known of one database; touched on the mirror's context only. */
  private static final class Entry {
    Optional<MirroredDatabase> database = Optional.empty();
    Instant refreshed = Instant.MIN;
    Optional<Future<Setup>> running = Optional.empty();
    Set<String> roles = Set.of();
    boolean founded;
  }

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

  /** The mirror of one instance. */
  public CatalogMirror(
      Vertx vertx,
      InstanceConfig config,
      ControlConnections connections,
      EndpointPasswords passwords,
      PljavaSessions sessions,
      PrestoClient presto,
      PrestoSession metadataSession,
      InstanceMetrics metrics,
      Clock clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.config = config;
    this.connections = connections;
    this.passwords = passwords;
    this.reader = new CatalogReader(presto, metadataSession, config.catalog().unlistedSchemas());
    this.tableFunction = new TableFunctionSetup(connections, config.tableFunction(), sessions);
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Sets up a database for a role that logs in.
   *
   * @return never fails, and completes within {@code catalog.connect-timeout}: what cannot be done
   *     is a warning
   */
  public Future<Setup> setUp(String database, String role) {
    Promise<Setup> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            config.catalog().connectTimeout().toMillis(),
            late ->
                promise.tryComplete(
                    new Setup(
                        current(database),
                        List.of(
                            "the tables of Presto are still being read; reconnect to see all"))));
    context.runOnContext(
        v ->
            Future.succeededFuture()
                .compose(begin -> fresh(database, role))
                .onComplete(
                    done -> {
                      vertx.cancelTimer(timer);
                      promise.tryComplete(
                          done.succeeded()
                              ? done.result()
                              : new Setup(current(database), List.of(reason(done.cause()))));
                    }));
    return promise.future();
  }

  /** The database as it was last seen, if it is mirrored. */
  public Optional<MirroredDatabase> current(String database) {
    synchronized (entries) {
      return Optional.ofNullable(entries.get(database)).flatMap(entry -> entry.database);
    }
  }

  private Entry entry(String database) {
    synchronized (entries) {
      return entries.computeIfAbsent(database, name -> new Entry());
    }
  }

  private Future<Setup> fresh(String database, String role) {
    Entry entry = entry(database);
    if (entry.running.isPresent()) {
      return entry.running.get();
    }
    boolean fresh =
        entry.database.isPresent()
            && entry.refreshed.plus(config.catalog().refresh()).isAfter(clock.instant());
    if (fresh && entry.roles.contains(role)) {
      return Future.succeededFuture(new Setup(entry.database, List.of()));
    }
    Future<Setup> refresh =
        fresh
            ? mapRoles(database, entry).map(done -> new Setup(entry.database, List.of()))
            : refresh(database, entry);
    entry.running = Optional.of(refresh);
    return refresh.onComplete(done -> entry.running = Optional.empty());
  }

  private Future<Setup> refresh(String database, Entry entry) {
    long start = System.nanoTime();
    return catalogFor(database)
        .compose(
            catalog ->
                catalog.isPresent()
                    ? reader
                        .read(catalog.get())
                        .compose(metadata -> mirror(database, entry, metadata))
                        .onSuccess(outcome -> metrics.mirrored(outcome, System.nanoTime() - start))
                        .map(outcome -> new Setup(entry.database, List.of()))
                    : Future.succeededFuture(Setup.plain()))
        .onFailure(failure -> metrics.mirrored(MirrorOutcome.FAILED, System.nanoTime() - start))
        .recover(
            failure ->
                failure instanceof PrestoException
                    ? standing(database, entry, failure)
                    : Future.failedFuture(failure));
  }

  /** The Presto catalog that is shown in a database. */
  private Future<Optional<String>> catalogFor(String database) {
    String fixed = config.presto().catalog();
    if (!fixed.isEmpty()) {
      return Future.succeededFuture(
          Optional.of(fixed).filter(catalog -> config.presto().databases().contains(database)));
    }
    if (PLAIN.contains(database)) {
      return Future.succeededFuture(Optional.empty());
    }
    return catalogs()
        .map(names -> names.contains(database) ? Optional.of(database) : Optional.empty());
  }

  private Future<Set<String>> catalogs() {
    if (catalogs.isPresent()
        && catalogsRead.plus(config.catalog().refresh()).isAfter(clock.instant())) {
      return Future.succeededFuture(catalogs.get());
    }
    return reader
        .catalogs()
        .onSuccess(
            names -> {
              catalogs = Optional.of(names);
              catalogsRead = clock.instant();
            });
  }

  private Future<MirrorOutcome> mirror(String database, Entry entry, PrestoMetadata metadata) {
    return withStore(
        database,
        store ->
            store
                .lock()
                .compose(locked -> entry.founded ? done() : found(store, database))
                .compose(founded -> update(store, database, entry, metadata))
                .eventually(store::unlock));
  }

  private <T> Future<T> withStore(String database, Function<MirrorStore, Future<T>> work) {
    return connections
        .pool(database)
        .withConnection(connection -> work.apply(new MirrorStore(connection)));
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private Future<Void> found(MirrorStore store, String database) {
    ResultsConfig results = config.results();
    Address address =
        results.address().isEmpty()
            ? new Address(results.host(), results.port())
            : Address.parse(results.address());
    return store.found(address.host(), address.port(), database, tableFunction);
  }

  private Future<MirrorOutcome> update(
      MirrorStore store, String database, Entry entry, PrestoMetadata metadata) {
    entry.founded = true;
    String catalog = metadata.catalog();
    return store
        .read(catalog)
        .compose(
            standing -> {
              CatalogDiff.Result diff = CatalogDiff.of(metadata, standing);
              return change(store, diff)
                  .compose(
                      problems ->
                          (diff.changes().isEmpty()
                                  ? Future.succeededFuture(standing)
                                  : store.read(catalog))
                              .onSuccess(
                                  now ->
                                      entry.database =
                                          Optional.of(updated(entry, database, metadata, now)))
                              .compose(now -> learnRoles(store, database, entry))
                              .map(mapped -> outcome(diff, problems)));
            })
        .onSuccess(outcome -> entry.refreshed = clock.instant());
  }

  /** Makes the changes and writes down what is left out. */
  private static Future<List<CatalogProblem>> change(MirrorStore store, CatalogDiff.Result diff) {
    return store
        .apply(diff.changes())
        .compose(
            failed -> {
              List<CatalogProblem> problems =
                  Stream.concat(diff.problems().stream(), failed.stream()).toList();
              return store.writeProblems(problems).map(problems);
            });
  }

  private static MirrorOutcome outcome(CatalogDiff.Result diff, List<CatalogProblem> problems) {
    if (!problems.isEmpty()) {
      return MirrorOutcome.PARTIAL;
    }
    return diff.changes().isEmpty() ? MirrorOutcome.UNCHANGED : MirrorOutcome.CHANGED;
  }

  private static MirroredDatabase updated(
      Entry entry, String database, PrestoMetadata metadata, StandingCatalog standing) {
    boolean nanIsGreatest = metadata.nanIsGreatest();
    entry.database.ifPresent(known -> known.update(standing, nanIsGreatest));
    return entry.database.orElseGet(
        () -> new MirroredDatabase(database, metadata.catalog(), standing, nanIsGreatest));
  }

  private Future<Void> mapRoles(String database, Entry entry) {
    return withStore(database, store -> learnRoles(store, database, entry));
  }

  private Future<Void> learnRoles(MirrorStore store, String database, Entry entry) {
    return store
        .secret()
        .onSuccess(secret -> passwords.remember(database, secret))
        .compose(store::mapRoles)
        .onSuccess(roles -> entry.roles = roles)
        .mapEmpty();
  }

  /** Presto does not answer: what stands is used, and the user is told. */
  private Future<Setup> standing(String database, Entry entry, Throwable failure) {
    String warning = "the tables of Presto cannot be refreshed: " + failure.getMessage();
    LOG.log(System.Logger.Level.WARNING, "database {0}: {1}", database, warning);
    if (entry.database.isPresent()) {
      return Future.succeededFuture(new Setup(entry.database, List.of(warning)));
    }
    return withStore(
            database,
            store ->
                store
                    .founded()
                    .compose(
                        founded ->
                            founded
                                ? store.read(catalogName(database)).map(Optional::of)
                                : Future.succeededFuture(Optional.<StandingCatalog>empty())))
        .map(
            standing -> {
              entry.database =
                  standing.map(
                      what -> new MirroredDatabase(database, catalogName(database), what, false));
              return new Setup(entry.database, List.of(warning));
            });
  }

  private String catalogName(String database) {
    return config.presto().catalog().isEmpty() ? database : config.presto().catalog();
  }

  private String reason(Throwable failure) {
    LOG.log(System.Logger.Level.WARNING, "setup_system_catalog failed", failure);
    return "the tables of Presto cannot be set up: " + failure.getMessage();
  }
}
