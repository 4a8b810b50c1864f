package io.prestogres.server;

import io.prestogres.config.InstanceConfig;
import io.prestogres.intercept.InterceptorChain;
import io.prestogres.intercept.Interceptors;
import io.prestogres.protocol.NoStartupPacket;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.CancelRequest;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.prestogres.session.ClientTls;
import io.prestogres.session.Greeting;
import io.prestogres.session.Newcomer;
import io.prestogres.session.Session;
import io.prestogres.session.SessionServices;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The listener of one instance: every accepted connection is greeted, and becomes a session or a
 * cancel. Clients over the limit are told so; a cancel needs no free place.
 */
final class ProxyListener extends VerticleBase {
  private static final System.Logger LOG = System.getLogger(ProxyListener.class.getName());

  private final SessionServices services;
  private final ClientTls tls;
  private final ClientCounts clients;

  ProxyListener(SessionServices services, ClientTls tls, ClientCounts clients) {
    this.services = services;
    this.tls = tls;
    this.clients = clients;
  }

  /** Listens; of several listeners of one instance each has an event loop of its own. */
  @Override
  public Future<?> start() {
    InstanceConfig config = services.config();
    return vertx
        .createNetServer(new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true))
        .connectHandler(this::accept)
        .listen(config.listen().port(), config.listen().host());
  }

  private void accept(NetSocket client) {
    long accepted = System.nanoTime();
    Greeting.read(services.vertx(), client, tls, services.config().limits().startupTimeout())
        .onSuccess(
            arrival -> {
              if (arrival.packet() instanceof CancelRequest cancel) {
                // As with PostgreSQL, the connection ends when the cancel is over: a client that
                // waits for that does not lose its next statement to it.
                services
                    .sessions()
                    .find(cancel.processId(), cancel.secret())
                    .map(Session::cancel)
                    .orElseGet(Future::succeededFuture)
                    .onComplete(done -> client.end());
              } else if (arrival.packet() instanceof StartupMessage startup) {
                intercept(
                    client, new Newcomer(startup, arrival.rest(), accepted, Optional.empty()));
              }
            })
        .onFailure(failure -> refuse(client, failure));
  }

  /** Asks the plugins, for as long as a start-up may take; the client has no place until then. */
  private void intercept(NetSocket client, Newcomer newcomer) {
    Interceptors interceptors = services.interceptors();
    if (interceptors.isEmpty()) {
      connect(client, newcomer);
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    long timer =
        vertx.setTimer(
            newcomer.millisLeft(services.config().limits().startupTimeout()),
            late -> {
              over.set(true);
              refuse(
                  client,
                  PgException.fatal(
                      SqlState.INVALID_AUTHORIZATION, "the plugins' decision took too long"));
            });
    client.closeHandler(end -> over.set(true));
    InterceptorChain chain = interceptors.chain(vertx.getOrCreateContext(), addressOf(client));
    chain
        .connect(newcomer.startup())
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(this::checked)
        .onSuccess(
            startup -> {
              if (!over.get()) {
                connect(client, newcomer.intercepted(startup, chain));
              }
            })
        .onFailure(
            failure -> {
              if (!over.get()) {
                refuse(client, failure);
              }
            });
  }

  private static String addressOf(NetSocket client) {
    return Optional.ofNullable(client.remoteAddress()).map(SocketAddress::hostAddress).orElse("");
  }

  private Future<StartupMessage> checked(StartupMessage startup) {
    return startup.replication() && services.interceptors().seeQueries()
        ? Future.failedFuture(
            PgException.fatal(
                SqlState.FEATURE_NOT_SUPPORTED,
                "replication connections are not possible here: their commands cannot be shown to"
                    + " the plugins of this server"))
        : Future.succeededFuture(startup);
  }

  private void connect(NetSocket client, Newcomer newcomer) {
    Runnable leave;
    try {
      leave = clients.enter(newcomer.startup());
    } catch (PgException tooMany) {
      refuse(client, tooMany);
      return;
    }
    // A client that leaves while we connect is noticed here; afterwards the session does it.
    AtomicBoolean left = new AtomicBoolean();
    client.closeHandler(end -> left.set(true));
    onContext(vertx.getOrCreateContext(), services.mirror().prepare(newcomer.startup().database()))
        .compose(prepared -> services.network().connect())
        .onSuccess(
            upstream -> {
              if (left.get()) {
                leave.run();
                upstream.close();
              } else {
                Session.begin(services, newcomer, client, upstream, leave);
              }
            })
        .onFailure(
            failure -> {
              leave.run();
              refuse(client, failure);
            });
  }

  /** The same, completed on the client's own context. */
  private static Future<Void> onContext(Context context, Future<Void> future) {
    if (future.isComplete()) {
      return future;
    }
    Promise<Void> promise = Promise.promise();
    future.onComplete(done -> context.runOnContext(v -> promise.handle(done)));
    return promise.future();
  }

  private void refuse(NetSocket client, Throwable failure) {
    PgException error =
        failure instanceof PgException known
            ? known.asFatal()
            : PgException.fatal(SqlState.INTERNAL_ERROR, "the connection could not be served");
    services.metrics().error(error.fields().sqlState());
    if (failure instanceof NoStartupPacket) {
      LOG.log(System.Logger.Level.INFO, "{0}: {1}", addressOf(client), error.getMessage());
    } else {
      client.write(error.toErrorResponse());
    }
    client.end();
  }
}
