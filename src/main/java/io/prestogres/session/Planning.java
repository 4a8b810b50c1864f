package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.metrics.Route;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameHandler;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.ScannedStatement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Has the message at the {@link Gate} planned, and carries the plan out. A refusal too goes through
 * PostgreSQL: it is sent something that fails there, and the client gets the error that is meant,
 * so that transactions and batches end as they do for every other error.
 *
 * <p>Belongs to the session's context.
 */
final class Planning {
  /** Fails when it is analyzed. */
  static final String FAILS = "prestogres refuses the statement that stood here";

  /** Fails when it is planned, which is when it is bound. */
  private static final String FAILS_WHEN_BOUND = "SELECT 1 / 0";

  /** A portal that there is not. */
  private static final String NO_PORTAL = "prestogres refuses";

  private static final ErrorFields TOO_MANY_PORTALS =
      ErrorFields.error(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "a write to Presto needs a portal with a shorter name, or fewer portals");

  /** PostgreSQL's statement with the tag of SET SESSION, for where the answer has to be its own. */
  private static final String SETS = "SET prestogres.session_property TO ''";

  /** PostgreSQL's own words, by which drivers know that they have to prepare again. */
  private static final ErrorFields RESULT_CHANGED =
      ErrorFields.error(SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");

  private final Relay relay;
  private final ExchangeQueue queue;
  private final Gate gate;
  private final QueryPlanner planner;
  private final Supplier<PrestoUse> use;
  private final MirroredDatabase database;
  private final Notices notices;
  private final WritePermission permission;
  private final UnreadSchemas unread;

  Planning(
      Relay relay,
      Gate gate,
      Notices notices,
      SessionServices services,
      Supplier<PrestoUse> use,
      MirroredDatabase database) {
    this.relay = relay;
    this.queue = relay.queue();
    this.gate = gate;
    this.notices = notices;
    this.planner = services.planner();
    this.permission = new WritePermission(queue, notices, services.config().presto().writes());
    this.use = use;
    this.database = database;
    this.unread =
        new UnreadSchemas(relay, notices, database, services.readingSchemas(database.name()));
  }

  /** Whether a message may hold such a statement, by a look at its bytes. */
  boolean mayConcern(Buffer frame) {
    return database.mayConcern(frame.getBytes(FrameSplitter.HEADER_BYTES, frame.length()));
  }

  /** Whether any of the statements has to be planned. */
  boolean concerns(List<ScannedStatement> statements) {
    return QueryPlanner.concerns(statements, database);
  }

  /** A message that goes on without a plan, in a form in which no shell answers nothing. */
  Buffer unplanned(byte type, Buffer frame, boolean readable) {
    return UnaskedGaps.close(type, frame, database, readable);
  }

  // Query.

  void query(String text, List<ScannedStatement> statements) {
    Upstream upstream = relay.upstream();
    plan(
        new PlanRequest(text, statements, List.of()),
        upstream,
        planned ->
            permitted(
                planned.write(),
                upstream,
                refusal -> {
                  upstream.keep();
                  query(refusal.map(planned::refused).orElse(planned));
                }));
  }

  /** Goes on with an error if a plan is a write that may not be executed now. */
  private void permitted(
      Optional<Plan.Write> write, Upstream upstream, Consumer<Optional<ErrorFields>> then) {
    write
        .map(plan -> permission.refusal(plan, upstream))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .onSuccess(
            refusal -> {
              if (!gate.abandoned()) {
                boolean canceled = write.isPresent() && gate.canceled();
                then.accept(canceled ? Optional.of(Plan.CANCELED) : refusal);
              }
            });
  }

  private void query(Planned planned) {
    Plan plan = planned.plan();
    if (plan instanceof Plan.Send send) {
      queue.query(send.route(), planned.columns());
      notices.scans(queue.statements(), send.reason());
      gate.pass(send.text().map(Frontend::query));
    } else if (plan instanceof Plan.Write write) {
      queue.writes(Frontend.QUERY, write);
      gate.pass(Optional.of(Frontend.query(write.write().asQuery())));
    } else if (plan instanceof Plan.Answer answer) {
      queue.answeredHere(answer.tag());
      relay
          .client()
          .write(
              Backend.commandComplete(answer.tag())
                  .appendBuffer(Backend.readyForQuery(queue.status())));
      gate.pass(Optional.of(FrameHandler.NOTHING));
    } else if (plan instanceof Plan.Refuse refuse) {
      queue.refused(Frontend.QUERY, refuse.error());
      gate.pass(Optional.of(Frontend.query(FAILS)));
    }
  }

  // Parse.

  void parse(Frontend.Parse parse, List<ScannedStatement> statements, PreparedQueries prepared) {
    Upstream upstream = relay.upstream();
    plan(
        new PlanRequest(parse.text(), statements, parse.parameterTypes()),
        upstream,
        planned -> {
          upstream.keep();
          if (upstream.batchFailure().isPresent()) {
            failBatch(planned.names().error().or(upstream::batchFailure).orElseThrow());
          } else if (planned.plan() instanceof Plan.Refuse refuse) {
            queue.refused(Frontend.PARSE, refuse.error());
            gate.pass(Optional.of(Frontend.parse(parse.name(), FAILS, List.of())));
          } else {
            prepare(parse, statements, planned, prepared);
          }
        });
  }

  private void prepare(
      Frontend.Parse parse,
      List<ScannedStatement> statements,
      Planned planned,
      PreparedQueries prepared) {
    queue.sent(Frontend.PARSE, Route.POSTGRES);
    Optional<String> sent = planned.text(parse.text());
    if (sent.isPresent()) {
      prepared.put(new PreparedQuery(parse, statements, planned, queue.statements(), true));
      List<Integer> types = planned.parameterTypes(parse);
      gate.pass(
          sent.filter(text -> !text.equals(parse.text()))
              .map(text -> Frontend.parse(parse.name(), text, types)));
    } else {
      gate.pass(Optional.of(Frontend.parse(parse.name(), SETS, List.of())));
    }
  }

  // Bind.

  /** A statement is bound, to be executed next. */
  void bound(PreparedQuery query) {
    notices.scans(queue.statements() + 1, query.planned().reason());
  }

  /** Binds a statement if its names still mean what they did, and otherwise another plan of it. */
  void bind(PreparedQuery query, Optional<String> portal, PreparedQueries prepared) {
    Upstream upstream = relay.upstream();
    if (query.planned().write().isPresent() && !prepared.takesWrite(portal)) {
      refuse(query, TOO_MANY_PORTALS, upstream, prepared);
      return;
    }
    NameResolution.ask(query.statements(), Optional.empty(), List.of(), database, upstream)
        .onSuccess(
            names -> {
              if (names.error().isPresent()) {
                refuse(query, names.error().get(), upstream, prepared);
              } else if (query.holds(names)) {
                upstream.keep();
                prepared.put(query.checkedAt(queue.statements()));
                forwardBind(query, portal, prepared);
              } else {
                planAgain(query, portal, upstream, prepared);
              }
            });
  }

  private void forwardBind(PreparedQuery query, Optional<String> portal, PreparedQueries prepared) {
    prepared.holds(portal, query.planned().write());
    queue.sent(Frontend.BIND, Route.POSTGRES);
    gate.pass(Optional.empty());
  }

  private void planAgain(
      PreparedQuery query, Optional<String> portal, Upstream upstream, PreparedQueries prepared) {
    Frontend.Parse parse = query.parse();
    plan(
        new PlanRequest(parse.text(), query.statements(), parse.parameterTypes()),
        upstream,
        planned -> {
          if (planned.names().error().isPresent()) {
            refuse(query, planned.names().error().get(), upstream, prepared);
          } else if (planned.plan() instanceof Plan.Refuse refuse) {
            refuse(query, refuse.error(), upstream, prepared);
          } else if (planned.text("").isPresent()
              && query.planned().write().isPresent() == planned.write().isPresent()
              && query.describedLike(planned.names())) {
            replace(query.planned(planned, queue.statements()), portal, upstream, prepared);
          } else {
            refuse(query, RESULT_CHANGED, upstream, prepared);
          }
        });
  }

  private void replace(
      PreparedQuery again, Optional<String> portal, Upstream upstream, PreparedQueries prepared) {
    Frontend.Parse parse = again.parse();
    String text = again.planned().text(parse.text()).orElseThrow();
    List<Integer> types = again.planned().parameterTypes(parse);
    upstream
        .ask(new Injection().replace(parse.name(), text, types))
        .onSuccess(
            reply -> {
              if (reply.error().isPresent()) {
                refuse(again, reply.error().get(), upstream, prepared);
              } else {
                upstream.keep();
                prepared.put(again);
                forwardBind(again, portal, prepared);
              }
            });
  }

  /** The statement stays prepared, in the client's eyes, and fails when it is bound. */
  private void refuse(
      PreparedQuery query, ErrorFields error, Upstream upstream, PreparedQueries prepared) {
    prepared.put(query.fallen());
    if (upstream.batchFailure().isPresent()) {
      failBatch(error);
      return;
    }
    upstream
        .ask(
            new Injection()
                .replace(query.parse().name(), FAILS_WHEN_BOUND, query.names().parameterTypes()))
        .onSuccess(
            reply -> {
              upstream.keep();
              queue.refused(Frontend.BIND, error);
              gate.pass(Optional.empty());
            });
  }

  // Execute.

  /** Has a portal write to Presto, if it may now. */
  void execute(Plan.Write write) {
    Upstream upstream = relay.upstream();
    permitted(
        Optional.of(write),
        upstream,
        refusal -> {
          upstream.keep();
          if (upstream.batchFailure().isPresent()) {
            failBatch(upstream.batchFailure().get());
          } else if (refusal.isPresent()) {
            queue.refused(Frontend.EXECUTE, refusal.get());
            gate.pass(Optional.of(Frontend.execute(NO_PORTAL)));
          } else {
            queue.writes(Frontend.EXECUTE, write);
            gate.pass(Optional.empty());
          }
        });
  }

  // All of them.

  /** PostgreSQL ignores the rest of the batch already, this message too; the client learns why. */
  private void failBatch(ErrorFields error) {
    queue.failedHere(error);
    relay.client().write(error.toErrorResponse());
    gate.pass(Optional.empty());
  }

  private void plan(PlanRequest request, Upstream upstream, Consumer<Planned> then) {
    Future.succeededFuture()
        .compose(begin -> unread.readThoseIn(request.statements()))
        .compose(there -> planner.plan(request, database, upstream, use.get()))
        .recover(failure -> Future.succeededFuture(Planned.failed(failure)))
        .onSuccess(
            planned -> {
              if (!gate.abandoned()) {
                then.accept(gate.canceled() ? Planned.canceled() : planned);
              }
            });
  }
}
