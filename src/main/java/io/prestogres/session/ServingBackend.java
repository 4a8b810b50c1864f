package io.prestogres.session;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The backend that serves a session: at first the one that has let its client in, then perhaps a
 * warm one that was like it; when the client leaves it may be kept warm itself. Belongs to the
 * session's context.
 */
final class ServingBackend {
  /** Whether PL/Java's library is loaded: its settings are known then, and no placeholders. */
  private static final String JAVA_LOADED =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_settings"
          + " WHERE name = 'pljava.statement_cache_size'";

  private final SessionServices services;
  private final Session session;
  private final StartupMessage startup;
  private final Relay relay;
  private volatile Backend.KeyData key = new Backend.KeyData(0, Buffer.buffer());
  private Optional<BackendOrigin> origin = Optional.empty();
  private volatile Buffer secret = Buffer.buffer();
  private boolean told;
  private boolean kept;

  ServingBackend(SessionServices services, Session session, StartupMessage startup, Relay relay) {
    this.services = services;
    this.session = session;
    this.startup = startup;
    this.relay = relay;
  }

  Backend.KeyData key() {
    return key;
  }

  int processId() {
    return key.processId();
  }

  /** With which the client cancels; may be asked from anywhere. */
  Buffer secret() {
    return secret;
  }

  // At the beginning.

  /**
   * PostgreSQL tells the backend's key.
   *
   * @return what the client is told now
   */
  Buffer started(Backend.KeyData own) {
    serveBy(own);
    secret = services.sessions().newSecret(own.secret().length());
    return mayBeAnother() ? FrameHandler.NOTHING : tell();
  }

  private void serveBy(Backend.KeyData own) {
    key = own;
    services.sessions().add(own.processId(), session);
  }

  private boolean mayBeAnother() {
    return services.warmBackends().enabled() && !startup.replication();
  }

  /** The key that the client has not been told yet. */
  Buffer tell() {
    if (told) {
      return FrameHandler.NOTHING;
    }
    told = true;
    return new Backend.KeyData(key.processId(), secret).toBuffer();
  }

  /**
   * Finds out which backend will serve the session.
   *
   * @return completes on the session's context; never fails
   */
  Future<Void> settle() {
    if (!mayBeAnother()) {
      return Future.succeededFuture();
    }
    long now = System.nanoTime();
    Promise<Void> settled = Promise.promise();
    relay
        .inject(BackendOrigin.question(session.parameters().serverVersion()))
        .onComplete(
            asked ->
                // What was read with the answer has to be handed over first.
                relay
                    .context()
                    .runOnContext(
                        v -> {
                          if (asked.succeeded() && !relay.server().closed()) {
                            origin = origin(asked.result(), now);
                            origin
                                .flatMap(own -> services.warmBackends().take(relay.context(), own))
                                .ifPresent(this::change);
                          }
                          settled.complete();
                        }));
    return settled.future();
  }

  private Optional<BackendOrigin> origin(InjectedReply reply, long started) {
    return value(reply).map(settings -> new BackendOrigin(startup, settings, started));
  }

  private static Optional<String> value(InjectedReply reply) {
    return reply.error().isPresent()
        ? Optional.empty()
        : reply.rows().stream().findFirst().flatMap(row -> row.get(0));
  }

  private void change(WarmBackend warm) {
    services.sessions().remove(key.processId(), session);
    goodbye();
    relay.server().takeOver(warm.link());
    origin = Optional.of(warm.origin());
    serveBy(warm.key());
  }

  // At the end.

  /** Whether the backend may serve another client, once this one has said goodbye. */
  boolean mayStay() {
    ExchangeQueue queue = relay.queue();
    return origin.filter(services.warmBackends()::youngEnough).isPresent()
        && services.pljavaSessions().uses(startup.database())
        && queue.idle()
        && !queue.batchOpen()
        && queue.status() == Backend.IDLE;
  }

  /**
   * Resets the backend and keeps it; the session has to end without closing it then.
   *
   * @return fails if it cannot be kept
   */
  Future<Void> leave() {
    return relay
        .inject(new Injection().run("DISCARD ALL").sync())
        .compose(reset -> reset.error().isEmpty() ? askForJava() : Future.failedFuture(useless()))
        .compose(
            loaded ->
                value(loaded).filter("1"::equals).isPresent()
                    ? services.pljavaSessions().remove(key.processId())
                    : Future.failedFuture(useless()))
        .compose(removed -> onContext())
        .compose(v -> keep());
  }

  private Future<InjectedReply> askForJava() {
    return relay.inject(new Injection().run(JAVA_LOADED).sync());
  }

  private Future<Void> onContext() {
    Promise<Void> there = Promise.promise();
    relay.context().runOnContext(v -> there.complete());
    return there.future();
  }

  private Future<Void> keep() {
    if (relay.server().closed() || !relay.queue().idle()) {
      return Future.failedFuture(useless());
    }
    services.sessions().remove(key.processId(), session);
    services.warmBackends().add(relay.context(), relay.server(), key, origin.orElseThrow());
    kept = true;
    return Future.succeededFuture();
  }

  /** Tells it to end, unless it is kept. */
  void goodbye() {
    if (!kept) {
      relay.server().write(Frontend.terminate());
    }
  }

  /** The session is over. */
  void end() {
    if (!kept) {
      services.forget(session, key.processId());
      relay.server().close();
    }
  }

  private static PgException useless() {
    return PgException.fatal(SqlState.CONNECTION_FAILURE, "the backend is of no further use");
  }
}
