package io.prestogres.session;

import io.prestogres.catalog.CatalogMirror;
import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.metrics.EndCause;
import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.StatementScanner;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One client and its link to PostgreSQL: authentication is relayed, the shells are set up before
 * the client hears that it may begin, and from then on frames flow both ways. Only Query messages
 * that may concern a shell are held up, to be planned.
 *
 * <p>Everything here happens on one context, the one both sockets belong to; {@link #cancel} and
 * {@link #shutDown} may be called from anywhere.
 */
public final class Session {
  /** PostgreSQL's own bound on a message, PQ_LARGE_MESSAGE_LIMIT. */
  private static final int MAX_MESSAGE = 0x3fffffff;

  /** PostgreSQL's own bound before authentication, PG_MAX_AUTH_TOKEN_LENGTH. */
  private static final int MAX_AUTHENTICATION_MESSAGE = 65_535;

  /** Larger errors and notices are passed on unopened. */
  private static final int MAX_OPENED_REPLY = 1 << 20;

  /** A longer text is not looked at on the event loop; it is PostgreSQL's as it stands. */
  private static final int MAX_SCANNED = 1 << 20;

  /** How often a cancel is sent again, and how long the statement has to end in between. */
  private static final int CANCEL_REPEATS = 3;

  private static final long CANCEL_PAUSE_MILLIS = 300;

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private enum Phase {
    AUTHENTICATING,
    PREPARING,
    READY,
    CLOSED
  }

  private final SessionServices services;
  private final StartupMessage startup;
  private final Context context;
  private final Link client;
  private final Link server;
  private final FrameSplitter clientFrames;
  private final FrameSplitter serverFrames;
  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private final SessionParameters parameters = new SessionParameters();

  private Phase phase = Phase.AUTHENTICATING;
  private Backend.KeyData backendKey = new Backend.KeyData(0, Buffer.buffer());
  private volatile Buffer secret = Buffer.buffer();
  private Optional<MirroredDatabase> mirrored = Optional.empty();
  private byte status = Backend.IDLE;
  private boolean unsynced;
  private boolean copyingIn;
  private boolean planning;
  private Optional<Runnable> onIdle = Optional.empty();
  private boolean canceled;
  private boolean terminated;
  private boolean dismissed;
  private long authenticationTimer;
  private final Runnable onEnd;

  private Session(
      SessionServices services,
      StartupMessage startup,
      NetSocket client,
      NetSocket server,
      Runnable onEnd) {
    this.services = services;
    this.onEnd = onEnd;
    this.startup = startup;
    this.context = services.vertx().getOrCreateContext();
    this.client = new Link(client);
    this.server = new Link(server);
    this.clientFrames = new FrameSplitter(new ClientFrames(), MAX_MESSAGE);
    this.serverFrames = new FrameSplitter(new ServerFrames(), MAX_MESSAGE);
  }

  /**
   * Begins a session on the current context, which both sockets have to belong to.
   *
   * @param rest what the client sent after its StartupMessage
   * @param onEnd run once when the session is over
   */
  public static void begin(
      SessionServices services,
      StartupMessage startup,
      NetSocket client,
      NetSocket server,
      Buffer rest,
      Runnable onEnd) {
    Session session = new Session(services, startup, client, server, onEnd);
    services.metrics().sessionOpened();
    session.server.write(startup.packet());
    session.client.read(session::fromClient, session::clientClosed);
    session.server.read(session::fromServer, session::serverClosed);
    session.limitAuthentication();
    if (rest.length() > 0) {
      session.fromClient(rest);
    }
  }

  private void limitAuthentication() {
    authenticationTimer =
        services
            .vertx()
            .setTimer(
                services.config().limits().startupTimeout().toMillis(),
                late -> {
                  if (phase == Phase.AUTHENTICATING) {
                    fail(
                        ErrorFields.fatal(
                            SqlState.INVALID_AUTHORIZATION, "authentication took too long"),
                        EndCause.STARTUP_TIMEOUT);
                  }
                });
  }

  private void fromClient(Buffer bytes) {
    guarded(() -> clientFrames.feed(bytes));
  }

  private void fromServer(Buffer bytes) {
    guarded(() -> serverFrames.feed(bytes));
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (PgException e) {
      fail(e.asFatal().fields(), EndCause.PROTOCOL);
    }
  }

  // What the client sends.

  private final class ClientFrames implements FrameHandler {
    @Override
    public boolean opens(byte type, int length) {
      if (phase == Phase.AUTHENTICATING) {
        checkAuthenticationMessage(type, length);
        return false;
      }
      if ((type == Frontend.QUERY || type == Frontend.PARSE) && scanned(length)) {
        return true;
      }
      passing(type);
      return false;
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      if (type == Frontend.QUERY && planned()) {
        return query(frame);
      }
      passing(type);
      return UnaskedGaps.close(type, frame, mirrored.orElseThrow(), parameters.readable());
    }

    @Override
    public void pass(Buffer bytes) {
      server.write(bytes, client);
    }
  }

  private static void checkAuthenticationMessage(byte type, int length) {
    if (type != Frontend.PASSWORD && type != Frontend.TERMINATE) {
      throw PgException.protocolViolation(
          "expected password response, got message type 0x%02x".formatted(type));
    }
    if (length > MAX_AUTHENTICATION_MESSAGE) {
      throw PgException.protocolViolation("invalid length of password response");
    }
  }

  /** Takes note of a message that goes on unopened. */
  private void passing(byte type) {
    switch (type) {
      case Frontend.QUERY, Frontend.FUNCTION_CALL -> forwarded(Route.POSTGRES);
      case Frontend.SYNC -> {
        unsynced = false;
        // PostgreSQL ignores a Sync until it has all of the data to be copied.
        if (!copyingIn) {
          exchanges.add(new Exchange.Forward(Route.POSTGRES, System.nanoTime(), true));
        }
      }
      case Frontend.COPY_DONE, Frontend.COPY_FAIL -> copyingIn = false;
      case Frontend.TERMINATE -> terminated = true;
      case Frontend.PARSE,
          Frontend.BIND,
          Frontend.DESCRIBE,
          Frontend.EXECUTE,
          Frontend.CLOSE,
          Frontend.FLUSH ->
          unsynced = true;
      default -> {}
    }
  }

  private void forwarded(Route route) {
    exchanges.add(new Exchange.Forward(route, System.nanoTime(), false));
  }

  /**
   * Whether a Query is looked at. Injected statements need a transaction that is not failed, no
   * batch of the extended protocol that still lacks its Sync, and a text that is UTF-8; otherwise
   * PostgreSQL answers as it would without us, by scanning the shells.
   */
  private boolean planned() {
    return !unsynced && status != Backend.FAILED_TRANSACTION && parameters.readable();
  }

  /** Whether a text is looked at: one that is too long goes on as it is. */
  private boolean scanned(int length) {
    return mirrored.isPresent()
        && length <= Math.min(MAX_SCANNED, services.config().limits().maxStatementBytes());
  }

  private Buffer query(Buffer frame) {
    String text;
    try {
      text = Frontend.readQuery(frame);
    } catch (PgException malformed) {
      // Not for us to judge: PostgreSQL refuses it, and the session goes on.
      forwarded(Route.POSTGRES);
      return frame;
    }
    List<ScannedStatement> statements = StatementScanner.scan(text);
    MirroredDatabase database = mirrored.orElseThrow();
    if (!QueryPlanner.concerns(statements, database)) {
      forwarded(Route.POSTGRES);
      return frame;
    }
    clientFrames.pause();
    client.hold(Link.Hold.PLANNING);
    planning = true;
    canceled = false;
    if (exchanges.isEmpty()) {
      plan(text, statements, database, frame);
    } else {
      // The client has not waited for the answer to its last statement, but we have to.
      onIdle = Optional.of(() -> planOrForward(text, statements, database, frame));
    }
    return FrameHandler.NOTHING;
  }

  private void planOrForward(
      String text, List<ScannedStatement> statements, MirroredDatabase database, Buffer frame) {
    if (!planned()) {
      planning = false;
      forwarded(Route.SCAN);
      server.write(UnaskedGaps.close(Frontend.QUERY, frame, database, parameters.readable()));
      goOn();
    } else {
      plan(text, statements, database, frame);
    }
  }

  private void plan(
      String text, List<ScannedStatement> statements, MirroredDatabase database, Buffer frame) {
    Upstream upstream = new Upstream(this::inject, status == Backend.IN_TRANSACTION);
    Future.succeededFuture()
        .compose(
            begin ->
                services
                    .planner()
                    .plan(
                        text,
                        statements,
                        database,
                        upstream,
                        new PrestoUse(services.prestoSessions().of(this), parameters)))
        .onComplete(
            plan -> {
              if (phase == Phase.READY) {
                guarded(() -> execute(plan, frame, upstream));
              }
            });
  }

  private void execute(AsyncResult<Plan> result, Buffer frame, Upstream upstream) {
    planning = false;
    Plan plan =
        canceled
            ? Plan.canceled()
            : result.succeeded() ? result.result() : Plan.failed(result.cause());
    upstream.keep();
    if (plan instanceof Plan.Refuse refuse) {
      refuse(refuse.error());
    } else if (plan instanceof Plan.Answer answer) {
      services.metrics().statement(Route.PRESTO_ONLY, 0);
      client.write(
          Backend.commandComplete(answer.tag()).appendBuffer(Backend.readyForQuery(status)));
      goOn();
    } else if (plan instanceof Plan.Send send) {
      forwarded(send.route());
      server.write(send.text().map(Frontend::query).orElse(frame));
      goOn();
    }
  }

  /**
   * Answers in PostgreSQL's place; a transaction the client is in has to fail in PostgreSQL too.
   */
  private void refuse(ErrorFields error) {
    Future<InjectedReply> failed =
        status == Backend.IN_TRANSACTION
            ? inject(Frontend.query("SELECT 1 / 0"))
            : Future.succeededFuture(new InjectedReply());
    failed.onComplete(
        done -> {
          services.metrics().error(error.sqlState());
          services.metrics().statement(Route.REFUSED, 0);
          client.write(error.toErrorResponse().appendBuffer(Backend.readyForQuery(status)));
          goOn();
        });
  }

  private void goOn() {
    client.release(Link.Hold.PLANNING);
    guarded(clientFrames::resume);
  }

  /** Sends messages that end with one ReadyForQuery, ahead of the client's own. */
  private Future<InjectedReply> inject(Buffer messages) {
    InjectedReply reply = new InjectedReply();
    exchanges.add(new Exchange.Skip(reply));
    server.write(messages);
    return reply.future();
  }

  // What PostgreSQL sends.

  private final class ServerFrames implements FrameHandler {
    @Override
    public boolean opens(byte type, int length) {
      return phase != Phase.READY
          || exchanges.peek() instanceof Exchange.Skip
          || type == Backend.READY_FOR_QUERY
          || type == Backend.COPY_IN_RESPONSE
          || ((type == Backend.ERROR_RESPONSE || type == Backend.PARAMETER_STATUS)
              && length <= MAX_OPENED_REPLY);
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      if (type == Backend.PARAMETER_STATUS) {
        learn(frame);
        return frame;
      }
      return phase == Phase.READY ? reply(type, frame) : greeting(type, frame);
    }

    @Override
    public void pass(Buffer bytes) {
      client.write(bytes, server);
    }
  }

  private Buffer greeting(byte type, Buffer frame) {
    switch (type) {
      case Backend.BACKEND_KEY_DATA -> {
        return takeKey(Backend.KeyData.read(frame));
      }
      case Backend.ERROR_RESPONSE -> heard(ErrorFields.readHead(frame));
      case Backend.READY_FOR_QUERY -> {
        if (phase == Phase.AUTHENTICATING) {
          prepare(frame.copy());
          return FrameHandler.NOTHING;
        }
      }
      default -> {}
    }
    return frame;
  }

  private Buffer takeKey(Backend.KeyData key) {
    backendKey = key;
    secret = services.sessions().newSecret(key.secret().length());
    services.sessions().add(key.processId(), this);
    return new Backend.KeyData(key.processId(), secret).toBuffer();
  }

  /** setup_system_catalog, between authentication and the client's first statement. */
  private void prepare(Buffer readyForQuery) {
    phase = Phase.PREPARING;
    serverFrames.pause();
    client.hold(Link.Hold.PLANNING);
    Future<CatalogMirror.Setup> setup =
        startup.replication()
            ? Future.succeededFuture(CatalogMirror.Setup.plain())
            : services.mirror().setUp(startup.database(), startup.user());
    setup.onComplete(
        done ->
            context.runOnContext(
                v -> {
                  if (phase == Phase.PREPARING) {
                    prepared(done, readyForQuery);
                  }
                }));
  }

  private void prepared(AsyncResult<CatalogMirror.Setup> setup, Buffer ready) {
    mirrored = setup.result().database();
    for (String warning : setup.result().warnings()) {
      client.write(ErrorFields.warning(SqlState.WARNING, warning).toNoticeResponse());
    }
    client.write(ready);
    phase = Phase.READY;
    client.release(Link.Hold.PLANNING);
    guarded(serverFrames::resume);
    guarded(clientFrames::resume);
  }

  private Buffer reply(byte type, Buffer frame) {
    if (type == Backend.READY_FOR_QUERY) {
      return readyForQuery(frame);
    }
    if (exchanges.peek() instanceof Exchange.Skip skip) {
      if (type == Backend.NOTIFICATION_RESPONSE) {
        return frame;
      }
      skip.reply().frame(type, frame);
      return FrameHandler.NOTHING;
    }
    if (type == Backend.COPY_IN_RESPONSE) {
      copyingIn = true;
      if (exchanges.peek() instanceof Exchange.Forward forward && forward.sync()) {
        exchanges.poll();
      }
    }
    if (type == Backend.ERROR_RESPONSE) {
      copyingIn = false;
      heard(ErrorFields.readHead(frame));
      // The texts of a session in another encoding are not ours to read.
      return parameters.readable()
          ? RemoteContext.strip(ErrorFields.read(frame))
              .map(ErrorFields::toErrorResponse)
              .orElse(frame)
          : frame;
    }
    return frame;
  }

  private void learn(Buffer parameterStatus) {
    try {
      parameters.set(Backend.ParameterStatus.read(parameterStatus));
    } catch (PgException otherEncoding) {
      // A value in the client's own encoding; those that we rely on are ASCII.
    }
  }

  private void heard(ErrorFields error) {
    services.metrics().error(error.sqlState());
    dismissed = dismissed || error.isFatal();
  }

  private Buffer readyForQuery(Buffer frame) {
    status = Backend.readReadyForQuery(frame);
    Exchange exchange = exchanges.poll();
    if (exchange instanceof Exchange.Skip skip) {
      skip.reply().complete();
      return FrameHandler.NOTHING;
    }
    if (exchange instanceof Exchange.Forward forward) {
      services.metrics().statement(forward.route(), System.nanoTime() - forward.startedNanos());
    }
    if (exchanges.isEmpty() && onIdle.isPresent()) {
      Runnable next = onIdle.get();
      onIdle = Optional.empty();
      context.runOnContext(v -> guarded(next));
    }
    return frame;
  }

  // Ends.

  private void clientClosed() {
    if (phase == Phase.CLOSED) {
      return;
    }
    boolean busy = !terminated && (unsynced || !exchanges.isEmpty());
    if (busy) {
      services.cancel(backendKey);
    }
    if (!terminated) {
      server.write(Frontend.terminate());
    }
    end(terminated ? EndCause.CLIENT : EndCause.CLIENT_LOST);
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
    server.write(Frontend.terminate());
    end(cause);
  }

  private void end(EndCause cause) {
    phase = Phase.CLOSED;
    LOG.log(
        System.Logger.Level.INFO,
        "session ended: instance={0} pid={1} user={2} database={3} cause={4}",
        services.config().name(),
        String.valueOf(backendKey.processId()),
        startup.user(),
        startup.database(),
        cause);
    services.vertx().cancelTimer(authenticationTimer);
    services.sessions().remove(backendKey.processId(), this);
    services.metrics().sessionClosed(cause, client.bytesRead(), server.bytesRead());
    PgException lost = PgException.fatal(SqlState.CONNECTION_FAILURE, "the session has ended");
    for (Exchange exchange : exchanges) {
      if (exchange instanceof Exchange.Skip skip) {
        skip.reply().fail(lost);
      }
    }
    exchanges.clear();
    client.close();
    server.close();
    onEnd.run();
  }

  /**
   * Cancels what the session is doing, in PostgreSQL and on Presto.
   *
   * @return completes when the cancel can no longer hit a statement that the client sends from then
   *     on
   */
  public Future<Void> cancel() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        v -> {
          canceled = planning;
          Optional<Exchange> target = Optional.ofNullable(exchanges.peekLast());
          services
              .cancel(backendKey)
              .onComplete(done)
              .onComplete(sent -> repeatCancel(target, CANCEL_REPEATS));
        });
    return done.future();
  }

  /**
   * PostgreSQL ignores a cancel that comes before it has read the statement. It is sent again while
   * that statement runs; the client's next one waits until PostgreSQL has been told, so that it
   * cannot be hit.
   */
  private void repeatCancel(Optional<Exchange> target, int times) {
    if (target.isEmpty() || times == 0) {
      return;
    }
    services
        .vertx()
        .setTimer(
            CANCEL_PAUSE_MILLIS,
            later -> {
              if (phase == Phase.READY && exchanges.peekLast() == target.get()) {
                client.hold(Link.Hold.CANCELING);
                services
                    .cancel(backendKey)
                    .onComplete(
                        sent -> {
                          client.release(Link.Hold.CANCELING);
                          repeatCancel(target, times - 1);
                        });
              }
            });
  }

  /** Tells the client that the proxy is going away, and closes. */
  void shutDown() {
    context.runOnContext(
        v ->
            fail(
                ErrorFields.fatal(
                    SqlState.ADMIN_SHUTDOWN, "terminating connection: the proxy is shutting down"),
                EndCause.SHUTDOWN));
  }

  // What others may know.

  Buffer secret() {
    return secret;
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
