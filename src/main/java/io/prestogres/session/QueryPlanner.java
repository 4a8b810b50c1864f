package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.config.PrestoConfig;
import io.prestogres.metrics.Route;
import io.prestogres.presto.PrestoClient;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.prestogres.sql.TableFunctionCall;
import io.prestogres.sql.Translation;
import io.prestogres.sql.Translations;
import io.prestogres.sql.Untranslatable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what becomes of a statement that may concern a shell: the table function in place of its
 * query where Presto gives the very answer, Presto's own answer where the statement is Presto's,
 * and otherwise the statement as it is, for PostgreSQL to scan the shells.
 *
 * <p>PostgreSQL resolves the names and describes the query, in one round trip on the client's own
 * session ({@link NameResolution}). Called on a session's context; the translation runs on threads
 * of its own. Stateless but for its parts, so one serves all sessions of an instance.
 */
public final class QueryPlanner {
  /** What PostgreSQL says of a query that may be meant for Presto: it knows more functions. */
  private static final Set<String> PERHAPS_PRESTO =
      Set.of(SqlState.UNDEFINED_FUNCTION, SqlState.SYNTAX_ERROR, SqlState.UNDEFINED_OBJECT);

  private static final int NO_MODIFIER = -1;

  /** Verbs with which a transaction, or a part of it, begins or goes on. */
  private static final Set<String> KEEP_NAMES = Set.of("BEGIN", "START", "SAVEPOINT", "RELEASE");

  private final Vertx vertx;
  private final Translations translations;
  private final PrestoStatements prestoOnly;
  private final PrestoCommands commands;
  private final WritePlanner writes;
  private final boolean rewriting;

  /**
   * A planner.
   *
   * @param rewriting whether statements are rewritten at all ({@code pushdown: exact})
   * @param writes which statements that write go to Presto
   */
  public QueryPlanner(
      Vertx vertx,
      Translations translations,
      PrestoClient presto,
      boolean rewriting,
      PrestoConfig.Writes writes) {
    this.vertx = vertx;
    this.translations = translations;
    this.prestoOnly = new PrestoStatements(presto);
    this.commands = new PrestoCommands(presto);
    this.writes = new WritePlanner(vertx, translations, writes);
    this.rewriting = rewriting;
  }

  /** Whether any of the statements has to be planned; all others go on at once. */
  static boolean concerns(List<ScannedStatement> statements, MirroredDatabase database) {
    return statements.stream()
        .anyMatch(
            statement ->
                concerns(statement, database)
                    || WritePlanner.mayConcern(statement, database)
                    || !UnreadSchemas.namedIn(statement, database).isEmpty());
  }

  private static boolean concerns(ScannedStatement statement, MirroredDatabase database) {
    return statement.shape() instanceof Shape.PrestoOnly
        || statement.names().stream().anyMatch(name -> database.mayName(name.parts()));
  }

  /**
   * Plans the text of a Query or Parse message.
   *
   * @return never guesses: fails only where the statement is to be answered with that error
   */
  Future<Planned> plan(
      PlanRequest request, MirroredDatabase database, Upstream upstream, PrestoUse use) {
    return writes
        .plan(request, database, upstream)
        .compose(
            planned ->
                planned
                    .map(Future::succeededFuture)
                    .orElseGet(() -> planReads(request, database, upstream, use)));
  }

  private Future<Planned> planReads(
      PlanRequest request, MirroredDatabase database, Upstream upstream, PrestoUse use) {
    List<ScannedStatement> concerned =
        request.statements().stream().filter(statement -> concerns(statement, database)).toList();
    if (concerned.isEmpty()) {
      Plan plan = new Plan.Send(Route.POSTGRES, Optional.empty(), "");
      return Future.succeededFuture(new Planned(plan, NameResolution.none(), false));
    }
    return concerned.size() == 1
        ? planOne(request, concerned.get(0), database, upstream, use)
        : planSeveral(request, concerned, database, upstream);
  }

  private Future<Planned> planOne(
      PlanRequest request,
      ScannedStatement statement,
      MirroredDatabase database,
      Upstream upstream,
      PrestoUse use) {
    int position = request.statements().indexOf(statement);
    boolean sure = request.statements().stream().limit(position).allMatch(QueryPlanner::keepsNames);
    Optional<Target> target = sure ? Target.of(statement) : Optional.empty();
    Optional<String> query = target.filter(t -> rewriting && !t.prestoOnly()).map(Target::query);
    List<ScannedStatement> concerned = List.of(statement);
    if (statement.shape() instanceof Shape.Prepare prepare) {
      return planPrepare(request, prepare, query, concerned, database, upstream);
    }
    return NameResolution.ask(concerned, query, request.parameterTypes(), database, upstream)
        .map(names -> names.shifted(target.map(Target::shift).orElse(0)))
        .compose(
            names -> {
              TextEdits edits = closeGaps(request, concerned, names);
              return target
                  .map(
                      t ->
                          t.prestoOnly()
                              ? command(t, request, names, edits, use, database)
                              : names.error().isPresent()
                                  ? afterError(t, request, names, edits, use)
                                  : planTarget(t, query.isPresent(), names, edits, database))
                  .orElseGet(() -> Future.succeededFuture(edits.toPlan(Route.SCAN)))
                  .map(plan -> new Planned(plan, names, statement.shape() instanceof Shape.Query));
            });
  }

  /** The parameters are the prepared query's, and not the message's. */
  private Future<Planned> planPrepare(
      PlanRequest request,
      Shape.Prepare prepare,
      Optional<String> query,
      List<ScannedStatement> concerned,
      MirroredDatabase database,
      Upstream upstream) {
    return SqlPrepare.types(prepare, upstream)
        .compose(
            types ->
                NameResolution.ask(
                    concerned,
                    query.filter(text -> types.isPresent()),
                    types.orElse(List.of()),
                    database,
                    upstream))
        .compose(
            names -> {
              TextEdits edits = closeGaps(request, concerned, names);
              boolean same = edits.isEmpty() && names.error().isEmpty();
              Future<Plan> plan =
                  query.isPresent() && same && !names.shells().isEmpty()
                      ? call(query.get(), names, database)
                          .map(call -> prepared(prepare, query.get(), call, names, edits))
                          .recover(failure -> scan(failure, edits))
                      : Future.succeededFuture(edits.toPlan(Route.SCAN));
              return plan.map(sent -> new Planned(sent, names.undescribed(), false));
            });
  }

  private static Plan prepared(
      Shape.Prepare prepare, String query, String call, NameResolution names, TextEdits edits) {
    SqlPrepare.rewrite(edits, prepare, query, call, parameterTypes(names).orElseThrow(), names);
    return edits.toPlan(Route.WHOLE);
  }

  /**
   * Of several statements those are rewritten before which none can have changed what a name means:
   * neither one of PostgreSQL's nor one that scans, for it may call functions.
   */
  private Future<Planned> planSeveral(
      PlanRequest request,
      List<ScannedStatement> concerned,
      MirroredDatabase database,
      Upstream upstream) {
    return NameResolution.ask(concerned, Optional.empty(), List.of(), database, upstream)
        .compose(
            names -> {
              TextEdits edits = closeGaps(request, concerned, names);
              Future<Boolean> sure = Future.succeededFuture(rewriting);
              for (ScannedStatement statement : request.statements()) {
                sure =
                    sure.compose(
                        still ->
                            still && concerned.contains(statement)
                                ? rewritten(statement, edits, database, upstream)
                                : Future.succeededFuture(still && keepsNames(statement)));
              }
              return sure.map(
                  done -> new Planned(edits.toPlan(done ? Route.WHOLE : Route.SCAN), names, false));
            });
  }

  /** Rewrites one query among several statements, if that can be done. */
  private Future<Boolean> rewritten(
      ScannedStatement statement, TextEdits edits, MirroredDatabase database, Upstream upstream) {
    Optional<Target> target =
        Target.of(statement).filter(found -> statement.shape() instanceof Shape.Query);
    if (target.isEmpty()) {
      return Future.succeededFuture(false);
    }
    return NameResolution.ask(
            List.of(statement), target.map(Target::query), List.of(), database, upstream)
        .compose(
            names ->
                names.error().isPresent()
                    ? Future.succeededFuture(edits.toPlan(Route.SCAN))
                    : planTarget(target.get(), true, names, edits, database))
        .map(plan -> plan instanceof Plan.Send send && send.route() == Route.WHOLE);
  }

  /** The message's text, changed so that no shell in it answers nothing. */
  private static TextEdits closeGaps(
      PlanRequest request, List<ScannedStatement> concerned, NameResolution names) {
    refuseSamples(concerned, names);
    TextEdits edits = new TextEdits(request.text());
    ShellGaps.close(concerned, names, edits);
    return edits;
  }

  /** PostgreSQL ignores TABLESAMPLE on a foreign child and would return every row. */
  private static void refuseSamples(List<ScannedStatement> statements, NameResolution names) {
    if (!names.shells().isEmpty()
        && statements.stream().anyMatch(statement -> statement.hasWord("tablesample"))) {
      throw new PgException(
          ErrorFields.error(SqlState.FEATURE_NOT_SUPPORTED, "a table of Presto cannot be sampled")
              .with(ErrorFields.HINT, "Use WHERE random() < 0.1 instead of TABLESAMPLE."));
    }
  }

  /**
   * Whether names mean the same after a statement as before. The end of a transaction, or of a part
   * of it, may bring back another search_path or take a temporary table away, and a FETCH may run
   * any function.
   */
  private static boolean keepsNames(ScannedStatement statement) {
    return statement.shape() instanceof Shape.TransactionControl control
        && KEEP_NAMES.contains(control.verb());
  }

  private Future<Plan> command(
      Target target,
      PlanRequest request,
      NameResolution names,
      TextEdits edits,
      PrestoUse use,
      MirroredDatabase database) {
    return commands
        .plan(target.statement(), request.statements().size() == 1, use, edits, database)
        .orElseGet(() -> prestoOnly.plan(target, request.parameterTypes(), names, edits, use));
  }

  private Future<Plan> planTarget(
      Target target,
      boolean described,
      NameResolution names,
      TextEdits edits,
      MirroredDatabase database) {
    if (!described || names.shells().isEmpty()) {
      return Future.succeededFuture(edits.toPlan(Route.SCAN));
    }
    return call(target.query(), names, database)
        .map(
            call -> {
              target.replace(edits, call);
              return (Plan) edits.toPlan(Route.WHOLE);
            })
        .recover(failure -> scan(failure, edits));
  }

  /** The call in a query's place; fails with {@link Untranslatable} where there is none. */
  private Future<String> call(String query, NameResolution names, MirroredDatabase database) {
    Optional<List<String>> types = parameterTypes(names);
    if (types.isEmpty()) {
      return Future.failedFuture(new Untranslatable(""));
    }
    return Future.fromCompletionStage(
            translations.translate(
                query, types.get(), names.resolver(), database.translationOptions()),
            vertx.getOrCreateContext())
        .compose(translation -> call(translation, names.fields()));
  }

  private static Future<Plan> scan(Throwable failure, TextEdits edits) {
    return failure instanceof Untranslatable reason
        ? Future.succeededFuture(edits.toPlan(Route.SCAN).because(reason.reason()))
        : Future.failedFuture(failure);
  }

  /** The names of the parameters' types; nothing if one is not known. */
  private static Optional<List<String>> parameterTypes(NameResolution names) {
    List<String> types =
        names.parameterTypes().stream()
            .flatMap(oid -> TypeNames.of(oid, NO_MODIFIER).stream())
            .toList();
    return types.size() == names.parameterTypes().size() ? Optional.of(types) : Optional.empty();
  }

  private static Future<String> call(Translation translation, List<Backend.Field> fields) {
    List<ResultColumn> columns = new ArrayList<>();
    for (Backend.Field field : fields) {
      TypeNames.of(field.typeOid(), field.typeModifier())
          .ifPresent(type -> columns.add(new ResultColumn(field.name(), type)));
    }
    return columns.isEmpty()
            || columns.size() != fields.size()
            || columns.size() != translation.columns().size()
        ? Future.failedFuture(new Untranslatable(""))
        : Future.succeededFuture(TableFunctionCall.text(translation, columns));
  }

  /** The error may mean that the query is Presto's: functions and syntax that only Presto has. */
  private Future<Plan> afterError(
      Target target, PlanRequest request, NameResolution names, TextEdits edits, PrestoUse use) {
    ErrorFields error = names.error().orElseThrow();
    if (error.sqlState().equals(SqlState.QUERY_CANCELED)) {
      return Future.succeededFuture(new Plan.Refuse(error));
    }
    if (!PERHAPS_PRESTO.contains(error.sqlState()) || names.shells().isEmpty()) {
      return Future.succeededFuture(edits.toPlan(Route.SCAN));
    }
    return prestoOnly
        .plan(target, request.parameterTypes(), names, edits, use)
        .map(
            plan ->
                plan instanceof Plan.Refuse refused
                    ? new Plan.Refuse(PrestoStatements.both(error, refused.error()))
                    : plan);
  }
}
