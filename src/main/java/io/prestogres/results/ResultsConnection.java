package io.prestogres.results;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket;
import io.prestogres.protocol.StartupReader;
import io.prestogres.protocol.WireReader;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One backend of PostgreSQL at the results endpoint, speaking as postgres_fdw does: start-up with a
 * password, then simple queries, and DECLARE by the extended protocol with parameters.
 *
 * <p>Belongs to the context of its socket. The socket is read while a FETCH is under way, so that
 * its end is heard; further commands wait in the splitter.
 */
final class ResultsConnection implements FrameHandler {
  /** The server version that makes postgres_fdw of every release speak as of PostgreSQL 15. */
  private static final String SERVER_VERSION = "15.0";

  private static final int MAX_MESSAGE = 64 << 20;

  /** PostgreSQL's own bound before authentication, PG_MAX_AUTH_TOKEN_LENGTH. */
  private static final int MAX_AUTHENTICATION_MESSAGE = 65_535;

  /** The longest from the connection to a right password; PostgreSQL's authentication_timeout. */
  private static final long AUTHENTICATION_MILLIS = 60_000;

  private static final Pattern PROCESS_ID = Pattern.compile("prestogres (\\d{1,9})");

  /** One FETCH that is under way; each is equal to itself alone. */
  private static final class Fetching {
    private final RowSource rows;

    private Fetching(RowSource rows) {
      this.rows = rows;
    }
  }

  private final ResultsEndpoint endpoint;
  private final NetSocket socket;
  private final Context context;
  private final StartupReader startup = new StartupReader();
  private final FrameSplitter frames = new FrameSplitter(this, MAX_MESSAGE);
  private final EndpointTransaction transaction;
  private final ExtendedProtocol extended;
  private volatile Requester requester = new Requester("", "", 0);
  private volatile Backend.KeyData key = new Backend.KeyData(0, Buffer.buffer());
  private boolean started;
  private boolean authenticated;
  private boolean closed;
  private final long authenticationTimer;
  private Optional<Fetching> fetching = Optional.empty();

  ResultsConnection(ResultsEndpoint endpoint, NetSocket socket, Context context) {
    this.endpoint = endpoint;
    this.socket = socket;
    this.context = context;
    this.transaction =
        new EndpointTransaction(
            new EndpointCursors(
                (query, parameters) -> endpoint.open(requester, query, parameters),
                endpoint::cursorClosed));
    this.extended = new ExtendedProtocol(transaction);
    socket.handler(bytes -> guarded(() -> received(bytes)));
    socket.exceptionHandler(failure -> socket.close());
    socket.closeHandler(end -> closed());
    authenticationTimer =
        context
            .owner()
            .setTimer(
                AUTHENTICATION_MILLIS,
                late ->
                    guarded(
                        () -> {
                          throw PgException.fatal(
                              SqlState.INVALID_AUTHORIZATION, "authentication took too long");
                        }));
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (PgException e) {
      socket.write(e.asFatal().fields().toErrorResponse());
      socket.end();
    }
  }

  private void received(Buffer bytes) {
    if (started) {
      frames.feed(FrameSplitter.bytesOf(bytes));
      return;
    }
    Optional<StartupPacket> packet = startup.feed(bytes);
    packet.ifPresent(this::start);
  }

  private void start(StartupPacket packet) {
    if (packet instanceof StartupPacket.CancelRequest cancel) {
      endpoint.cancel(cancel.processId(), cancel.secret());
      socket.end();
    } else if (packet instanceof StartupPacket.StartupMessage message) {
      started = true;
      requester =
          new Requester(message.database(), message.user(), processId(message.parameters()));
      String encoding = message.parameters().getOrDefault("client_encoding", "UTF8");
      if (!encoding.equals("UTF8")) {
        throw PgException.fatal(
            SqlState.FEATURE_NOT_SUPPORTED, "the results endpoint speaks UTF8, not " + encoding);
      }
      socket.write(Backend.authenticationCleartextPassword());
      frames.feed(FrameSplitter.bytesOf(startup.rest()));
    } else {
      socket.write(Buffer.buffer("N"));
    }
  }

  private static int processId(Map<String, String> parameters) {
    Matcher matcher = PROCESS_ID.matcher(parameters.getOrDefault("application_name", ""));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  @Override
  public boolean opens(byte type, int length) {
    // Checked before the frame is gathered, or anybody on this host could fill our memory.
    if (!authenticated && (type != Frontend.PASSWORD || length > MAX_AUTHENTICATION_MESSAGE)) {
      throw PgException.protocolViolation(
          "expected a password, got a message of type 0x%02x and length %d"
              .formatted(type, length));
    }
    return true;
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    if (!authenticated) {
      authenticate(WireReader.body(frame).readCString());
      return NOTHING;
    }
    if (type == Frontend.TERMINATE) {
      socket.end();
    } else if (type == Frontend.QUERY) {
      query(Frontend.readQuery(frame));
    } else {
      socket.write(extended.answer(type, frame));
    }
    return NOTHING;
  }

  private void authenticate(String password) {
    frames.pause();
    endpoint
        .verify(requester, password)
        .onComplete(
            verified ->
                context.runOnContext(
                    v -> {
                      if (verified.succeeded() && verified.result()) {
                        welcome();
                      } else {
                        guarded(
                            () -> {
                              throw PgException.fatal(
                                  SqlState.INVALID_PASSWORD,
                                  "password authentication failed for user \""
                                      + requester.role()
                                      + "\"");
                            });
                      }
                    }));
  }

  private void welcome() {
    if (closed) {
      return;
    }
    context.owner().cancelTimer(authenticationTimer);
    authenticated = true;
    key = endpoint.register(this);
    socket.write(
        Backend.authenticationOk()
            .appendBuffer(parameter("server_version", SERVER_VERSION))
            .appendBuffer(parameter("server_encoding", "UTF8"))
            .appendBuffer(parameter("client_encoding", "UTF8"))
            .appendBuffer(parameter("DateStyle", "ISO, MDY"))
            .appendBuffer(parameter("integer_datetimes", "on"))
            .appendBuffer(parameter("standard_conforming_strings", "on"))
            .appendBuffer(key.toBuffer())
            .appendBuffer(Backend.readyForQuery(transaction.status())));
    guarded(frames::resume);
  }

  private static Buffer parameter(String name, String value) {
    return new Backend.ParameterStatus(name, value).toBuffer();
  }

  // Simple queries.

  private void query(String text) {
    EndpointStatement statement = EndpointStatement.read(text);
    if (statement instanceof EndpointStatement.Fetch fetch) {
      fetch(fetch);
      return;
    }
    try {
      if (statement instanceof EndpointStatement.Declare
          || statement instanceof EndpointStatement.RelationInfo) {
        // A scan declares its cursor by the extended protocol; this is ANALYZE of a foreign table.
        throw PgException.error(
            SqlState.FEATURE_NOT_SUPPORTED,
            "a table of Presto is not analyzed: its sizes are asked of Presto (catalog.statistics);"
                + " from PostgreSQL 18 on, ANALYZE ONLY leaves it out");
      }
      socket.write(
          transaction
              .answer(statement, text, List.of())
              .appendBuffer(Backend.readyForQuery(transaction.status())));
    } catch (PgException e) {
      refuse(e);
    }
  }

  private void fetch(EndpointStatement.Fetch fetch) {
    Optional<OpenCursor> found = transaction.cursor(fetch.cursor());
    if (found.isEmpty()) {
      refuse(EndpointCursors.noCursor(fetch.cursor()));
      return;
    }
    OpenCursor cursor = found.get();
    frames.pause();
    Fetching current = new Fetching(cursor.rows());
    fetching = Optional.of(current);
    cursor
        .rows()
        .fetch(fetch.count())
        .onComplete(
            rows ->
                context.runOnContext(
                    v -> {
                      if (fetching.filter(current::equals).isPresent()) {
                        fetched(rows, cursor.rowDescription());
                      }
                    }));
  }

  private void fetched(AsyncResult<RowSource.Rows> rows, Buffer rowDescription) {
    if (rows.failed()) {
      refuse(ErrorTranslator.toPgException(rows.cause()));
    } else {
      Buffer reply =
          Buffer.buffer()
              .appendBuffer(rowDescription)
              .appendBuffer(rows.result().messages())
              .appendBuffer(Backend.commandComplete("FETCH " + rows.result().count()))
              .appendBuffer(Backend.readyForQuery(transaction.status()));
      socket.write(reply);
    }
    readOn();
  }

  private void readOn() {
    fetching = Optional.empty();
    if (!socket.writeQueueFull()) {
      guarded(frames::resume);
    } else {
      socket.drainHandler(drained -> guarded(frames::resume));
    }
  }

  private void refuse(PgException failure) {
    transaction.fail();
    socket.write(
        failure
            .fields()
            .toErrorResponse()
            .appendBuffer(Backend.readyForQuery(transaction.status())));
  }

  // Ends.

  private void closed() {
    closed = true;
    fetching = Optional.empty();
    context.owner().cancelTimer(authenticationTimer);
    endpoint.unregister(this);
    transaction.close();
  }

  /**
   * Fails the FETCH that is under way, if there is one, without waiting for Presto to hear of it; a
   * late cancel hits nothing.
   */
  void cancel() {
    context.runOnContext(
        v ->
            fetching.ifPresent(
                current -> {
                  current.rows.close();
                  refuse(
                      PgException.error(
                          SqlState.QUERY_CANCELED, "canceling statement due to user request"));
                  readOn();
                }));
  }

  Backend.KeyData key() {
    return key;
  }

  Requester requester() {
    return requester;
  }
}
