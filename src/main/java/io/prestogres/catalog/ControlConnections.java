package io.prestogres.catalog;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.RedirectConfig.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The proxy's own connections to the PostgreSQL of one instance, a small pool for each database,
 * opened when first needed. Thread-safe.
 */
public final class ControlConnections implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;

  private final Vertx vertx;
  private final InstanceConfig config;
  private final Optional<X509ExtendedTrustManager> authorities;
  private final Map<String, Pool> pools = new ConcurrentHashMap<>();

  /**
   * Connections as the control role of the instance, with the TLS that sessions use.
   *
   * @param authorities who may have signed PostgreSQL's certificate; empty if that does not matter
   */
  public ControlConnections(
      Vertx vertx, InstanceConfig config, Optional<X509ExtendedTrustManager> authorities) {
    this.vertx = vertx;
    this.config = config;
    this.authorities = authorities;
  }

  /** The pool of one database; that it exists shows when a connection is asked for. */
  public Pool pool(String database) {
    return pools.computeIfAbsent(database, this::open);
  }

  /** A connection for one long piece of work, which must not keep a place of the pool. */
  public Future<PgConnection> connect(String database) {
    return PgConnection.connect(vertx, options(database));
  }

  private PgConnectOptions options(String database) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(config.redirect().host())
            .setPort(config.redirect().port())
            .setUser(config.control().user())
            .setDatabase(database);
    options.addProperty("application_name", "prestogres");
    // That something is there already is no news.
    options.addProperty("client_min_messages", "warning");
    options.addProperty("search_path", "pg_catalog, pg_temp");
    if (!config.control().password().value().isEmpty()) {
      options.setPassword(config.control().password().value());
    }
    if (config.redirect().tls() != Tls.DISABLE) {
      options.setSslMode(sslMode()).setSslOptions(sslOptions());
    }
    return options;
  }

  private SslMode sslMode() {
    return switch (config.redirect().tls()) {
      case DISABLE -> SslMode.DISABLE;
      case PREFER -> SslMode.PREFER;
      case REQUIRE -> authorities.isPresent() ? SslMode.VERIFY_CA : SslMode.REQUIRE;
      case VERIFY_CA -> SslMode.VERIFY_CA;
      case VERIFY_FULL -> SslMode.VERIFY_FULL;
    };
  }

  private ClientSSLOptions sslOptions() {
    boolean full = config.redirect().tls() == Tls.VERIFY_FULL;
    ClientSSLOptions options =
        new ClientSSLOptions()
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
            .setHostnameVerificationAlgorithm(full ? "HTTPS" : "")
            .setTrustAll(authorities.isEmpty());
    authorities.ifPresent(
        trust -> options.setTrustOptions(TrustOptions.wrap((TrustManager) trust)));
    return options;
  }

  private Pool open(String database) {
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setMaxSize(config.control().connections())
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setConnectionTimeout((int) config.limits().connectTimeout().toSeconds())
                .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .connectingTo(options(database))
        .using(vertx)
        .build();
  }

  /** Closes a pool whose database turned out not to be there. */
  void forget(String database) {
    Pool pool = pools.remove(database);
    if (pool != null) {
      pool.close();
    }
  }

  /** Whether PostgreSQL answers at all. */
  public Future<Void> ping() {
    return pool("postgres").query("SELECT 1").execute().mapEmpty();
  }

  @Override
  public void close() {
    pools.values().forEach(Pool::close);
    pools.clear();
  }
}
