package com.facebook.presto.jdbc;

import com.facebook.presto.jdbc.internal.client.ClientException;
import com.facebook.presto.jdbc.internal.client.StatementClient;
import com.facebook.presto.jdbc.internal.okhttp3.ConnectionPool;
import com.facebook.presto.jdbc.internal.okhttp3.HttpUrl;
import com.facebook.presto.jdbc.internal.okhttp3.Interceptor;
import com.facebook.presto.jdbc.internal.okhttp3.OkHttpClient;
import com.facebook.presto.jdbc.internal.okhttp3.Request;
import com.facebook.presto.jdbc.internal.okhttp3.Response;
import com.facebook.presto.jdbc.internal.spi.security.SelectedRole;
import io.prestogres.functions.EngineLink;
import io.prestogres.functions.EngineRows;
import io.prestogres.functions.HeaderText;
import io.prestogres.functions.PrestoTls;
import io.prestogres.functions.QuerySettings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of presto-jdbc's, made as its driver makes it, but over an HTTP client that is ours.
 * The driver's own properties take a password only for the user as whom the query runs, keys only
 * from files, and no roles; its constructors, which take everything, are its package's own.
 */
public final class PrestoLink implements EngineLink {
  /** Long for a request that Presto answers without work; a rollback waits for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** For all queries of a backend; shorter than servers keep idle connections. */
  private static final OkHttpClient COMMON =
      new OkHttpClient.Builder()
          .connectionPool(new ConnectionPool(2, 20, TimeUnit.SECONDS))
          .build();

  /** What gives the values that PostgreSQL's own types have, whatever the session has set. */
  private static final Map<String, String> FIXED =
      Map.of("legacy_timestamp", "false", "offset_clause_enabled", "true");

  private final OkHttpClient http;
  private final PageTap tap;
  private final PrestoConnection connection;
  private final HttpUrl coordinator;
  private final String user;
  private Consumer<String> queryIds = id -> {};
  private long updateCount;
  private @Nullable StatementClient client;

  private PrestoLink(
      OkHttpClient http,
      PageTap tap,
      PrestoConnection connection,
      HttpUrl coordinator,
      String user) {
    this.http = http;
    this.tap = tap;
    this.connection = connection;
    this.coordinator = coordinator;
    this.user = user;
  }

  /**
   * Connects, which sends nothing yet.
   *
   * @throws SQLException if a setting is none of presto-jdbc's, or TLS cannot be had
   */
  public static PrestoLink open(QuerySettings settings) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(settings.driverProperties());
    properties.setProperty("disableCompression", "true");
    properties.setProperty("followRedirects", "false");
    properties.setProperty("applicationNamePrefix", settings.source());
    properties.setProperty("timeZoneId", settings.timeZone());
    PrestoDriverUri uri = new PrestoDriverUri(settings.url(), properties);
    HttpUrl coordinator = HttpUrl.get(uri.getHttpUri());
    if (coordinator == null) {
      throw new SQLException("not an address of a coordinator: " + settings.url(), "22023");
    }
    OkHttpClient.Builder http = COMMON.newBuilder().followRedirects(uri.followRedirects());
    uri.setupClient(http);
    if (coordinator.isHttps()) {
      PrestoTls tls = settings.tls();
      http.sslSocketFactory(tls.sockets(), tls.trust());
    }
    http.addInterceptor(new Proof(settings, coordinator.isHttps()));
    PageTap tap = new PageTap();
    OkHttpClient client = http.addInterceptor(tap).build();
    PrestoConnection connection = new PrestoConnection(uri, new QueryExecutor(client));
    if (!settings.catalog().isEmpty()) {
      connection.setCatalog(settings.catalog());
    }
    connection.setClientInfo("ClientInfo", settings.clientInfo());
    connection.setClientInfo("ClientTags", settings.clientTags());
    // Presto's default is right here: where a type is none of JSON's, a page becomes objects, many
    // times as large, in a small heap.
    connection.setSessionProperty("target_result_size", "1MB");
    settings.sessionProperties().forEach(connection::setSessionProperty);
    FIXED.forEach(connection::setSessionProperty);
    settings
        .roles()
        .forEach((owner, role) -> connection.setRole(owner, SelectedRole.valueOf(role)));
    return new PrestoLink(client, tap, connection, coordinator, settings.user());
  }

  /** Adds to every request what proves who asks. */
  private record Proof(QuerySettings settings, boolean encrypted) implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
      Request request = chain.request();
      if (encrypted && !request.isHttps()) {
        // Behind a balancer Presto may not know that its pages are to be had over https only.
        throw new IOException("the address of the next page does not begin with https");
      }
      Request.Builder more = request.newBuilder();
      String authorization = encrypted ? settings.authorization() : "";
      if (!authorization.isEmpty()) {
        more.header("Authorization", authorization);
      }
      if (request.method().equals("POST")) {
        for (Map.Entry<String, String> extra : settings.extraCredentials().entrySet()) {
          more.addHeader(
              "X-Presto-Extra-Credential",
              extra.getKey() + "=" + HeaderText.encode(extra.getValue()));
        }
      }
      return chain.proceed(more.build());
    }
  }

  @Override
  public void onQueryId(Consumer<String> listener) {
    queryIds = listener;
  }

  @Override
  public List<String> prepare(String query) throws SQLException, InterruptedException {
    boolean unused = execute("PREPARE " + PREPARED + " FROM " + query).isPresent();
    List<String> types = new ArrayList<>();
    Optional<EngineRows> inputs = execute("DESCRIBE INPUT " + PREPARED);
    if (inputs.isPresent()) {
      try (EngineRows rows = inputs.get()) {
        // Where there are none, one row says so.
        while (rows.next() && rows.value(1) instanceof String type) {
          types.add(type);
        }
      }
    }
    return types;
  }

  /** As the driver's own statement does it, whose rows are objects. */
  @Override
  public Optional<EngineRows> execute(String sql) throws SQLException, InterruptedException {
    StatementClient started = start(sql);
    client = started;
    queryIds.accept(started.currentStatusInfo().getId());
    PrestoRows rows = new PrestoRows(started, tap);
    if (started.currentStatusInfo().getUpdateType() == null) {
      return Optional.of(rows);
    }
    while (rows.next()) {
      // What a statement that changes something gives is the number of rows again.
    }
    connection.updateSession(started);
    Long count = started.finalStatusInfo().getUpdateCount();
    updateCount = count == null ? 0 : count;
    return Optional.empty();
  }

  private StatementClient start(String sql) throws SQLException {
    try {
      return connection.startQuery(sql, Map.of());
    } catch (ClientException failure) {
      throw new SQLException(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      throw new SQLException("Error executing query", failure);
    }
  }

  @Override
  public long updateCount() {
    return updateCount;
  }

  /** The interrupt is enough. */
  @Override
  public void abort() {}

  @Override
  public void close() throws SQLException {
    StatementClient open = client;
    try {
      if (open != null) {
        open.close();
      }
    } finally {
      connection.close();
    }
  }

  @Override
  public void end(String queryId) {
    Request request =
        new Request.Builder()
            .url(coordinator.newBuilder().encodedPath("/v1/query/" + queryId).build())
            .header("X-Presto-User", user)
            .delete()
            .build();
    OkHttpClient patient = http.newBuilder().callTimeout(PATIENCE).build();
    try (Response answer = patient.newCall(request).execute()) {
      boolean unused = answer.isSuccessful();
    } catch (IOException unreachable) {
      // Then Presto gives the query up by itself, when nobody has read for five minutes.
    }
  }
}
