package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Map;
import java.util.Optional;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.statement.select.AllColumns;

/** Rules for calls of functions and aggregates, and for where aggregates may stand. */
final class CallRules {

  private final ExpressionTranslator translator;
  private final QueryContext context;
  private final Aggregates aggregates;
  private boolean aggregatesAllowed;
  private boolean aggregated;
  private boolean inAggregate;

  CallRules(ExpressionTranslator translator, QueryContext context) {
    this.translator = translator;
    this.context = context;
    this.aggregates = new Aggregates(context.comparison());
  }

  /** The rules by class of expression. */
  Map<Class<?>, ExpressionRule<Expression>> rules() {
    return Map.ofEntries(
        ExpressionRule.on(Function.class, this::function),
        ExpressionRule.on(AnalyticExpression.class, this::filtered));
  }

  /** Aggregates may stand in the target list, HAVING and ORDER BY only. */
  void allowAggregates(boolean allowed) {
    aggregatesAllowed = allowed;
  }

  /** Whether an aggregate was met. */
  boolean aggregated() {
    return aggregated;
  }

  /** Whether what is being translated stands in an aggregate's argument or filter. */
  boolean inAggregate() {
    return inAggregate;
  }

  private Value function(Function function) throws Untranslatable {
    if (function.getMultipartName().size() > 1
        || function.getOrderByElements() != null
        || function.getNamedParameters() != null
        || function.isUnique()) {
      throw new Untranslatable("this form of a call has no rule");
    }
    String name = context.form().name(function.getName());
    ExpressionList<?> parameters =
        function.getParameters() == null ? new ExpressionList<>() : function.getParameters();
    if (Aggregates.isAggregate(name)) {
      boolean rows = parameters.size() == 1 && parameters.get(0).getClass() == AllColumns.class;
      return aggregate(name, function.isDistinct(), rows, parameters, Optional.empty());
    }
    if (function.isDistinct()) {
      throw new Untranslatable("function " + name + " is evaluated by PostgreSQL");
    }
    if (name.equals("nullif") && parameters.size() == 2) {
      return nullif(
          translator.translate(parameters.get(0)), translator.translate(parameters.get(1)));
    }
    return Functions.call(name, translator.translateAll(parameters));
  }

  private Value nullif(Value value, Value other) throws Untranslatable {
    Value typed = value.type().is(Kind.UNKNOWN) ? Coercion.cast(value, SqlType.TEXT) : value;
    String equal = context.comparison().compare("=", typed, other).sql();
    boolean known = typed.type().kind() == other.type().kind() || other.type().is(Kind.UNKNOWN);
    if (!known) {
      // The result has the type that the comparison gives its left side.
      throw new Untranslatable("nullif of two types has no rule");
    }
    return Value.of(
        "(case when " + equal + " then null else " + typed.sql() + " end)", typed.type());
  }

  private Value filtered(AnalyticExpression expression) throws Untranslatable {
    boolean plain =
        expression.getType() == AnalyticType.FILTER_ONLY
            && expression.getFilterExpression() != null
            && expression.getOffset() == null
            && expression.getDefaultValue() == null
            && !expression.isUnique()
            && expression.getFuncOrderBy() == null;
    String name = context.form().name(expression.getName());
    if (!plain || !Aggregates.isAggregate(name)) {
      throw new Untranslatable("function " + name + " is evaluated by PostgreSQL");
    }
    boolean rows = expression.isAllColumns() || expression.getExpression() instanceof AllColumns;
    ExpressionList<Expression> parameters = new ExpressionList<>();
    if (expression.getExpression() != null && !rows) {
      parameters.add(expression.getExpression());
    }
    boolean outside = inAggregate;
    inAggregate = true;
    Value filter = translator.condition(expression.getFilterExpression());
    inAggregate = outside;
    return aggregate(name, expression.isDistinct(), rows, parameters, Optional.of(filter));
  }

  private Value aggregate(
      String name,
      boolean distinct,
      boolean rows,
      ExpressionList<?> parameters,
      Optional<Value> filter)
      throws Untranslatable {
    if (!aggregatesAllowed || inAggregate) {
      throw new Untranslatable("an aggregate stands where none may");
    }
    aggregated = true;
    if (rows) {
      if (!name.equals("count") || distinct) {
        throw new Untranslatable(name + "(*) has no rule");
      }
      return Aggregates.countRows(filter);
    }
    if (parameters.size() != 1) {
      throw new Untranslatable("this form of " + name + " has no rule");
    }
    inAggregate = true;
    Value argument = translator.translate(parameters.get(0));
    inAggregate = false;
    return aggregates.call(name, distinct, argument, filter);
  }
}
