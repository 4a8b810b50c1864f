package io.prestogres.functions.trino;

import io.prestogres.functions.EngineLink;
import io.prestogres.functions.EngineRows;
import io.prestogres.functions.HeaderText;
import io.prestogres.functions.PrestoTls;
import io.prestogres.functions.QuerySettings;
import io.trino.jdbc.$internal.client.ClientSelectedRole;
import io.trino.jdbc.$internal.client.ClientSession;
import io.trino.jdbc.$internal.client.StatementClient;
import io.trino.jdbc.$internal.client.StatementClientFactory;
import io.trino.jdbc.$internal.okhttp3.ConnectionPool;
import io.trino.jdbc.$internal.okhttp3.Dispatcher;
import io.trino.jdbc.$internal.okhttp3.HttpUrl;
import io.trino.jdbc.$internal.okhttp3.OkHttpClient;
import io.trino.jdbc.$internal.okhttp3.Request;
import io.trino.jdbc.$internal.okhttp3.Response;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection of trino-jdbc's client. */
public final class TrinoLink implements EngineLink {
  /** Long for a request that Trino answers without work; a rollback waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Trino answers at least every second, with nothing if it has nothing. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** A heartbeat needs a thread; whoever reads nothing for minutes has gone. */
  private static final Duration NO_HEARTBEAT = Duration.ofDays(1);

  /** Without it Trino cuts timestamps to milliseconds. */
  private static final Set<String> CAPABILITIES = Set.of("PARAMETRIC_DATETIME");

  /** Trino answers with 431 when all headers of a request reach 8 KiB. */
  private static final int MAX_PREPARED = 6_500;

  /** For all queries of a backend; shorter than servers keep idle connections. */
  private static final ConnectionPool POOL = new ConnectionPool(2, 20, TimeUnit.SECONDS);

  private final OkHttpClient http;
  private final HttpUrl coordinator;
  private final Requests requests;
  private final TrinoFailures failures;
  private ClientSession session;
  private Consumer<String> queryIds = id -> {};
  private long updateCount;
  private @Nullable StatementClient client;
  private volatile boolean aborted;

  private TrinoLink(
      OkHttpClient http, HttpUrl coordinator, Requests requests, ClientSession session) {
    this.http = http;
    this.coordinator = coordinator;
    this.requests = requests;
    this.session = session;
    this.failures = new TrinoFailures(requests.settings().authority());
  }

  /**
   * Connects, which sends nothing yet.
   *
   * @throws SQLException if a setting cannot be sent, or TLS cannot be had
   */
  public static TrinoLink open(QuerySettings settings) throws SQLException {
    String scheme = settings.isEncrypted() ? "https" : "http";
    HttpUrl coordinator = HttpUrl.parse(scheme + "://" + settings.authority());
    if (coordinator == null) {
      throw new SQLException("not an address of a coordinator: " + settings.url(), "22023");
    }
    Requests requests = new Requests(settings);
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            .connectionPool(POOL)
            // Its own, so that an abort ends the requests of this query alone.
            .dispatcher(new Dispatcher())
            .connectTimeout(SILENCE)
            .readTimeout(SILENCE)
            .writeTimeout(SILENCE)
            .followRedirects(false)
            .addInterceptor(requests::send);
    if (settings.isEncrypted()) {
      PrestoTls tls = settings.tls();
      http.sslSocketFactory(tls.sockets(), tls.trust());
    }
    return new TrinoLink(http.build(), coordinator, requests, session(settings, coordinator.uri()));
  }

  private static ClientSession session(QuerySettings settings, URI server) throws SQLException {
    try {
      Map<String, ClientSelectedRole> roles = new HashMap<>();
      settings.roles().forEach((owner, role) -> roles.put(owner, ClientSelectedRole.valueOf(role)));
      ClientSession.Builder session =
          ClientSession.builder()
              .server(server)
              .user(Optional.of(settings.user()))
              .source(settings.source())
              .clientInfo(settings.clientInfo())
              .timeZone(ZoneId.of(settings.timeZone()))
              .roles(roles)
              .clientRequestTimeout(airlift(SILENCE))
              .heartbeatInterval(airlift(NO_HEARTBEAT))
              .compressionDisabled(true);
      if (!settings.catalog().isEmpty()) {
        session.catalog(settings.catalog());
      }
      if (!settings.clientTags().isEmpty()) {
        // In their order, and one that stands twice is no mistake.
        session.clientTags(new LinkedHashSet<>(List.of(settings.clientTags().split(",", -1))));
      }
      return session.build();
    } catch (IllegalArgumentException unsuitable) {
      throw new SQLException("a setting cannot be sent to Presto", "22023", unsuitable);
    }
  }

  private static io.trino.jdbc.$internal.airlift.units.Duration airlift(Duration time) {
    return new io.trino.jdbc.$internal.airlift.units.Duration(
        time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Adds to every request what proves who asks, and keeps the status of the last answer, for the
   * client tells it in a sentence only.
   */
  private static final class Requests {
    private final QuerySettings settings;
    private volatile int status;

    Requests(QuerySettings settings) {
      this.settings = settings;
    }

    QuerySettings settings() {
      return settings;
    }

    int status() {
      return status;
    }

    Response send(io.trino.jdbc.$internal.okhttp3.Interceptor.Chain chain) throws IOException {
      Request request = chain.request();
      status = 0;
      if (settings.isEncrypted() && !request.isHttps()) {
        // Behind a balancer Trino may not know that its pages are to be had over https only.
        throw new IOException("the address of the next page does not begin with https");
      }
      Request.Builder more = request.newBuilder();
      String authorization = settings.isEncrypted() ? settings.authorization() : "";
      if (!authorization.isEmpty()) {
        more.header("Authorization", authorization);
      }
      if (request.method().equals("POST")) {
        // The client would send no value but of ASCII.
        addPairs(more, "X-Trino-Session", settings.sessionProperties());
        addPairs(more, "X-Trino-Extra-Credential", settings.extraCredentials());
      }
      Response response = chain.proceed(more.build());
      status = response.code();
      return response;
    }

    private static void addPairs(Request.Builder to, String header, Map<String, String> pairs) {
      pairs.forEach((name, value) -> to.addHeader(header, name + "=" + HeaderText.encode(value)));
    }
  }

  @Override
  public void onQueryId(Consumer<String> listener) {
    queryIds = listener;
  }

  @Override
  public List<String> prepare(String query) throws SQLException, InterruptedException {
    if (HeaderText.encode(query).length() > MAX_PREPARED) {
      throw new SQLException(
          "the statement is too long to be sent to Presto with parameters", "54001");
    }
    session = ClientSession.builder(session).preparedStatements(Map.of(PREPARED, query)).build();
    List<String> types = new ArrayList<>();
    Optional<EngineRows> inputs = execute("DESCRIBE INPUT " + PREPARED);
    if (inputs.isPresent()) {
      try (EngineRows rows = inputs.get()) {
        while (rows.next() && rows.value(1) instanceof String type) {
          types.add(type);
        }
      }
    }
    return types;
  }

  @Override
  public Optional<EngineRows> execute(String sql) throws SQLException, InterruptedException {
    StatementClient started =
        call(
            () ->
                StatementClientFactory.newStatementClient(
                    (io.trino.jdbc.$internal.okhttp3.Call.Factory) http,
                    http,
                    session,
                    sql,
                    Optional.of(CAPABILITIES)));
    client = started;
    queryIds.accept(started.currentStatusInfo().getId());
    TrinoRows rows = new TrinoRows(started, this);
    rows.awaitColumns();
    if (started.currentStatusInfo().getUpdateType() == null) {
      return Optional.of(rows);
    }
    while (rows.next()) {
      // What a statement that changes something gives is the number of rows again.
    }
    updateCount = started.finalStatusInfo().getUpdateCount().orElse(0);
    return Optional.empty();
  }

  @Override
  public long updateCount() {
    return updateCount;
  }

  /** Does what waits for the coordinator. */
  <T> T call(Supplier<T> request) throws SQLException, InterruptedException {
    try {
      return request.get();
    } catch (RuntimeException failure) {
      if (aborted || Thread.interrupted()) {
        throw new InterruptedException("cancelled");
      }
      throw failures.ofRequest(failure, requests.status());
    }
  }

  /** Fails if the query of the client that has ended has failed, or did not come to its end. */
  void requireSuccess(StatementClient ended) throws SQLException, InterruptedException {
    if (aborted || ended.isClientAborted()) {
      throw new InterruptedException("cancelled");
    }
    failures.requireSuccess(ended);
  }

  @Override
  public void abort() {
    aborted = true;
    http.dispatcher().cancelAll();
  }

  @Override
  public void end(String queryId) {
    Request request =
        new Request.Builder()
            .url(coordinator.newBuilder().encodedPath("/v1/query/" + queryId).build())
            .header("X-Trino-User", session.getUser().orElse(""))
            .delete()
            .build();
    OkHttpClient patient = http.newBuilder().callTimeout(PATIENCE).build();
    try (Response answer = patient.newCall(request).execute()) {
      boolean unused = answer.isSuccessful();
    } catch (IOException unreachable) {
      // Then Trino gives the query up by itself, when nobody has read for five minutes.
    }
  }

  /** Ends what runs. */
  @Override
  public void close() {
    StatementClient open = client;
    if (open != null) {
      open.close();
    }
  }
}
