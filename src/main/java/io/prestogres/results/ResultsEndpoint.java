package io.prestogres.results;

import io.prestogres.config.ResultsConfig;
import io.prestogres.config.ScanLimits;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoSession;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.ScanQuery;
import io.prestogres.sql.Translations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The other end of the foreign tables: a PostgreSQL server as far as postgres_fdw can tell, which
 * answers the table function with batches of a query's rows and the shells with their scans.
 *
 * <p>Thread-safe; each connection belongs to the context of its socket.
 */
public final class ResultsEndpoint {
  /** Bytes of the secret in a BackendKeyData of protocol 3.0. */
  private static final int SECRET_BYTES = 4;

  private final Vertx vertx;
  private final ResultsConfig config;
  private final EndpointServices services;
  private final PrestoClient presto;
  private final InstanceMetrics metrics;
  private final String owner;
  private final Scans scans;
  private final NetServer server;
  private final SecureRandom random = new SecureRandom();
  private final Map<Integer, ResultsConnection> connections = new ConcurrentHashMap<>();

  /** On whose behalf our own evaluating backends ask, by their process id. */
  private final Map<Integer, PrestoSession> evaluations = new ConcurrentHashMap<>();

  /**
   * An endpoint that does not listen yet.
   *
   * @param owner the role that the table function's requests come from
   */
  public ResultsEndpoint(
      Vertx vertx,
      ResultsConfig config,
      String owner,
      ScanLimits limits,
      EndpointServices services,
      PrestoClient presto,
      Translations translations,
      InstanceMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.owner = owner;
    this.services = services;
    this.presto = presto;
    this.scans = new Scans(vertx, services, presto, translations, limits, metrics, evaluations);
    this.metrics = metrics;
    this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
  }

  /** Starts to listen; the port that was taken. */
  public Future<Integer> listen() {
    server.connectHandler(
        socket -> new ResultsConnection(this, socket, vertx.getOrCreateContext()));
    return server.listen(config.port(), config.host()).map(NetServer::actualPort);
  }

  /** Stops listening and ends every connection. */
  public Future<Void> close() {
    return server.close();
  }

  /** Fails whatever a backend of PostgreSQL is fetching; Presto's queries end with it. */
  public void cancelBackend(int processId) {
    connections.values().stream()
        .filter(connection -> connection.requester().processId() == processId)
        .forEach(ResultsConnection::cancel);
  }

  void cancel(int connectionId, Buffer secret) {
    ResultsConnection connection = connections.get(connectionId);
    if (connection != null
        && MessageDigest.isEqual(connection.key().secret().getBytes(), secret.getBytes())) {
      connection.cancel();
    }
  }

  Future<Boolean> verify(Requester requester, String password) {
    return services.verify(requester, password);
  }

  /** Gives a connection the key by which it can be canceled. */
  Backend.KeyData register(ResultsConnection connection) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    while (true) {
      int id = random.nextInt(1, Integer.MAX_VALUE);
      if (connections.putIfAbsent(id, connection) == null) {
        return new Backend.KeyData(id, Buffer.buffer(secret));
      }
    }
  }

  void unregister(ResultsConnection connection) {
    connections.remove(connection.key().processId(), connection);
  }

  /**
   * Opens a cursor.
   *
   * @throws PgException 0A000 for a query that neither the table function nor a scan of a shell
   *     sends
   */
  OpenCursor open(Requester requester, String query, List<Optional<String>> parameters) {
    metrics.cursorOpened();
    if (requester.role().equals(owner) && BatchRequest.isBatchQuery(query)) {
      return batches(requester, BatchRequest.read(parameters));
    }
    if (requester.role().equals(owner) && RefreshRequest.isRefresh(query)) {
      RefreshRequest request = RefreshRequest.read(parameters);
      return OpenCursor.of(
          1,
          new DeferredRows(
              () ->
                  Future.succeededFuture(
                      RefreshRequest.rows(services.refresh(requester, request.schema())))));
    }
    ScanQuery scan =
        ScanQuery.read(query, parameters)
            .orElseThrow(
                () ->
                    PgException.error(
                        SqlState.FEATURE_NOT_SUPPORTED,
                        "the tables of Presto can only be read; this is not possible: " + query));
    return OpenCursor.of(scan.outputs(), new DeferredRows(() -> scans.open(requester, scan)));
  }

  void cursorClosed() {
    metrics.cursorClosed();
  }

  private OpenCursor batches(Requester requester, BatchRequest request) {
    PrestoSession delegated = evaluations.get(request.processId());
    Future<PrestoSession> asking =
        delegated != null
            ? Future.succeededFuture(delegated)
            : services.prestoSession(
                new Requester(requester.database(), request.user(), request.processId()));
    return OpenCursor.of(
        1,
        QueryRows.batches(
            () ->
                asking.compose(
                    session -> presto.start(request.query(), request.parameters(), session)),
            metrics));
  }
}
