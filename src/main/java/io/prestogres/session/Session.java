package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.catalog.CatalogMirror;
import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.metrics.EndCause;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One client and its link to PostgreSQL: authentication is relayed, the shells are set up before
 * the client hears that it may begin, and from then on frames flow both ways. Only Query messages
 * that may concern a shell are held up, to be planned.
 *
 * <p>Everything here happens on one context, the one both sockets belong to; {@link #cancel} and
 * {@link #shutDown} may be called from anywhere.
 */
public final class Session {
  /** How long a backend has to be reset, to be kept. */
  private static final long RESET_MILLIS = 5_000;

  /** PostgreSQL's own bound on a message, PQ_LARGE_MESSAGE_LIMIT. */
  private static final int MAX_MESSAGE = 0x3fffffff;

  private enum Phase {
    AUTHENTICATING,
    PREPARING,
    READY,
    CLOSED
  }

  private final SessionServices services;
  private final StartupMessage startup;
  private final ContextInternal context;
  private final Link client;
  private final Link server;
  private final FrameSplitter clientFrames;
  private final FrameSplitter serverFrames;
  private final ExchangeQueue queue;
  private final Relay relay;
  private final ServingBackend backend;
  private final Gate gate;
  private final Notices notices;
  private final SessionParameters parameters = new SessionParameters();
  private final Farewell farewell;
  private final Hooks hooks;
  private final LostEndpoint lostEndpoint;
  private final FrameHandler replies;
  private final FrameHandler startupReplies;
  private FrameHandler fromClient;

  private Phase phase = Phase.AUTHENTICATING;
  private boolean terminated;
  private boolean leaving;
  private boolean dismissed;
  private long startupTimer;
  private final Runnable onEnd;

  private Session(
      SessionServices services,
      Newcomer newcomer,
      NetSocket client,
      NetSocket server,
      Runnable onEnd) {
    this.services = services;
    this.onEnd = onEnd;
    this.startup = newcomer.startup();
    this.hooks = new Hooks(services, newcomer);
    this.context = (ContextInternal) services.vertx().getOrCreateContext();
    this.client = new Link(context, client);
    this.server = new Link(context, server);
    this.clientFrames = new FrameSplitter(new ClientFrames(), MAX_MESSAGE);
    this.serverFrames = new FrameSplitter(new ServerFrames(), MAX_MESSAGE);
    this.queue = new ExchangeQueue(services.metrics(), hooks.watch());
    this.relay = new Relay(context, this.client, this.server, queue);
    this.backend = new ServingBackend(services, this, startup, relay);
    this.gate = new Gate(relay, clientFrames, this::violated);
    this.notices = new Notices(relay, serverFrames);
    this.farewell = new Farewell(relay, gate, this::fail);
    HeldReplies held = new HeldReplies(relay, serverFrames, () -> fromServer(serverFrames::resume));
    this.lostEndpoint = new LostEndpoint(held, () -> services.recoverEndpoint(startup.database()));
    this.replies =
        new WriteReplies(
            hooks.around(new Replies(relay, parameters, this::idle, this::heard), queue),
            queue,
            new MirrorChanges(held, relay, notices, services.showingChanges(startup.database())));
    Admission admission =
        new Admission(
            relay,
            clientFrames,
            this::guarded,
            () -> services.rolePasswords().of(startup.user()),
            services.forwarding(startup.user(), parameters));
    this.startupReplies =
        new StartupReplies(
            relay, admission, parameters, backend::started, this::heard, this::prepare);
    this.fromClient = admission;
  }

  /**
   * Begins a session on the current context, which both sockets have to belong to.
   *
   * @param onEnd run once when the session is over
   */
  public static void begin(
      SessionServices services,
      Newcomer newcomer,
      NetSocket client,
      NetSocket server,
      Runnable onEnd) {
    Session session = new Session(services, newcomer, client, server, onEnd);
    services.metrics().sessionOpened();
    session.server.write(newcomer.startup().packet());
    session.client.read(session::fromClient, session::clientClosed);
    session.server.read(
        bytes -> session.fromServer(() -> session.serverFrames.feed(bytes)), session::serverClosed);
    session.limitStartup(newcomer.millisLeft(services.config().limits().startupTimeout()));
    if (newcomer.rest().length() > 0) {
      session.fromClient(FrameSplitter.bytesOf(newcomer.rest()));
    }
  }

  private void limitStartup(long millis) {
    startupTimer =
        services.vertx().setTimer(millis, late -> farewell.late(phase == Phase.AUTHENTICATING));
  }

  private void fromClient(ByteBuf bytes) {
    guarded(() -> clientFrames.feed(bytes));
  }

  private void guarded(Runnable clientMessages) {
    try {
      clientMessages.run();
    } catch (PgException violation) {
      violated(violation);
    }
  }

  private void violated(PgException violation) {
    clientFrames.pause();
    farewell.violated(violation);
  }

  private void fromServer(Runnable serverMessages) {
    if (phase == Phase.CLOSED) {
      return;
    }
    try {
      serverMessages.run();
    } catch (PgException violation) {
      fail(violation.asFatal().fields(), EndCause.PROTOCOL);
    }
  }

  private final class ClientFrames implements FrameHandler {
    @Override
    public boolean opens(byte type, int length) {
      if (type == Frontend.TERMINATE && !terminated) {
        terminated = true;
        leaving = phase == Phase.READY && backend.mayStay();
      }
      return leaving || fromClient.opens(type, length);
    }

    @Override
    public int gathers(byte type, int length) {
      return fromClient.gathers(type, length);
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      if (leaving) {
        leave();
        return NOTHING;
      }
      return fromClient.frame(type, frame);
    }

    @Override
    public void pass(ByteBuf bytes) {
      fromClient.pass(bytes);
    }
  }

  private final class ServerFrames implements FrameHandler {
    @Override
    public boolean opens(byte type, int length) {
      return phase == Phase.AUTHENTICATING || replies.opens(type, length);
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      return (phase == Phase.AUTHENTICATING ? startupReplies : replies).frame(type, frame);
    }

    @Override
    public void pass(ByteBuf bytes) {
      client.write(bytes, server);
    }
  }

  /** setup_system_catalog, between authentication and the client's first statement. */
  private Buffer prepare(Buffer ready) {
    Buffer readyForQuery = ready.copy();
    phase = Phase.PREPARING;
    client.hold(Link.Hold.PLANNING);
    backend
        .settle()
        .compose(settled -> setUp())
        .onComplete(
            done ->
                context.runOnContext(
                    v -> {
                      if (phase == Phase.PREPARING) {
                        prepared(done, readyForQuery);
                      }
                    }));
    return FrameHandler.NOTHING;
  }

  private Future<CatalogMirror.Setup> setUp() {
    return startup.replication() || phase != Phase.PREPARING
        ? Future.succeededFuture(CatalogMirror.Setup.plain())
        : services.setUp(this, backend.processId(), this::whilePreparing);
  }

  private void whilePreparing(ErrorFields notice) {
    if (phase == Phase.PREPARING) {
      notices.tell(notice);
    }
  }

  private void prepared(AsyncResult<CatalogMirror.Setup> setup, Buffer ready) {
    fromClient = hooks.before(requests(setup.result().database()), relay, gate, parameters);
    client.write(backend.tell());
    setup.result().warnings().forEach(notices::warn);
    client.write(ready);
    phase = Phase.READY;
    client.release(Link.Hold.PLANNING);
    farewell.admitted();
    guarded(clientFrames::resume);
  }

  private Requests requests(Optional<MirroredDatabase> mirrored) {
    Supplier<PrestoUse> use = () -> services.prestoUse(this, backend.processId());
    return new Requests(
        relay,
        gate,
        mirrored.map(database -> new Planning(relay, gate, notices, services, use, database)),
        parameters,
        services.config().limits().maxStatementBytes());
  }

  private void idle() {
    gate.idle();
    farewell.idle();
  }

  private void heard(ErrorFields error) {
    services.metrics().error(error.sqlState());
    dismissed = dismissed || error.isFatal();
    if (phase == Phase.AUTHENTICATING && error.sqlState().equals(SqlState.TOO_MANY_CONNECTIONS)) {
      services.warmBackends().endAll();
    }
    hooks.heard(error);
    if (phase == Phase.READY) {
      lostEndpoint.heard(error);
    }
  }

  /** The client has said goodbye; what served it may serve another. */
  private void leave() {
    clientFrames.pause();
    long timer = services.vertx().setTimer(RESET_MILLIS, late -> endNow());
    backend
        .leave()
        .onComplete(
            left -> {
              services.vertx().cancelTimer(timer);
              endNow();
            });
    client.close();
  }

  private void endNow() {
    if (phase != Phase.CLOSED) {
      leavePostgresql();
      end(EndCause.CLIENT);
    }
  }

  private void clientClosed() {
    if (phase == Phase.CLOSED || leaving) {
      return;
    }
    boolean busy = !terminated && (queue.batchOpen() || !queue.idle());
    if (busy) {
      services.cancel(backend.key());
    }
    leavePostgresql();
    end(terminated ? EndCause.CLIENT : EndCause.CLIENT_LOST);
  }

  /** Before the client is in PostgreSQL waits for a password, and would log the word as none. */
  private void leavePostgresql() {
    if ((leaving || !terminated) && phase != Phase.AUTHENTICATING) {
      backend.goodbye();
    }
  }

  private void serverClosed() {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (!terminated && !dismissed && serverFrames.betweenFrames()) {
      client.write(
          ErrorFields.fatal(
                  SqlState.CONNECTION_FAILURE, "PostgreSQL has closed the connection unexpectedly")
              .toErrorResponse());
    }
    end(
        terminated
            ? EndCause.CLIENT
            : phase == Phase.AUTHENTICATING ? EndCause.AUTHENTICATION : EndCause.SERVER);
  }

  private void fail(ErrorFields error, EndCause cause) {
    if (phase == Phase.CLOSED) {
      return;
    }
    services.metrics().error(error.sqlState());
    if (serverFrames.betweenFrames()) {
      client.write(error.toErrorResponse());
    }
    leavePostgresql();
    end(cause);
  }

  private void end(EndCause cause) {
    phase = Phase.CLOSED;
    Farewell.log(services.config().name(), backend.key(), startup, cause);
    services.vertx().cancelTimer(startupTimer);
    services.metrics().sessionClosed(cause, client.bytesRead(), server.bytesRead());
    PgException lost = PgException.fatal(SqlState.CONNECTION_FAILURE, "the session has ended");
    gate.abandon();
    queue.abandon(lost);
    client.close();
    backend.end();
    onEnd.run();
  }

  /**
   * Cancels what the session is doing, in PostgreSQL and on Presto.
   *
   * @return completes when the cancel can no longer hit a statement that the client sends from then
   *     on
   */
  public Future<Void> cancel() {
    return gate.abandoned()
        ? Future.succeededFuture()
        : new Cancellation(services, relay, gate).cancel(backend.key());
  }

  /** A scan for a statement of the session's has read more than so many rows of a table. */
  public void scanned(String table, long rows) {
    context.runOnContext(v -> notices.scanned(table, rows));
  }

  /** Lets the client finish what it does, then tells it that the proxy is going away. */
  void finish() {
    context.runOnContext(v -> farewell.finish());
  }

  /** Ends what the client does, tells it that the proxy is going away, closes; then completes. */
  Future<Void> shutDown() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        v -> {
          Future<Void> canceled =
              phase == Phase.READY && !queue.idle()
                  ? services.cancel(backend.key())
                  : Future.succeededFuture();
          farewell.dismiss();
          canceled.onComplete(done);
        });
    return done.future();
  }

  /** Wakes the backend if it waits and may have a JVM inside; it may have been told to end. */
  void wake() {
    if (services.pljavaSessions().uses(startup.database())) {
      context.runOnContext(
          v -> {
            if (phase == Phase.READY && queue.idle() && clientFrames.betweenFrames()) {
              server.wake();
            }
          });
    }
  }

  /** Ends the session if nothing has come from either side for so long, outside a transaction. */
  void endIfSilent(Duration timeout) {
    context.runOnContext(v -> farewell.endIfSilent(timeout));
  }

  Buffer secret() {
    return backend.secret();
  }

  /** The role that logged in. */
  public String user() {
    return startup.user();
  }

  /** The database it logged in to. */
  public String database() {
    return startup.database();
  }

  /** What PostgreSQL reported of the session's parameters. */
  public SessionParameters parameters() {
    return parameters;
  }
}
