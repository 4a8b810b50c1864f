package io.prestogres.session;

import io.prestogres.metrics.Route;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoSession;
import io.prestogres.presto.PrestoType;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SqlState;
import io.prestogres.results.ErrorTranslator;
import io.prestogres.sql.PrestoText;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.TableFunctionCall;
import io.prestogres.sql.Untranslatable;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Plans statements that only Presto understands: they go there as they were written, run by the
 * table function. Presto is asked for their columns, and for the types of those parameters that the
 * client gave none. Stateless but for its parts.
 */
final class PrestoStatements {
  /** Types of which Presto gets every value to the letter; others it would round. */
  private static final Set<String> EXACT =
      Set.of(
          "boolean",
          "smallint",
          "integer",
          "bigint",
          "real",
          "double precision",
          "date",
          "bytea",
          "uuid");

  private static final Pattern MODIFIER = Pattern.compile("\\([^)]*\\)");

  private final PrestoClient presto;

  PrestoStatements(PrestoClient presto) {
    this.presto = presto;
  }

  /**
   * The plan for a statement.
   *
   * @param parameterTypes the OIDs that the client gave, 0 for none
   */
  Future<Plan> plan(
      Target target,
      List<Integer> parameterTypes,
      NameResolution names,
      TextEdits edits,
      PrestoUse use) {
    PrestoSession session = use.inSchema(names.currentSchema());
    PrestoText.Parametrized text = target.prestoText(names.resolver());
    return types(text, parameterTypes, session)
        .compose(types -> typed(target, types, names, session))
        .map(
            call -> {
              target.replace(edits, call);
              return (Plan) edits.toPlan(Route.PRESTO_ONLY);
            })
        .recover(
            failure ->
                failure instanceof PrestoException known
                    ? Future.succeededFuture(new Plan.Refuse(ErrorTranslator.toFields(known)))
                    : Future.failedFuture(failure));
  }

  private Future<String> typed(
      Target target, Map<Integer, String> types, NameResolution names, PrestoSession session) {
    PrestoText.Typed typed;
    try {
      typed = PrestoText.typed(target.query(), names.resolver(), types);
    } catch (Untranslatable reason) {
      return Future.failedFuture(
          new PrestoException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "a statement that only Presto understands cannot take this parameter: "
                  + reason.reason()));
    }
    return presto
        .describe(typed.text(), session)
        .map(
            columns ->
                TableFunctionCall.text(typed.text(), typed.parameters(), resultColumns(columns)));
  }

  /** What PostgreSQL is to take each parameter for. */
  private Future<Map<Integer, String>> types(
      PrestoText.Parametrized text, List<Integer> given, PrestoSession session) {
    Map<Integer, String> types = new HashMap<>();
    for (int number : text.numbers()) {
      int oid = number <= given.size() ? given.get(number - 1) : 0;
      if (oid != 0) {
        types.put(number, TypeNames.ofParameter(oid));
      }
    }
    if (types.keySet().containsAll(text.numbers())) {
      return Future.succeededFuture(types);
    }
    return presto
        .describeInput(text.text(), session)
        .map(
            inputs -> {
              for (int i = 0; i < inputs.size(); i++) {
                types.putIfAbsent(text.numbers().get(i), typeOf(inputs.get(i)));
              }
              return types;
            });
  }

  /** A text is what the client has to cast by itself. */
  private static String typeOf(PrestoType input) {
    String type = MODIFIER.matcher(input.postgresType()).replaceFirst("");
    return EXACT.contains(type) ? type : "text";
  }

  /** PostgreSQL's error first: it is the dialect the client speaks. */
  static ErrorFields both(ErrorFields error, ErrorFields ofPresto) {
    return error.with(
        ErrorFields.DETAIL,
        "Presto was asked as well: "
            + ofPresto.message()
            + ofPresto.field(ErrorFields.DETAIL).map(detail -> " (" + detail + ")").orElse(""));
  }

  private static List<ResultColumn> resultColumns(List<PrestoColumn> columns) {
    return columns.stream()
        .map(column -> new ResultColumn(column.name(), column.type().postgresType()))
        .toList();
  }
}
