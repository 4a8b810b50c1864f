package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import io.prestogres.metrics.MirrorOutcome;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The mirror of one catalog in one database: what is known of it, and what a refresh does, one at a
 * time. Touched on the mirror's context only, but for {@link #current}.
 */
final class DatabaseMirror {
  /** From so many changes on, a second connection helps to make them. */
  private static final int MANY = 100;

  private final String database;
  private final String catalog;
  private final MirrorParts parts;
  private final ChangeApplier applier;
  private final ChangeApplier childApplier;
  private final PlannerStatistics statistics;
  private final TableComments comments;
  private final UserVisibility visibility;
  private final EndpointServers servers;
  private final Set<String> opened = new HashSet<>();
  private final Set<String> read = new HashSet<>();
  private volatile Optional<MirroredDatabase> current = Optional.empty();
  private Set<String> roles = Set.of();
  private boolean founded;
  private boolean mirrored;
  private Instant refreshed = Instant.MIN;

  /**
   * A mirror of which nothing is known yet.
   *
   * @param catalog the Presto catalog that is shown in the database
   */
  DatabaseMirror(String database, String catalog, MirrorParts parts) {
    this.database = database;
    this.catalog = catalog;
    this.parts = parts;
    this.applier = new ChangeApplier(parts.config().catalog().refresh(), parts.clock());
    this.childApplier = new ChangeApplier(parts.config().catalog().refresh(), parts.clock());
    this.statistics = new PlannerStatistics(parts, database, catalog);
    this.comments = new TableComments(parts, database, catalog);
    this.servers = new EndpointServers(parts, database);
    this.visibility =
        new UserVisibility(
            parts,
            database,
            catalog,
            () -> current.map(MirroredDatabase::shellSchemas).orElse(Set.of()));
  }

  /** The database as it was last seen; safe on every thread. */
  Optional<MirroredDatabase> current() {
    return current;
  }

  /** Whether a refresh has ever come to its end, now or in an earlier life of the proxy. */
  boolean isThere() {
    return mirrored;
  }

  /** When the last refresh that succeeded came to its end. */
  Instant refreshed() {
    return refreshed;
  }

  /** Whether the role can come to the results endpoint. */
  boolean knows(String role) {
    return roles.contains(role);
  }

  /** Asks Presto how large a few tables are, and for their comments, if that is due. */
  void learnMore() {
    if (mirrored) {
      current.ifPresent(statistics::advance);
      current.ifPresent(comments::advance);
    }
  }

  /** Which of the shells who may read. */
  UserVisibility visibility() {
    return visibility;
  }

  /** The way of PostgreSQL's scans to a proxy. */
  EndpointServers servers() {
    return servers;
  }

  /** Reads the tables of the schema from now on, even if schemas are read lazily. */
  void open(String schema) {
    opened.add(schema);
  }

  /**
   * Reads Presto's metadata and makes PostgreSQL's catalogue the same.
   *
   * @param insistent whether changes are tried that failed a short time ago
   * @return what is left out; fails if nothing could be done
   */
  Future<List<CatalogProblem>> refresh(boolean insistent) {
    long start = System.nanoTime();
    return withStore(
            (connection, store) ->
                store
                    .lock()
                    .compose(known -> refresh(connection, store, known, insistent))
                    .eventually(store::unlock))
        .onComplete(
            done -> {
              MirrorOutcome outcome =
                  done.succeeded() ? done.result().outcome() : MirrorOutcome.FAILED;
              parts.metrics().mirrored(outcome, System.nanoTime() - start);
            })
        .map(
            done -> {
              refreshed = parts.clock().instant();
              mirrored = true;
              return done.problems();
            });
  }

  /**
   * Reads one schema of Presto's and makes PostgreSQL's the same; how fresh the rest is stays what
   * it was. Where not all is well the whole catalog is refreshed, which writes down what is wrong.
   *
   * @return what is left out; fails if nothing could be done
   */
  Future<List<CatalogProblem>> refreshSchema(String schema) {
    if (!mirrored) {
      return refresh(true);
    }
    return withStore(
            (connection, store) ->
                store
                    .lock()
                    .compose(known -> refreshSchema(connection, schema))
                    .eventually(store::unlock))
        .compose(problems -> problems.isEmpty() ? Future.succeededFuture(problems) : refresh(true));
  }

  private Future<List<CatalogProblem>> refreshSchema(SqlConnection connection, String schema) {
    Future<PrestoMetadata> reading = parts.reader().read(catalog, schema::equals);
    return standing(connection)
        .compose(
            standing ->
                reading.compose(
                    metadata ->
                        parts
                            .work(() -> diff(metadata, standing))
                            .compose(diff -> change(connection, standing, metadata, diff, true))));
  }

  private CatalogDiff.Result diff(PrestoMetadata metadata, StandingCatalog standing) {
    return CatalogDiff.of(
        metadata,
        standing,
        ShellKind.of(parts.config().shell()),
        !parts.config().catalog().perUserVisibility());
  }

  private record Refreshed(List<CatalogProblem> problems, boolean changed) {
    MirrorOutcome outcome() {
      if (!problems.isEmpty()) {
        return MirrorOutcome.PARTIAL;
      }
      return changed ? MirrorOutcome.CHANGED : MirrorOutcome.UNCHANGED;
    }
  }

  /** Presto is asked while PostgreSQL is. */
  private Future<Refreshed> refresh(
      SqlConnection connection, MirrorStore store, boolean known, boolean insistent) {
    boolean lazy = parts.config().catalog().schemas() == CatalogConfig.Schemas.LAZY;
    Optional<Future<PrestoMetadata>> early =
        lazy ? Optional.empty() : Optional.of(parts.reader().read(catalog, schema -> true));
    return (founded && known ? servers.check(connection) : found(store))
        .compose(done -> standingWithChildren(connection))
        .compose(
            standing ->
                // Clients that do not wait for us see what comes.
                current.isEmpty()
                    ? show(standing, false).map(standing)
                    : Future.succeededFuture(standing))
        .compose(
            standing ->
                early
                    .orElseGet(() -> parts.reader().read(catalog, asked(standing)::contains))
                    .compose(metadata -> update(connection, store, standing, metadata, insistent)));
  }

  private Future<StandingCatalog> standing(SqlConnection connection) {
    return new StandingReader(connection, parts).read(catalog);
  }

  /** Presto does not have to be asked for a child that is missing, without which no row comes. */
  private Future<StandingCatalog> standingWithChildren(SqlConnection connection) {
    return standing(connection)
        .compose(
            standing -> {
              List<TableChange> children =
                  standing.tables().stream()
                      .filter(table -> !table.child())
                      .map(ShellSql::missingChild)
                      .toList();
              return children.isEmpty()
                  ? Future.succeededFuture(standing)
                  : childApplier
                      .apply(List.of(connection), children, false)
                      .compose(done -> standing(connection));
            });
  }

  private <T> Future<T> withStore(StoreWork<T> work) {
    return parts
        .connections()
        .pool(database)
        .withConnection(connection -> work.apply(connection, new MirrorStore(connection)));
  }

  @FunctionalInterface
  private interface StoreWork<T> {
    Future<T> apply(SqlConnection connection, MirrorStore store);
  }

  private Future<Void> found(MirrorStore store) {
    return store
        .found(servers.sql(), database, parts.tableFunction())
        .onSuccess(done -> founded = true);
  }

  /** The schemas that somebody has asked for, now or in an earlier life of the proxy. */
  private Set<String> asked(StandingCatalog standing) {
    Set<String> asked =
        standing.tables().stream()
            .map(table -> table.shell().schema())
            .collect(Collectors.toCollection(HashSet::new));
    asked.addAll(opened);
    asked.add(parts.config().catalog().defaultSchema());
    return asked;
  }

  private Future<Refreshed> update(
      SqlConnection connection,
      MirrorStore store,
      StandingCatalog standing,
      PrestoMetadata metadata,
      boolean insistent) {
    return parts
        .work(() -> diff(metadata, standing))
        .compose(
            diff ->
                change(connection, standing, metadata, diff, insistent)
                    .compose(problems -> writeDown(store, metadata, problems))
                    .compose(
                        problems ->
                            learnRoles(store)
                                .map(new Refreshed(problems, !diff.changes().isEmpty()))));
  }

  private Future<List<CatalogProblem>> change(
      SqlConnection connection,
      StandingCatalog standing,
      PrestoMetadata metadata,
      CatalogDiff.Result diff,
      boolean insistent) {
    metadata.schemas().stream()
        .filter(schema -> !schema.isLeft())
        .forEach(schema -> read.add(schema.schema()));
    return inLanes(
            connection, diff.changes(), lanes -> applier.apply(lanes, diff.changes(), insistent))
        .compose(
            failures ->
                (diff.changes().isEmpty() ? Future.succeededFuture(standing) : standing(connection))
                    .compose(
                        now -> show(now.without(wrong(now, failures)), metadata.nanIsGreatest()))
                    .map(
                        shown -> {
                          if (!diff.changes().isEmpty()) {
                            visibility.outdate();
                          }
                          return problems(diff, failures);
                        }));
  }

  private static List<CatalogProblem> problems(
      CatalogDiff.Result diff, List<ChangeApplier.Failure> failures) {
    return Stream.concat(
            diff.problems().stream(),
            failures.stream()
                .map(
                    failure ->
                        new CatalogProblem(
                            failure.change().schema(), failure.change().table(), failure.reason())))
        .toList();
  }

  private Future<List<CatalogProblem>> writeDown(
      MirrorStore store, PrestoMetadata metadata, List<CatalogProblem> problems) {
    CatalogState state =
        new CatalogState(metadata, parts.config().presto().url().toString(), parts.config().name());
    return store.writeProblems(problems).compose(done -> store.writeState(state)).map(problems);
  }

  private <T> Future<T> inLanes(
      SqlConnection connection,
      List<TableChange> changes,
      Function<List<SqlConnection>, Future<T>> work) {
    boolean alone = changes.size() < MANY || parts.config().control().connections() < 3;
    return alone
        ? work.apply(List.of(connection))
        : parts
            .connections()
            .pool(database)
            .withConnection(second -> work.apply(List.of(connection, second)));
  }

  /** Shells whose columns have the types of other values than Presto's. */
  private static Set<Long> wrong(StandingCatalog now, List<ChangeApplier.Failure> failures) {
    Set<String> names =
        failures.stream()
            .map(ChangeApplier.Failure::change)
            .filter(change -> change.kind() == TableChange.Kind.RETYPE)
            .map(change -> change.schema() + "\0" + change.table())
            .collect(Collectors.toSet());
    return now.tables().stream()
        .filter(table -> names.contains(table.shell().schema() + "\0" + table.shell().name()))
        .map(StandingTable::oid)
        .collect(Collectors.toSet());
  }

  /** Where schemas are read lazily, those that nobody has asked for. */
  private Set<String> unread(StandingCatalog standing) {
    if (parts.config().catalog().schemas() == CatalogConfig.Schemas.EAGER) {
      return Set.of();
    }
    Set<String> unread = new HashSet<>(standing.mirroredSchemas());
    standing.tables().forEach(table -> unread.remove(table.shell().schema()));
    unread.removeAll(read);
    return unread;
  }

  private Future<Void> show(StandingCatalog standing, boolean nanIsGreatest) {
    Set<String> unread = unread(standing);
    return parts
        .work(() -> MirroredDatabase.State.of(standing, unread, nanIsGreatest))
        .onSuccess(
            state -> {
              if (current.isPresent()) {
                current.get().update(state);
              } else {
                current = Optional.of(new MirroredDatabase(database, catalog, state));
              }
            })
        .mapEmpty();
  }

  /** Sees to it that every role can come to the results endpoint. */
  Future<Void> learnRoles() {
    return withStore((connection, store) -> learnRoles(store));
  }

  private Future<Void> learnRoles(MirrorStore store) {
    return store
        .secret()
        .onSuccess(secret -> parts.passwords().remember(database, secret))
        .compose(secret -> store.mapRoles())
        .onSuccess(known -> roles = known)
        .mapEmpty();
  }

  /** Takes what stands for the mirror, since Presto cannot be asked; nothing may stand. */
  Future<Void> takeWhatStands() {
    return withStore(
        (connection, store) ->
            store
                .founded()
                .compose(
                    there ->
                        there
                            ? standingWithChildren(connection)
                                .compose(standing -> show(standing, false))
                                .onSuccess(done -> mirrored = true)
                                .compose(done -> learnRoles(store))
                                .compose(done -> parts.tableFunction().takeWhatStands(database))
                            : Future.succeededFuture()));
  }
}
