package io.prestogres.session;

import io.prestogres.catalog.CatalogMirror;
import io.prestogres.config.InstanceConfig;
import io.prestogres.intercept.Interceptors;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.results.ResultsEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** What every session of one instance shares. */
public record SessionServices(
    Vertx vertx,
    InstanceConfig config,
    PostgresqlConnector network,
    SessionRegistry sessions,
    PrestoSessions prestoSessions,
    CatalogMirror mirror,
    QueryPlanner planner,
    ResultsEndpoint results,
    Interceptors interceptors,
    InstanceMetrics metrics) {

  /**
   * Cancels what a backend is doing: PostgreSQL is asked as its own client would, and a fetch from
   * Presto that the backend waits for fails at once.
   *
   * @return completes when PostgreSQL has done it, or cannot be asked in time: it closes the
   *     connection of a CancelRequest only after the signal is sent
   */
  Future<Void> cancel(Backend.KeyData backend) {
    if (backend.processId() == 0) {
      return Future.succeededFuture();
    }
    results.cancelBackend(backend.processId());
    Promise<Void> done = Promise.promise();
    network
        .connect()
        .onFailure(unreachable -> done.tryComplete())
        .onSuccess(
            socket -> {
              long timer =
                  vertx.setTimer(
                      config.limits().connectTimeout().toMillis(), late -> socket.close());
              socket.closeHandler(
                  end -> {
                    vertx.cancelTimer(timer);
                    done.tryComplete();
                  });
              socket.resume();
              socket.write(Frontend.cancelRequest(backend.processId(), backend.secret()));
            });
    return done.future();
  }
}
