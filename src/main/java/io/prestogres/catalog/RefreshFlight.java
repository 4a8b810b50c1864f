package io.prestogres.catalog;

import io.prestogres.catalog.CatalogMirror.Setup;
import io.prestogres.config.CatalogConfig;
import io.prestogres.presto.PrestoException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who waits for the refresh of one database: at most one runs, and at most one more is wanted, by
 * those who have to see what Presto has got since the running one began. Touched on the mirror's
 * context only, but for {@link #current}.
 */
final class RefreshFlight {
  /** Between two refreshes that nobody waits for. */
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(10);

  private static final System.Logger LOG = System.getLogger(RefreshFlight.class.getName());

  /** The longest pause after a refresh that failed, before a client that connects tries again. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String database;
  private final PrestoCatalogs catalogs;
  private final MirrorParts parts;
  private volatile Optional<DatabaseMirror> mirror = Optional.empty();
  private Optional<Future<List<CatalogProblem>>> running = Optional.empty();
  private Optional<Promise<List<CatalogProblem>>> wanted = Optional.empty();
  private boolean partly;
  private Optional<Future<Void>> mapping = Optional.empty();
  private Instant failedAt = Instant.MIN;
  private String failure = "";

  RefreshFlight(String database, PrestoCatalogs catalogs, MirrorParts parts) {
    this.database = database;
    this.catalogs = catalogs;
    this.parts = parts;
  }

  /** The database as it was last seen; safe on every thread. */
  Optional<MirroredDatabase> current() {
    return mirror.flatMap(DatabaseMirror::current);
  }

  // Clients that connect.

  Future<Setup> setUp(String role, Consumer<String> notice) {
    Future<Optional<DatabaseMirror>> found =
        mirror.isPresent() ? Future.succeededFuture(mirror) : find();
    return found.compose(
        known ->
            known.isEmpty()
                ? Future.succeededFuture(new Setup(Optional.empty(), warnings()))
                : setUp(known.get(), role, notice));
  }

  /** The mirror, made when it is first needed; none if no catalog is shown in the database. */
  private Future<Optional<DatabaseMirror>> find() {
    if (hasJustFailed()) {
      return Future.succeededFuture(Optional.empty());
    }
    return catalogs
        .of(database)
        .map(
            catalog -> {
              failure = "";
              if (mirror.isEmpty() && catalog.isPresent()) {
                mirror = Optional.of(new DatabaseMirror(database, catalog.get(), parts));
              }
              return mirror;
            })
        .recover(
            unreachable -> {
              failed(unreachable);
              return unreachable instanceof PrestoException
                  ? findStanding()
                  : Future.failedFuture(unreachable);
            });
  }

  /** Presto cannot say what it has, but what an earlier life of the proxy has left may do. */
  private Future<Optional<DatabaseMirror>> findStanding() {
    DatabaseMirror old = new DatabaseMirror(database, catalogs.likely(database), parts);
    return old.takeWhatStands()
        .map(
            done -> {
              if (mirror.isEmpty() && old.isThere()) {
                mirror = Optional.of(old);
              }
              return mirror;
            });
  }

  private Future<Setup> setUp(DatabaseMirror known, String role, Consumer<String> notice) {
    if (!isFresh(known) && !hasJustFailed()) {
      Future<List<CatalogProblem>> refresh =
          running.map(one -> partly ? another() : one).orElseGet(() -> begin(known, false));
      if (CatalogMirror.waits(config(), known.isThere())) {
        if (!known.isThere()) {
          notice.accept("the tables of Presto are being read for the first time; please wait");
        }
        return refresh
            .transform(
                done ->
                    done.succeeded() || known.isThere()
                        ? Future.succeededFuture()
                        : standing(known, done.cause()))
            .compose(done -> mapped(known, role))
            .compose(setup -> visible(known, role, setup));
      }
    }
    return mapped(known, role).compose(setup -> visible(known, role, setup));
  }

  /** What the role may read, if it may not read everything. */
  private Future<Setup> visible(DatabaseMirror known, String role, Setup setup) {
    if (!known.isThere() || hasJustFailed()) {
      return Future.succeededFuture(setup);
    }
    boolean waits = CatalogMirror.waits(config(), known.visibility().knows(role));
    Future<Void> learning = known.visibility().learn(role, config().refresh());
    return waits
        ? learning.transform(
            done ->
                Future.succeededFuture(
                    done.succeeded()
                        ? setup
                        : setup.withWarning(
                            "Presto cannot be asked which tables you may see, so you see those"
                                + " that you saw before: "
                                + done.cause().getMessage())))
        : Future.succeededFuture(setup);
  }

  /** Presto did not answer, and nothing is known: what an earlier life of the proxy left. */
  private Future<Void> standing(DatabaseMirror known, Throwable cause) {
    return cause instanceof PrestoException ? known.takeWhatStands() : Future.failedFuture(cause);
  }

  private Future<Setup> mapped(DatabaseMirror known, String role) {
    if (known.knows(role) || !known.isThere()) {
      return Future.succeededFuture(setup(known));
    }
    Future<Void> learning = mapping.orElseGet(known::learnRoles);
    mapping = Optional.of(learning);
    return learning.onComplete(done -> mapping = Optional.empty()).map(done -> setup(known));
  }

  private Setup setup(DatabaseMirror known) {
    boolean reading = failure.isEmpty() && !known.isThere();
    return new Setup(
        known.current(),
        reading
            ? List.of("the tables of Presto are still being read; they appear later")
            : warnings());
  }

  private List<String> warnings() {
    return failure.isEmpty() ? List.of() : List.of(failure);
  }

  private boolean isFresh(DatabaseMirror known) {
    return known.isThere() && younger(known.refreshed(), config().refresh());
  }

  private boolean hasJustFailed() {
    Duration pause =
        config().refresh().compareTo(LONGEST_PAUSE) < 0 ? config().refresh() : LONGEST_PAUSE;
    return younger(failedAt, pause);
  }

  private boolean younger(Instant instant, Duration age) {
    return !instant.equals(Instant.MIN) && instant.plus(age).isAfter(parts.clock().instant());
  }

  private CatalogConfig config() {
    return parts.config().catalog();
  }

  // Refreshes.

  /**
   * In the background: at three quarters of the age at which somebody who connects would wait, but
   * never so often that Presto is kept busy by it.
   *
   * @param roles those that are connected
   */
  void refreshIfOld(Set<String> roles) {
    Duration usual = config().refresh().multipliedBy(3).dividedBy(4);
    Duration age = usual.compareTo(LEAST_PAUSE) > 0 ? usual : LEAST_PAUSE;
    mirror
        .filter(known -> running.isEmpty() && !younger(known.refreshed(), age) && !hasJustFailed())
        .ifPresent(known -> begin(known, false));
    mirror
        .filter(known -> running.isEmpty() && !hasJustFailed())
        .ifPresent(
            known -> {
              known.visibility().renew(roles, age);
              known.learnMore();
            });
  }

  /** Has PostgreSQL come to this proxy, if it comes to none; never fails. */
  Future<Void> recoverServers() {
    return mirror.map(known -> known.servers().recover()).orElseGet(Future::succeededFuture);
  }

  /** Told once the roles may read what there is now. */
  private Future<List<String>> seen(List<String> told, Set<String> roles) {
    return mirror
        .map(known -> known.visibility().renew(roles, Duration.ZERO).map(told))
        .orElseGet(() -> Future.succeededFuture(told));
  }

  /**
   * One that begins after this call.
   *
   * @param roles who wants to see it
   */
  Future<List<String>> refresh(Optional<String> schema, Set<String> roles) {
    return (mirror.isPresent() ? Future.succeededFuture(mirror) : find())
        .compose(
            found -> {
              if (found.isEmpty()) {
                String none = "no catalog of Presto is shown in database " + database;
                return Future.failedFuture(
                    new PrestoException("3D000", failure.isEmpty() ? none : failure));
              }
              DatabaseMirror known = found.get();
              schema.ifPresent(known::open);
              return (running.isPresent() ? another() : begin(known, true))
                  .map(RefreshFlight::told)
                  .compose(told -> seen(told, roles));
            });
  }

  /** One of a single schema that begins after this call; one of all that is wanted serves too. */
  Future<List<String>> refreshSchema(String schema, Set<String> roles) {
    return mirror
        .map(
            known -> {
              known.open(schema);
              return (running.isPresent()
                      ? another()
                      : begin(() -> known.refreshSchema(schema), true))
                  .map(RefreshFlight::told)
                  .compose(told -> seen(told, roles));
            })
        .orElseGet(() -> refresh(Optional.of(schema), roles));
  }

  private static List<String> told(List<CatalogProblem> problems) {
    return problems.isEmpty()
        ? List.of()
        : List.of(
            "%d schemas or tables of Presto are left out or out of date; see"
                    .formatted(problems.size())
                + " prestogres.catalog_problem");
  }

  private Future<List<CatalogProblem>> another() {
    Promise<List<CatalogProblem>> promise = wanted.orElseGet(Promise::promise);
    wanted = Optional.of(promise);
    return promise.future();
  }

  private Future<List<CatalogProblem>> begin(DatabaseMirror known, boolean insistent) {
    return begin(() -> known.refresh(insistent), false);
  }

  private Future<List<CatalogProblem>> begin(
      Supplier<Future<List<CatalogProblem>>> refresh, boolean ofOneSchema) {
    partly = ofOneSchema;
    Promise<List<CatalogProblem>> promise = Promise.promise();
    running = Optional.of(promise.future());
    Future.succeededFuture()
        .compose(start -> refresh.get())
        .onSuccess(
            done -> {
              failure = "";
              failedAt = Instant.MIN;
            })
        .onFailure(this::failed)
        .onComplete(
            done -> {
              running = Optional.empty();
              Optional<Promise<List<CatalogProblem>>> next = wanted;
              wanted = Optional.empty();
              next.ifPresent(waiting -> begin(mirror.orElseThrow(), true).onComplete(waiting));
              promise.handle(done);
            });
    return promise.future();
  }

  private void failed(Throwable cause) {
    failedAt = parts.clock().instant();
    failure = "the tables of Presto cannot be refreshed: " + cause.getMessage();
    LOG.log(System.Logger.Level.WARNING, "database {0}: {1}", database, failure);
  }
}
