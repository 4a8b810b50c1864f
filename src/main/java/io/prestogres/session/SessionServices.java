package io.prestogres.session;

import io.prestogres.catalog.CatalogMirror;
import io.prestogres.config.InstanceConfig;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.results.ResultsEndpoint;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;

/** What every session of one instance shares. */
public record SessionServices(
    Vertx vertx,
    InstanceConfig config,
    NetClient network,
    SessionRegistry sessions,
    PrestoSessions prestoSessions,
    CatalogMirror mirror,
    QueryPlanner planner,
    ResultsEndpoint results,
    InstanceMetrics metrics) {

  /**
   * Cancels what a backend is doing: PostgreSQL is asked as its own client would, and a fetch from
   * Presto that the backend waits for fails at once.
   */
  void cancel(Backend.KeyData backend) {
    if (backend.processId() == 0) {
      return;
    }
    results.cancelBackend(backend.processId());
    network
        .connect(config.redirect().port(), config.redirect().host())
        .onSuccess(
            socket ->
                socket
                    .write(Frontend.cancelRequest(backend.processId(), backend.secret()))
                    .onComplete(written -> socket.end()));
  }
}
