package io.prestogres.session;

import io.netty.buffer.ByteBuf;
import io.prestogres.metrics.Route;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.StatementScanner;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * What the client sends once it may begin. Everything goes on as it is, but for the statements that
 * may concern a shell: Query and Parse are held up to be planned, and a Bind of a planned statement
 * until it is sure that the plan still holds.
 *
 * <p>Belongs to the session's context.
 */
final class Requests implements FrameHandler {
  /** A longer text is not looked at on the event loop; it is PostgreSQL's as it stands. */
  private static final int MAX_SCANNED = 1 << 20;

  /** Room for the names of a portal and of a statement, NAMEDATALEN each, and some more. */
  private static final int HEAD_BYTES = 256;

  private final Relay relay;
  private final ExchangeQueue queue;
  private final Gate gate;
  private final Optional<Planning> planning;
  private final SessionParameters parameters;
  private final int maxScanned;
  private final PreparedQueries prepared = new PreparedQueries();
  private Route boundRoute = Route.POSTGRES;

  /**
   * The requests of a session.
   *
   * @param planning if a catalog is shown in the database; otherwise nothing is looked at
   * @param maxStatement the configured length up to which statements are looked at, in bytes
   */
  Requests(
      Relay relay,
      Gate gate,
      Optional<Planning> planning,
      SessionParameters parameters,
      long maxStatement) {
    this.relay = relay;
    this.queue = relay.queue();
    this.gate = gate;
    this.planning = planning;
    this.parameters = parameters;
    this.maxScanned = (int) Math.min(MAX_SCANNED, maxStatement);
  }

  @Override
  public boolean opens(byte type, int length) {
    boolean opened =
        switch (type) {
          case Frontend.QUERY, Frontend.PARSE ->
              planning.isPresent() && (length <= maxScanned || !prepared.isEmpty());
          case Frontend.BIND, Frontend.DESCRIBE, Frontend.CLOSE -> !prepared.isEmpty();
          case Frontend.EXECUTE -> prepared.holdsWrites();
          default -> false;
        };
    if (!opened) {
      forward(type);
    }
    return opened;
  }

  @Override
  public int gathers(byte type, int length) {
    boolean whole = (type == Frontend.QUERY || type == Frontend.PARSE) && length <= maxScanned;
    return whole ? length : Math.min(length, HEAD_BYTES);
  }

  @Override
  public Buffer frame(byte type, Buffer frame) {
    Optional<Gate.Verdict> verdict = gate.verdict();
    if (verdict.isPresent()) {
      return verdict.get().instead().orElse(frame);
    }
    if (queue.copyingIn()) {
      // PostgreSQL answers it with an error, and does not run it.
      return forward(type, frame);
    }
    try {
      return switch (type) {
        case Frontend.QUERY -> query(frame);
        case Frontend.PARSE -> parse(frame);
        case Frontend.BIND -> bind(frame);
        case Frontend.DESCRIBE -> describe(frame);
        case Frontend.EXECUTE -> execute(frame);
        default -> close(frame);
      };
    } catch (PgException malformed) {
      // Not for us to judge: PostgreSQL refuses it, and the session goes on.
      return forward(type, frame);
    }
  }

  @Override
  public void pass(ByteBuf bytes) {
    relay.server().write(bytes, relay.client());
  }

  /** Takes note of a message that goes on as it is. */
  private void forward(byte type) {
    queue.sent(type, type == Frontend.EXECUTE ? boundRoute : Route.POSTGRES);
  }

  private Buffer forward(byte type, Buffer frame) {
    forward(type);
    return frame;
  }

  private Buffer query(Buffer frame) {
    prepared.remove("");
    if (frame.length() < length(frame)) {
      return forward(Frontend.QUERY, frame);
    }
    if (!parameters.readable()) {
      return forward(Frontend.QUERY, unplanned(Frontend.QUERY, frame));
    }
    if (!planning.orElseThrow().mayConcern(frame)) {
      return forward(Frontend.QUERY, frame);
    }
    String text = Frontend.readQuery(frame);
    List<ScannedStatement> statements = StatementScanner.scan(text);
    if (queue.idle() && !queue.batchOpen()) {
      prepared.deallocated(statements, queue.place());
    }
    if (!planning.orElseThrow().concerns(statements)) {
      return forward(Frontend.QUERY, frame);
    }
    Buffer unplanned = unplanned(Frontend.QUERY, frame);
    if (queue.batchOpen()) {
      queue.sent(Frontend.QUERY, Route.SCAN);
      return unplanned;
    }
    return gate.hold(
        () -> {
          if (queue.inFailedBlock()) {
            queue.sent(Frontend.QUERY, Route.SCAN);
            gate.pass(Optional.of(unplanned));
          } else {
            planning.orElseThrow().query(text, statements);
          }
        });
  }

  private Buffer parse(Buffer frame) {
    if (frame.length() < length(frame) || !parameters.readable()) {
      prepared.remove(Frontend.parsedStatement(frame).orElse(""));
      return forward(
          Frontend.PARSE,
          frame.length() < length(frame) ? frame : unplanned(Frontend.PARSE, frame));
    }
    if (!planning.orElseThrow().mayConcern(frame)) {
      if (!prepared.isEmpty()) {
        prepared.remove(Frontend.parsedStatement(frame).orElse(""));
      }
      return forward(Frontend.PARSE, frame);
    }
    Frontend.Parse parse = Frontend.Parse.read(frame);
    List<ScannedStatement> statements = StatementScanner.scan(parse.text());
    prepared.remove(parse.name());
    if (!planning.orElseThrow().concerns(statements)) {
      return forward(Frontend.PARSE, frame);
    }
    Buffer unplanned = unplanned(Frontend.PARSE, frame);
    if (!prepared.takes(parse.name())) {
      return forward(Frontend.PARSE, unplanned);
    }
    return gate.hold(
        () -> {
          if (queue.inFailedBlock() || queue.ignoring()) {
            forward(Frontend.PARSE);
            gate.pass(Optional.of(unplanned));
          } else {
            planning.orElseThrow().parse(parse, statements, prepared);
          }
        });
  }

  private Buffer bind(Buffer head) {
    Optional<String> name = Frontend.boundStatement(head);
    Optional<PreparedQuery> query = name.flatMap(prepared::get);
    name.ifPresent(
        statement -> Frontend.portal(head).ifPresent(portal -> prepared.bound(portal, statement)));
    boundRoute = query.map(known -> known.planned().route()).orElse(Route.POSTGRES);
    query.ifPresent(planning.orElseThrow()::bound);
    Optional<String> portal = Frontend.portal(head);
    Optional<Plan.Write> write = query.flatMap(known -> known.planned().write());
    boolean takes = write.isEmpty() || prepared.takesWrite(portal);
    if (query.isEmpty() || (query.get().checkedAt() == queue.statements() && takes)) {
      prepared.holds(portal, write);
      return forward(Frontend.BIND, head);
    }
    return gate.hold(
        () -> {
          if (queue.inFailedBlock() || queue.ignoring()) {
            forward(Frontend.BIND);
            gate.pass(Optional.empty());
          } else {
            planning.orElseThrow().bind(query.get(), portal, prepared);
          }
        });
  }

  private Buffer describe(Buffer frame) {
    Optional<Plan.Write> write = prepared.describedWrite(frame);
    if (write.isPresent()) {
      queue.writes(Frontend.DESCRIBE, write.get());
    } else {
      queue.described(prepared.described(frame));
    }
    return frame;
  }

  private Buffer execute(Buffer frame) {
    Optional<Plan.Write> write = Frontend.portal(frame).flatMap(prepared::write);
    if (write.isEmpty()) {
      return forward(Frontend.EXECUTE, frame);
    }
    return gate.hold(
        () -> {
          if (queue.inFailedBlock() || queue.ignoring()) {
            forward(Frontend.EXECUTE);
            gate.pass(Optional.empty());
          } else {
            planning.orElseThrow().execute(write.get());
          }
        });
  }

  private Buffer close(Buffer frame) {
    Frontend.namedStatement(frame).ifPresent(prepared::remove);
    Frontend.namedPortal(frame).ifPresent(prepared::portalClosed);
    return forward(Frontend.CLOSE, frame);
  }

  private Buffer unplanned(byte type, Buffer frame) {
    return planning.orElseThrow().unplanned(type, frame, parameters.readable());
  }

  /** The length of a frame of which perhaps only the head was gathered. */
  private static int length(Buffer head) {
    return head.getInt(1) + 1;
  }
}
