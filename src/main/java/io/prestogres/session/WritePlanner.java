package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.config.PrestoConfig.Writes;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Translations;
import io.prestogres.sql.Untranslatable;
import io.prestogres.sql.WriteInput;
import io.prestogres.sql.WriteStatement;
import io.prestogres.sql.WriteTarget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;

/**
 * Plans statements that write: those that are aimed at a table of Presto's, or make one in a schema
 * of Presto's, go to Presto or are refused. Nothing here writes anything. Stateless but for its
 * parts.
 */
final class WritePlanner {
  /** PostgreSQL's own schema, in which new tables are its own even if Presto has one like it. */
  private static final String PUBLIC = "public";

  /** For a type of which no rule knows anything. */
  private static final String OTHER_TYPE = "another type";

  private final Vertx vertx;
  private final Translations translations;
  private final Writes writes;

  WritePlanner(Vertx vertx, Translations translations, Writes writes) {
    this.vertx = vertx;
    this.translations = translations;
    this.writes = writes;
  }

  /** Whether a statement may be aimed at Presto. */
  static boolean mayConcern(ScannedStatement statement, MirroredDatabase database) {
    return statement
        .write()
        .filter(
            write ->
                write.creates()
                    ? write.target().size() == 1 || newIn(schema(write), write, database)
                    : database.mayName(write.target()))
        .isPresent();
  }

  /** The schema that is written before the name, or "". */
  private static String schema(WriteStatement write) {
    List<String> parts = write.target();
    return parts.size() == 1 ? "" : parts.get(parts.size() - 2);
  }

  private static boolean newIn(String schema, WriteStatement write, MirroredDatabase database) {
    List<String> parts = write.target();
    boolean here = parts.size() < 3 || parts.get(0).equals(database.name());
    return here && !schema.equals(PUBLIC) && database.hasSchema(schema);
  }

  /** A statement that is aimed at Presto. */
  private record Aimed(ScannedStatement statement, WriteStatement write, WriteTarget target) {
    /** An error that says what cannot be done. */
    ErrorFields refused(String why) {
      return ErrorFields.error(
          SqlState.FEATURE_NOT_SUPPORTED,
          "%s cannot be done for %s, which is Presto's: %s"
              .formatted(write.words(), target.display(), why));
    }
  }

  /**
   * Plans the statements of a message.
   *
   * @return empty if none of them is aimed at Presto
   */
  Future<Optional<Planned>> plan(
      PlanRequest request, MirroredDatabase database, Upstream upstream) {
    List<ScannedStatement> candidates =
        request.statements().stream().filter(one -> mayConcern(one, database)).toList();
    if (candidates.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return NameResolution.ask(candidates, Optional.empty(), List.of(), database, upstream)
        .compose(
            names -> {
              if (names.error().isPresent()) {
                return refuse(names.error().get(), names);
              }
              return candidates.stream()
                  .flatMap(statement -> aimed(statement, names, database).stream())
                  .findFirst()
                  .map(aimed -> plan(aimed, request, names, new Asking(database, upstream)))
                  .orElseGet(() -> Future.succeededFuture(Optional.empty()));
            });
  }

  private static Optional<Aimed> aimed(
      ScannedStatement statement, NameResolution names, MirroredDatabase database) {
    WriteStatement write = statement.write().orElseThrow();
    List<String> parts = write.target();
    if (!write.creates()) {
      return names
          .resolver()
          .shell(parts)
          .map(shell -> new Aimed(statement, write, WriteTarget.of(shell)));
    }
    String schema = parts.size() == 1 ? names.currentSchema() : schema(write);
    if (schema.isEmpty() || !newIn(schema, write, database)) {
      return Optional.empty();
    }
    String name = parts.get(parts.size() - 1);
    return Optional.of(
        new Aimed(
            statement,
            write,
            new WriteTarget(database.catalog(), schema, name, database.shell(schema, name))));
  }

  private static Future<Optional<Planned>> refuse(ErrorFields error, NameResolution names) {
    return Future.succeededFuture(Optional.of(new Planned(new Plan.Refuse(error), names, false)));
  }

  private record Asking(MirroredDatabase database, Upstream upstream) {
    Future<NameResolution> describe(
        ScannedStatement statement, String text, int shift, List<Integer> parameterTypes) {
      return NameResolution.ask(
              List.of(statement), Optional.of(text), parameterTypes, database, upstream)
          .map(names -> names.shifted(shift));
    }
  }

  private Future<Optional<Planned>> plan(
      Aimed aimed, PlanRequest request, NameResolution names, Asking asking) {
    Optional<ErrorFields> refusal = refusal(aimed, request, names);
    if (refusal.isPresent()) {
      return refuse(refusal.get(), names);
    }
    return described(aimed, request, names, asking)
        .compose(
            known ->
                known.error().isPresent()
                    ? refuse(known.error().get(), known)
                    : rows(aimed, request, known, asking)
                        .compose(
                            rows ->
                                rows.error().isPresent()
                                    ? refuse(rows.error().get(), rows)
                                    : translate(aimed, known, rows, asking.database())));
  }

  private Optional<ErrorFields> refusal(Aimed aimed, PlanRequest request, NameResolution names) {
    ScannedStatement statement = aimed.statement();
    if (writes == Writes.NEVER) {
      return Optional.of(aimed.refused("presto.writes is never in the proxy's configuration"));
    }
    if (aimed.write().isExplained()) {
      return Optional.of(aimed.refused("EXPLAIN has no counterpart for what writes to Presto"));
    }
    if (request.statements().size() > 1) {
      return Optional.of(aimed.refused("it has to be a message of its own"));
    }
    boolean only = statement.names().stream().anyMatch(name -> name.only() && names.isShell(name));
    if (only || statement.hasWord("tablesample")) {
      return Optional.of(aimed.refused((only ? "ONLY" : "TABLESAMPLE") + " has no counterpart"));
    }
    return aimed.write().isUnsupported()
        ? Optional.of(aimed.refused("Presto has nothing like it"))
        : Optional.empty();
  }

  /** What PostgreSQL says of the statement as a whole, if it can say anything of it. */
  private static Future<NameResolution> described(
      Aimed aimed, PlanRequest request, NameResolution names, Asking asking) {
    ScannedStatement statement = aimed.statement();
    return aimed.write().isDescribable()
        ? asking.describe(
            statement,
            statement.statement(),
            statement.text().codePointCount(0, statement.start()),
            request.parameterTypes())
        : Future.succeededFuture(names);
  }

  /** What it says of the rows of its query. */
  private static Future<NameResolution> rows(
      Aimed aimed, PlanRequest request, NameResolution known, Asking asking) {
    WriteStatement write = aimed.write();
    List<Integer> types =
        known.parameterTypes().isEmpty() ? request.parameterTypes() : known.parameterTypes();
    return write
        .query()
        .filter(query -> !write.isOfValues())
        .map(query -> asking.describe(aimed.statement(), query, write.queryStart(), types))
        .orElseGet(() -> Future.succeededFuture(known));
  }

  private Future<Optional<Planned>> translate(
      Aimed aimed, NameResolution known, NameResolution rows, MirroredDatabase database) {
    NameResolution names = rows.parameterTypes().isEmpty() ? known : rows;
    WriteInput input =
        new WriteInput(
            names.parameterTypes().stream().map(TypeNames::ofParameter).toList(),
            columns(rows.fields()),
            names.resolver(),
            database.translationOptions());
    NameResolution told =
        new NameResolution(
            names.currentSchema(),
            names.shells(),
            names.oids(),
            names.parents(),
            names.parameterTypes(),
            List.of(),
            Optional.empty());
    return Future.fromCompletionStage(
            translations.translate(aimed.write(), aimed.target(), input),
            vertx.getOrCreateContext())
        .<Plan>map(write -> new Plan.Write(write, aimed.target()))
        .recover(
            failure ->
                failure instanceof Untranslatable reason
                    ? Future.succeededFuture(new Plan.Refuse(aimed.refused(reason.reason())))
                    : Future.failedFuture(failure))
        .map(plan -> Optional.of(new Planned(plan, told, false)));
  }

  private static List<ResultColumn> columns(List<Backend.Field> fields) {
    return fields.stream()
        .map(
            field ->
                new ResultColumn(
                    field.name(),
                    TypeNames.of(field.typeOid(), field.typeModifier()).orElse(OTHER_TYPE)))
        .toList();
  }
}
