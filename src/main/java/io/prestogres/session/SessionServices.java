package io.prestogres.session;

import io.prestogres.catalog.CatalogMirror;
import io.prestogres.catalog.PljavaSessions;
import io.prestogres.catalog.RolePasswords;
import io.prestogres.config.InstanceConfig;
import io.prestogres.intercept.Interceptors;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.results.ResultsEndpoint;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What every session of one instance shares. */
public record SessionServices(
    Vertx vertx,
    InstanceConfig config,
    PostgresqlConnector network,
    WarmBackends warmBackends,
    SessionRegistry sessions,
    PrestoSessions prestoSessions,
    PljavaSessions pljavaSessions,
    RolePasswords rolePasswords,
    CatalogMirror mirror,
    QueryPlanner planner,
    ResultsEndpoint results,
    Interceptors interceptors,
    InstanceMetrics metrics) {

  /** How long a backend has to do what it was told, before it is woken. */
  private static final long WAKE_MILLIS = 200;

  /**
   * setup_system_catalog for a session.
   *
   * @param notice told what the client has to wait for, on the current context
   * @return never fails
   */
  Future<CatalogMirror.Setup> setUp(Session session, int processId, Consumer<ErrorFields> notice) {
    Context context = vertx.getOrCreateContext();
    return mirror
        .setUp(
            session.database(),
            session.user(),
            text -> context.runOnContext(v -> notice.accept(ErrorFields.notice(text))))
        .compose(
            setup ->
                putSession(session, processId)
                    .transform(told -> Future.succeededFuture(withWarning(setup, told))));
  }

  private static CatalogMirror.Setup withWarning(
      CatalogMirror.Setup setup, AsyncResult<Void> told) {
    return told.succeeded()
        ? setup
        : setup.withWarning("the session cannot be prepared: " + told.cause().getMessage());
  }

  /** What becomes of the passwords of clients, where they go on to Presto. */
  Optional<PasswordForwarding> forwarding(String user, SessionParameters parameters) {
    return config.presto().login().forwardPassword()
        ? Optional.of(new PasswordForwarding(user, parameters))
        : Optional.empty();
  }

  private Future<Void> putSession(Session session, int processId) {
    return pljavaSessions.put(
        session.database(), processId, session.user(), prestoSessions.of(session));
  }

  /**
   * Has the mirror show what has changed in a schema of the database, as long as a client that
   * connects would wait for it.
   *
   * @return tells what the user has to know; never fails
   */
  Function<String, Future<List<String>>> showingChanges(String database) {
    return schema -> refreshSchema(database, schema, "the change is made, but not shown yet: ");
  }

  /** Reads a schema of which nothing is known yet, and tells what {@link #showingChanges} does. */
  Function<String, Future<List<String>>> readingSchemas(String database) {
    return schema ->
        refreshSchema(database, schema, "the tables of schema " + schema + " cannot be read: ");
  }

  private Future<List<String>> refreshSchema(String database, String schema, String failed) {
    Promise<List<String>> shown = Promise.promise();
    long timer =
        vertx.setTimer(
            config.catalog().connectTimeout().toMillis(),
            late ->
                shown.tryComplete(
                    List.of("the tables of Presto are still being read; changes appear later")));
    mirror
        .refreshSchema(database, schema)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              shown.tryComplete(
                  done.succeeded() ? done.result() : List.of(failed + done.cause().getMessage()));
            });
    return shown.future();
  }

  /** Has PostgreSQL find a results endpoint again, if it has lost one; never fails. */
  Future<Void> recoverEndpoint(String database) {
    return mirror.recoverServers(database);
  }

  /** How a session uses Presto from now on. */
  PrestoUse prestoUse(Session session, int processId) {
    return new PrestoUse(
        prestoSessions.of(session), session.parameters(), () -> putSession(session, processId));
  }

  /** Forgets a session that has ended. */
  void forget(Session session, int processId) {
    sessions.remove(processId, session);
    pljavaSessions.forget(processId);
  }

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
    return done.future()
        .onSuccess(
            told -> vertx.setTimer(WAKE_MILLIS, late -> pljavaSessions.wake(backend.processId())));
  }
}
