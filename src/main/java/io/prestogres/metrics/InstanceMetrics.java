package io.prestogres.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What is counted of one instance. May be used by every thread; no call blocks, makes a meter, or
 * looks one up by its name. Durations are in nanoseconds, as differences of {@link
 * System#nanoTime()}.
 */
public final class InstanceMetrics {

  /** From what PostgreSQL answers out of its cache to what people wait for. */
  private static final Duration[] STATEMENT_BUCKETS =
      LongStream.of(1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000, 600_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final LongAdder sessionsActive = new LongAdder();
  private final LongAdder warmBackends = new LongAdder();
  private final LongAdder cursorsOpen = new LongAdder();
  private final LongAdder queriesRunning = new LongAdder();
  private final Map<EndCause, Counter> sessionsEnded;
  private final Counter backendsReused;
  private final Map<Route, Timer> statements;
  private final Map<Direction, Counter> bytes;
  private final Map<String, Counter> errors;
  private final Counter otherErrors;
  private final Map<MirrorOutcome, Timer> mirrorRuns;
  private final Counter cursors;
  private final Counter rows;
  private final Counter batches;
  private final Counter evaluations;
  private final Counter queriesStarted;
  private final Map<QueryOutcome, Counter> queriesEnded;
  private final Map<PluginFailure, Counter> pluginFailures;

  InstanceMetrics(MeterRegistry registry, String name) {
    InstanceMeters make = new InstanceMeters(registry, name);
    make.gauge("sessions.active", "Sessions that are open", sessionsActive);
    make.gauge("backends.warm", "Backends that wait for a client", warmBackends);
    make.gauge("results.cursors.open", "Cursors of the results endpoint", cursorsOpen);
    make.gauge("presto.queries.running", "Presto queries whose rows are read", queriesRunning);
    sessionsEnded =
        make.counters("sessions.ended", "Sessions that have ended", "cause", EndCause.class);
    backendsReused = make.counter("backends.reused", "Sessions that began on a warm backend");
    statements =
        make.timers(
            "statement.duration",
            "From a statement's arrival to PostgreSQL's last word on it",
            "route",
            Route.class,
            STATEMENT_BUCKETS);
    bytes = make.counters("bytes", "Bytes of messages", "direction", Direction.class);
    errors =
        SqlStates.KNOWN.stream()
            .collect(Collectors.toUnmodifiableMap(state -> state, state -> errors(make, state)));
    otherErrors = errors(make, SqlStates.OTHER);
    mirrorRuns =
        make.timers(
            "catalog.mirror.duration",
            "Comparisons of a catalog's shells with Presto's tables",
            "outcome",
            MirrorOutcome.class);
    cursors = make.counter("results.cursors", "Cursors opened at the results endpoint");
    rows = make.counter("results.rows", "Rows of scans, written to PostgreSQL");
    batches = make.counter("results.batches", "Batches of whole queries, written to PostgreSQL");
    evaluations =
        make.counter("results.evaluations", "Scans whose conditions PostgreSQL evaluated itself");
    queriesStarted = make.counter("presto.queries.started", "Queries sent to Presto");
    queriesEnded =
        make.counters(
            "presto.queries.ended", "Presto queries by their end", "outcome", QueryOutcome.class);
    pluginFailures =
        make.counters(
            "plugin.failures", "Calls of plugins that failed", "reason", PluginFailure.class);
  }

  private static Counter errors(InstanceMeters make, String sqlState) {
    return make.counter(
        "errors", "Errors that reached a client or ended its session", "sqlstate", sqlState);
  }

  /** A session begins; {@link #sessionClosed} must follow. */
  public void sessionOpened() {
    sessionsActive.increment();
  }

  /**
   * A session has ended.
   *
   * @param bytesFromClient those that {@link #bytes} was not told of
   * @param bytesFromServer those that {@link #bytes} was not told of
   */
  public void sessionClosed(EndCause cause, long bytesFromClient, long bytesFromServer) {
    sessionsActive.decrement();
    of(sessionsEnded, cause).increment();
    bytes(Direction.FROM_CLIENT, bytesFromClient);
    bytes(Direction.FROM_SERVER, bytesFromServer);
  }

  /** A backend waits for a client; {@link #warmBackendRemoved} must follow. */
  public void warmBackendAdded() {
    warmBackends.increment();
  }

  /** A backend waits no more. */
  public void warmBackendRemoved() {
    warmBackends.decrement();
  }

  /** A session begins on a backend that has waited for it. */
  public void warmBackendTaken() {
    backendsReused.increment();
  }

  /** Adds bytes; call it now and then with what has come together, not for every message. */
  public void bytes(Direction direction, long count) {
    of(bytes, direction).increment((double) count);
  }

  /** A statement is done. */
  public void statement(Route route, long nanos) {
    of(statements, route).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** An error reached a client, or ended its session. */
  public void error(String sqlState) {
    errors.getOrDefault(sqlState, otherErrors).increment();
  }

  /** The mirror has compared a catalog. */
  public void mirrored(MirrorOutcome outcome, long nanos) {
    of(mirrorRuns, outcome).record(nanos, TimeUnit.NANOSECONDS);
  }

  /** PostgreSQL opened a cursor at the results endpoint; {@link #cursorClosed} must follow. */
  public void cursorOpened() {
    cursors.increment();
    cursorsOpen.increment();
  }

  /** A cursor is closed. */
  public void cursorClosed() {
    cursorsOpen.decrement();
  }

  /** Rows of a scan were written to PostgreSQL. */
  public void scanned(long rowCount, long byteCount) {
    rows.increment((double) rowCount);
    bytes(Direction.RESULTS, byteCount);
  }

  /** A batch of a whole query was written to PostgreSQL. */
  public void batchSent(long byteCount) {
    batches.increment();
    bytes(Direction.RESULTS, byteCount);
  }

  /** A scan asked for what is not certain on Presto, so PostgreSQL evaluates it. */
  public void evaluatedByPostgresql() {
    evaluations.increment();
  }

  /** A query went to Presto; {@link #prestoQueryEnded} must follow. */
  public void prestoQueryStarted() {
    queriesStarted.increment();
    queriesRunning.increment();
  }

  /** A Presto query is over. */
  public void prestoQueryEnded(QueryOutcome outcome) {
    queriesRunning.decrement();
    of(queriesEnded, outcome).increment();
  }

  /** A call of a plugin failed. */
  public void pluginFailed(PluginFailure reason) {
    of(pluginFailures, reason).increment();
  }

  /** The maps hold every constant. */
  private static <E extends Enum<E>, M> M of(Map<E, M> meters, E constant) {
    return requireNonNull(meters.get(constant));
  }
}
