package io.prestogres.presto;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Runs and describes statements on one coordinator of Presto or Trino.
 *
 * <p>May be called from any thread; futures complete on the Vert.x context that called, or on one
 * of their own if there was none, and fail with {@link PrestoException}.
 */
public final class PrestoClient {
  /**
   * Shorter than servers and balancers keep idle connections, so that we are the ones who close.
   */
  private static final int KEEP_ALIVE_SECONDS = 20;

  private static final int CONTROL_CONNECTIONS = 32;
  private static final int MAX_WAITING = 10_000;

  private final Vertx vertx;
  private final PrestoCoordinator coordinator;
  private final HttpLink results;
  private final HttpLink control;
  private final WorkerExecutor workers;

  /** A client of {@code coordinator}; connections are made when they are needed. */
  public PrestoClient(Vertx vertx, PrestoCoordinator coordinator) {
    this.vertx = vertx;
    this.coordinator = coordinator;
    this.results = link(coordinator.connections(), coordinator);
    this.control = link(CONTROL_CONNECTIONS, coordinator.withoutRetries());
    this.workers =
        vertx.createSharedWorkerExecutor(
            "prestogres-presto", Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
  }

  private HttpLink link(int connections, PrestoCoordinator settings) {
    HttpClientOptions options = new HttpClientOptions().setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
    coordinator.tls().authorities().map(TrustOptions::wrap).ifPresent(options::setTrustOptions);
    coordinator.tls().identity().map(KeyCertOptions::wrap).ifPresent(options::setKeyCertOptions);
    PoolOptions pool =
        new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(MAX_WAITING);
    return new HttpLink(vertx, vertx.createHttpClient(options, pool), settings);
  }

  /** Sends {@code sql}, one statement without a semicolon, as it is. */
  public Future<PrestoQuery> start(String sql, PrestoSession session) {
    return onContext(() -> post(sql, SessionHeaders.of(coordinator, session)));
  }

  /**
   * Runs {@code sql} with a value for each of its {@code ?}. Presto is asked for their types, and
   * each value is sent as a text that Presto casts to its type.
   *
   * @param parameters texts as PostgreSQL writes values of that type; empty is NULL
   */
  public Future<PrestoQuery> start(
      String sql, List<Optional<String>> parameters, PrestoSession session) {
    List<Optional<String>> values = List.copyOf(parameters);
    return values.isEmpty()
        ? start(sql, session)
        : onContext(() -> new Preparation(this::post, headers(session), sql).execute(values));
  }

  /**
   * The columns that {@code sql} has, found without running it. Works for queries, and for SHOW,
   * DESCRIBE and EXPLAIN; {@code ?} may be unbound.
   */
  public Future<List<PrestoColumn>> describe(String sql, PrestoSession session) {
    return onContext(() -> new Preparation(this::post, headers(session), sql).columns());
  }

  /** The types that Presto takes each {@code ?} of {@code sql} for, found without running it. */
  public Future<List<PrestoType>> describeInput(String sql, PrestoSession session) {
    return onContext(() -> new Preparation(this::post, headers(session), sql).inputs());
  }

  /** Asks the coordinator how it is; fails when it cannot be reached. */
  public Future<PrestoInfo> ping() {
    URI uri = coordinator.resolve("/v1/info");
    MultiMap headers = SessionHeaders.common(coordinator);
    return onContext(
        () ->
            new HttpCall(control, new HttpCall.Request(HttpMethod.GET, uri, headers, ""))
                .start()
                .map(InfoPage::parse));
  }

  /** Closes the connections, and the tickets of Kerberos. Queries that run are not cancelled. */
  public Future<Void> close() {
    Future<Void> tickets =
        coordinator
            .credentials()
            .tickets()
            .map(KerberosTickets::close)
            .orElseGet(Future::succeededFuture);
    return Future.join(results.http().close(), control.http().close(), workers.close(), tickets)
        .mapEmpty();
  }

  private Preparation.Headers headers(PrestoSession session) {
    return new Preparation.Headers(
        SessionHeaders.of(coordinator, session),
        coordinator.flavor().header("Prepared-Statement"),
        coordinator.credentials().tickets().map(KerberosTickets::headerSize).orElse(0));
  }

  private Future<PrestoQuery> post(String sql, MultiMap headers) {
    Context context = vertx.getOrCreateContext();
    URI uri = coordinator.resolve("/v1/statement");
    QueryWire wire = new QueryWire(results, control, workers, headers);
    return new HttpCall(results, new HttpCall.Request(HttpMethod.POST, uri, headers, sql))
        .start()
        .map(bytes -> StatementPage.parse(bytes, false))
        .compose(
            page -> {
              PrestoException error = page.error();
              return error == null
                  ? Future.succeededFuture(new PrestoQuery(wire, context, page))
                  : Future.failedFuture(error.ofQuery(page.id()));
            });
  }

  private <T> Future<T> onContext(java.util.function.Supplier<Future<T>> action) {
    return ContextHop.call(vertx.getOrCreateContext(), action);
  }
}
