package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.metrics.Route;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoQuery;
import io.prestogres.presto.RowCursor;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.prestogres.sql.Shape;
import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Presto's statements that change a session: USE becomes the search_path, and session properties
 * are kept for the queries to come, once Presto has accepted them.
 */
final class PrestoCommands {
  private static final Pattern ASSIGNED =
      Pattern.compile("=\\s*(?:'((?:[^']|'')*)'|([-+\\w.]+))\\s*$");

  private final PrestoClient presto;

  PrestoCommands(PrestoClient presto) {
    this.presto = presto;
  }

  /**
   * The plan for such a statement; empty if it is another one.
   *
   * @param alone whether there is no other statement in its message
   */
  Optional<Future<Plan>> plan(
      ScannedStatement statement,
      boolean alone,
      PrestoUse use,
      TextEdits edits,
      MirroredDatabase database) {
    if (!(statement.shape() instanceof Shape.PrestoOnly command)) {
      return Optional.empty();
    }
    return switch (command.verb()) {
      case "USE" -> Optional.of(use(statement, edits, database));
      case "SET SESSION" -> Optional.of(set(statement, command, alone, use, database));
      case "RESET SESSION" -> Optional.of(alone ? reset(command, use) : notAlone());
      default -> Optional.empty();
    };
  }

  private static Future<Plan> use(
      ScannedStatement statement, TextEdits edits, MirroredDatabase database) {
    List<NameReference> names = statement.names();
    // The word USE itself is among the names.
    List<String> parts = names.size() < 2 ? List.of() : names.get(names.size() - 1).parts();
    if (parts.isEmpty() || parts.size() > 2) {
      return refuse(SqlState.SYNTAX_ERROR, "USE takes a schema, or a catalog and a schema");
    }
    if (parts.size() == 2 && !parts.get(0).equals(database.catalog())) {
      return refuse(
          SqlState.FEATURE_NOT_SUPPORTED,
          "another catalog is another database here: connect to database \"%s\""
              .formatted(parts.get(0)));
    }
    String schema = parts.get(parts.size() - 1);
    if (!database.hasSchema(schema)) {
      return refuse("3F000", "schema \"" + schema + "\" does not exist");
    }
    edits.replace(
        statement.start(), statement.end(), "SET search_path TO " + SqlQuoting.identifier(schema));
    return Future.succeededFuture(edits.toPlan(Route.PRESTO_ONLY));
  }

  /** The proxy answers the message, so that nothing else in it would reach PostgreSQL. */
  private static Future<Plan> notAlone() {
    return refuse(
        SqlState.FEATURE_NOT_SUPPORTED,
        "SET SESSION and RESET SESSION of a property of Presto have to be a message of their own");
  }

  private Future<Plan> set(
      ScannedStatement statement,
      Shape.PrestoOnly command,
      boolean alone,
      PrestoUse use,
      MirroredDatabase database) {
    List<String> name = command.setting();
    if (name.size() == 2 && !name.get(0).equals(database.catalog())) {
      return Future.succeededFuture(new Plan.Send(Route.POSTGRES, Optional.empty(), ""));
    }
    if (!alone) {
      return notAlone();
    }
    Matcher assigned = ASSIGNED.matcher(statement.statement());
    if (!assigned.find()) {
      return refuse(
          SqlState.FEATURE_NOT_SUPPORTED,
          "the value of a session property has to be a string, a number or a boolean");
    }
    String text = assigned.group(1);
    String value = text == null ? assigned.group(2) : text.replace("''", "'");
    return presto
        .start(statement.statement(), use.session())
        .compose(PrestoCommands::finish)
        .compose(
            done -> {
              use.parameters().setPrestoProperty(String.join(".", name), value);
              return use.changed().get();
            })
        .map(done -> new Plan.Answer("SET"));
  }

  private static Future<Plan> reset(Shape.PrestoOnly command, PrestoUse use) {
    use.parameters().resetPrestoProperty(String.join(".", command.setting()));
    return use.changed().get().map(done -> new Plan.Answer("RESET"));
  }

  private static Future<Void> finish(PrestoQuery query) {
    return query
        .next((columns, rows) -> skip(rows))
        .compose(more -> more ? finish(query) : Future.succeededFuture());
  }

  private static void skip(RowCursor rows) {
    boolean more = true;
    while (more) {
      more = rows.nextRow();
    }
  }

  private static Future<Plan> refuse(String sqlState, String message) {
    return Future.failedFuture(PgException.error(sqlState, message));
  }
}
