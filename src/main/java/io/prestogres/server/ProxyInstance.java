package io.prestogres.server;

import io.prestogres.auth.TlsFiles;
import io.prestogres.catalog.CatalogMirror;
import io.prestogres.catalog.ControlConnections;
import io.prestogres.catalog.EndpointPasswords;
import io.prestogres.catalog.Foundation;
import io.prestogres.catalog.PljavaSessions;
import io.prestogres.catalog.RolePasswords;
import io.prestogres.catalog.SteadyClock;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.KerberosLogin;
import io.prestogres.config.PrestoConfig;
import io.prestogres.intercept.Interceptors;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.KerberosTickets;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoCoordinator;
import io.prestogres.results.ResultsEndpoint;
import io.prestogres.session.ClientTls;
import io.prestogres.session.PostgresqlConnector;
import io.prestogres.session.PrestoSessions;
import io.prestogres.session.QueryPlanner;
import io.prestogres.session.SessionRegistry;
import io.prestogres.session.SessionServices;
import io.prestogres.session.WarmBackends;
import io.prestogres.sql.Translations;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One listener and everything behind it, wired. */
final class ProxyInstance {
  private static final System.Logger LOG = System.getLogger(ProxyInstance.class.getName());

  /** How often the files for TLS are looked at. */
  private static final long TLS_FILES_MILLIS = 10_000;

  /** How often it is looked whether Kerberos has given a new ticket. */
  private static final long TICKETS_MILLIS = 1_000;

  private static final long TICKETS_PAUSE_MILLIS = 10_000;

  /** How often silent clients are looked for, at most. */
  private static final long IDLE_MILLIS = 5_000;

  /** How often it is looked whether all clients have finished. */
  private static final long FINISHED_MILLIS = 20;

  private final Vertx vertx;
  private final InstanceConfig config;
  private final int eventLoops;
  private final ControlConnections connections;
  private final PrestoClient presto;
  private final SessionRegistry sessions;
  private final PljavaSessions pljavaSessions;
  private final CatalogMirror mirror;
  private final ResultsEndpoint results;
  private final WarmBackends warmBackends;
  private final SessionServices services;
  private final TlsFiles tlsFiles;
  private final ClientTls clientTls;
  private final PostgresqlConnector network;
  private final ClientCounts clients;

  ProxyInstance(
      Vertx vertx,
      InstanceConfig config,
      TlsFiles tlsFiles,
      int eventLoops,
      Translations translations,
      Interceptors interceptors,
      InstanceMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.eventLoops = eventLoops;
    this.tlsFiles = tlsFiles;
    clients = new ClientCounts(config.limits());
    clientTls = new ClientTls(config.tls(), tlsFiles);
    network =
        new PostgresqlConnector(
            vertx, config.redirect(), config.limits().connectTimeout(), tlsFiles);
    connections = new ControlConnections(vertx, config, tlsFiles.redirectAuthorities());
    PrestoCoordinator coordinator = coordinator(vertx, config.presto(), tlsFiles);
    presto = new PrestoClient(vertx, coordinator);
    sessions = new SessionRegistry();
    PrestoSessions prestoSessions = new PrestoSessions(config.presto(), sessions);
    EndpointPasswords passwords = new EndpointPasswords(connections);
    pljavaSessions =
        new PljavaSessions(
            connections, config.presto(), coordinator.credentials(), tlsFiles::prestoTexts);
    mirror =
        new CatalogMirror(
            vertx,
            config,
            connections,
            passwords,
            pljavaSessions,
            presto,
            prestoSessions.forMetadata(),
            prestoSessions::forRole,
            metrics,
            new SteadyClock());
    results =
        new ResultsEndpoint(
            vertx,
            config.results(),
            Foundation.OWNER,
            config.limits().scans(),
            new InstanceEndpointServices(connections, passwords, prestoSessions, mirror),
            presto,
            translations,
            metrics);
    QueryPlanner planner =
        new QueryPlanner(
            vertx,
            translations,
            presto,
            config.pushdown() == InstanceConfig.Pushdown.EXACT,
            config.presto().writes());
    warmBackends = new WarmBackends(vertx, config.redirect().warmBackends(), metrics);
    services =
        new SessionServices(
            vertx,
            config,
            network,
            warmBackends,
            sessions,
            prestoSessions,
            pljavaSessions,
            new RolePasswords(connections),
            mirror,
            planner,
            results,
            interceptors,
            metrics);
  }

  private static PrestoCoordinator coordinator(
      Vertx vertx, PrestoConfig config, TlsFiles tlsFiles) {
    PrestoCoordinator defaults =
        PrestoCoordinator.of(
            config.url(),
            switch (config.flavor()) {
              case PRESTO -> PrestoCoordinator.Flavor.PRESTO;
              case TRINO -> PrestoCoordinator.Flavor.TRINO;
            });
    Map<String, String> extraCredentials = new HashMap<>();
    config
        .session()
        .extraCredentials()
        .forEach((name, value) -> extraCredentials.put(name, value.value()));
    return new PrestoCoordinator(
        defaults.url(),
        defaults.flavor(),
        new PrestoCoordinator.Credentials(
            config.login().user(),
            config.login().password().value(),
            config.login().accessToken().value(),
            tickets(vertx, config),
            extraCredentials),
        new PrestoCoordinator.Tls(tlsFiles.prestoAuthorities(), tlsFiles.prestoIdentity()),
        config.requestTimeout(),
        defaults.retryDuration(),
        defaults.targetResultSize(),
        defaults.connections());
  }

  private static Optional<KerberosTickets> tickets(Vertx vertx, PrestoConfig config) {
    KerberosLogin login = config.login().kerberos();
    return login.enabled()
        ? Optional.of(
            new KerberosTickets(
                vertx,
                new KerberosTickets.Settings(
                    login.principal(),
                    login.keytab(),
                    login.credentialCache(),
                    login.config(),
                    login.remoteServiceName(),
                    login.servicePrincipalPattern(),
                    login.useCanonicalHostname(),
                    config.requestTimeout()),
                Clock.systemUTC()))
        : Optional.empty();
  }

  /** Listens for PostgreSQL's backends first, then for clients. */
  Future<Void> listen() {
    Duration idle = config.limits().idleTimeout();
    if (!idle.isZero()) {
      long often = Math.max(50, Math.min(IDLE_MILLIS, idle.toMillis() / 4));
      vertx.setPeriodic(often, tick -> sessions.endIdle(idle));
    }
    mirror.keepFresh(sessions::roles);
    if (config.tableFunction() != InstanceConfig.TableFunction.LOOPBACK) {
      vertx.setPeriodic(SessionRegistry.WAKE_MILLIS, tick -> sessions.wakeIdle());
    }
    if (tlsFiles.any()) {
      vertx.setPeriodic(
          TLS_FILES_MILLIS,
          tick ->
              vertx.executeBlocking(
                  () -> {
                    tlsFiles.reload();
                    return true;
                  }));
    }
    if (config.presto().login().kerberos().enabled()) {
      vertx.setTimer(TICKETS_MILLIS, tick -> renewTickets());
    }
    return results
        .listen()
        .recover(failure -> busy(failure, "results.port", config.results().port()))
        .compose(
            port ->
                vertx.deployVerticle(
                    () -> new ProxyListener(services, clientTls, clients),
                    new DeploymentOptions().setInstances(eventLoops)))
        .recover(failure -> busy(failure, "listen.port", config.listen().port()))
        .mapEmpty();
  }

  private void renewTickets() {
    pljavaSessions
        .renewTickets()
        .onSuccess(done -> vertx.setTimer(TICKETS_MILLIS, tick -> renewTickets()))
        .onFailure(
            failure -> {
              LOG.log(
                  System.Logger.Level.WARNING,
                  "{0}: PL/Java gets no new ticket of Kerberos: {1}",
                  config.name(),
                  failure.getMessage());
              vertx.setTimer(TICKETS_PAUSE_MILLIS, tick -> renewTickets());
            });
  }

  private <T> Future<T> busy(Throwable failure, String key, int port) {
    return failure instanceof PortUnavailable
        ? Future.failedFuture(failure)
        : Future.failedFuture(new PortUnavailable(config.name(), key, port, failure));
  }

  /** What has to be well for the instance to serve, by name. */
  Map<String, Supplier<Future<Void>>> checks() {
    return Map.of(
        config.name() + ".postgresql",
        connections::ping,
        config.name() + ".presto",
        () -> presto.ping().mapEmpty());
  }

  /** Takes no more clients, lets those that are there finish for a while, and closes. */
  Future<Void> close() {
    clients.close();
    return finished()
        .transform(done -> sessions.closeAll())
        .transform(ended -> results.close())
        .onComplete(
            closed -> {
              warmBackends.endAll();
              connections.close();
              presto.close();
              network.close();
            });
  }

  private Future<Void> finished() {
    Promise<Void> done = Promise.promise();
    awaitFinished(System.nanoTime() + config.limits().shutdownTimeout().toNanos(), done);
    return done.future();
  }

  /** Looks again and again, for clients that were still being authenticated. */
  private void awaitFinished(long end, Promise<Void> done) {
    sessions.finishAll();
    if (sessions.size() == 0 || System.nanoTime() - end >= 0) {
      done.complete();
    } else {
      vertx.setTimer(FINISHED_MILLIS, again -> awaitFinished(end, done));
    }
  }
}
