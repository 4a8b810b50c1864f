package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/**
 * Translates the expressions of one SELECT. A class of node without a rule is refused.
 *
 * <p>The rules of names, literals, CASE and brackets are here; {@link ConditionRules}, {@link
 * OperatorRules} and {@link CallRules} have the others.
 */
final class ExpressionTranslator {

  private final QueryContext context;
  private final Scope scope;
  private final Subqueries subqueries;
  private final CallRules calls;
  private final Map<Class<?>, ExpressionRule<Expression>> rules = new HashMap<>();

  ExpressionTranslator(QueryContext context, Scope scope) {
    this.context = context;
    this.scope = scope;
    this.subqueries = new Subqueries(context, scope);
    this.calls = new CallRules(this, context);
    rules.putAll(new ConditionRules(this, context, subqueries).rules());
    rules.putAll(new OperatorRules(this, context).rules());
    rules.putAll(calls.rules());
    rules.putAll(primaries());
  }

  /** The rules of what binds tightest: names, literals, brackets, CASE, subqueries. */
  private Map<Class<?>, ExpressionRule<Expression>> primaries() {
    return Map.ofEntries(
        ExpressionRule.on(ParenthesedExpressionList.class, this::brackets),
        ExpressionRule.on(Column.class, this::column),
        ExpressionRule.on(LongValue.class, e -> number(e.getStringValue())),
        ExpressionRule.on(DoubleValue.class, e -> number(e.toString())),
        ExpressionRule.on(
            StringValue.class, e -> Value.unknownText(context.form().string(e.getValue()))),
        ExpressionRule.on(BooleanValue.class, e -> Value.bool(e.getValue())),
        ExpressionRule.on(NullValue.class, e -> Value.untypedNull()),
        ExpressionRule.on(JdbcParameter.class, e -> context.parameter(e.getIndex())),
        ExpressionRule.on(CaseExpression.class, this::cases),
        ExpressionRule.on(ExistsExpression.class, subqueries::exists),
        ExpressionRule.on(ParenthesedSelect.class, subqueries::scalar));
  }

  /** Aggregates may stand in the target list, HAVING and ORDER BY only. */
  void allowAggregates(boolean allowed) {
    calls.allowAggregates(allowed);
  }

  /** Correlated subqueries may stand in WHERE only. */
  void allowCorrelation(boolean allowed) {
    subqueries.allowCorrelation(allowed);
  }

  /** Whether an aggregate was met. */
  boolean aggregated() {
    return calls.aggregated();
  }

  Value translate(Expression expression) throws Untranslatable {
    ExpressionRule<Expression> rule = rules.get(expression.getClass());
    if (rule == null) {
      throw new Untranslatable(
          expression.getClass().getSimpleName() + " is evaluated by PostgreSQL");
    }
    return rule.apply(expression);
  }

  List<Value> translateAll(ExpressionList<?> expressions) throws Untranslatable {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(translate(expression));
    }
    return values;
  }

  Value condition(Expression expression) throws Untranslatable {
    return asCondition(translate(expression));
  }

  static Value asCondition(Value value) throws Untranslatable {
    if (value.type().is(Kind.UNKNOWN)) {
      return Coercion.cast(value, SqlType.BOOLEAN);
    }
    if (!value.type().is(Kind.BOOLEAN)) {
      throw new Untranslatable("a condition is no boolean");
    }
    return value;
  }

  /** An operand, which must bind at least so tightly. */
  Value operand(Expression expression, int precedence) throws Untranslatable {
    if (Precedence.of(expression) < precedence) {
      throw new Untranslatable("the grouping of operators has no rule");
    }
    return translate(expression);
  }

  /** The terms of a chain of ANDs or ORs, from left to right. */
  static List<Expression> terms(BinaryExpression chain) {
    List<Expression> terms = new ArrayList<>();
    Expression left = chain;
    while (left.getClass() == chain.getClass() && left instanceof BinaryExpression binary) {
      terms.add(binary.getRightExpression());
      left = binary.getLeftExpression();
    }
    terms.add(left);
    Collections.reverse(terms);
    return terms;
  }

  private Value brackets(ParenthesedExpressionList<?> list) throws Untranslatable {
    if (list.size() != 1 || list.getClass() != ParenthesedExpressionList.class) {
      throw new Untranslatable("rows as values are evaluated by PostgreSQL");
    }
    return translate(list.get(0));
  }

  private Value column(Column column) throws Untranslatable {
    if (column.getArrayConstructor() != null) {
      throw new Untranslatable("subscripts are evaluated by PostgreSQL");
    }
    return scope.resolve(names(column), calls.inAggregate());
  }

  List<String> names(Column column) throws Untranslatable {
    List<String> names = new ArrayList<>(3);
    if (column.getTable() != null) {
      names.addAll(FromTranslator.names(column.getTable(), context.form()));
    }
    names.add(context.form().name(column.getColumnName()));
    return names;
  }

  private static Value number(String digits) throws Untranslatable {
    BigDecimal value = new BigDecimal(digits);
    boolean integer = digits.chars().allMatch(Character::isDigit);
    if (!integer) {
      return Value.numeric(value);
    }
    int bits = value.toBigInteger().bitLength();
    if (bits > 63) {
      return Value.numeric(value);
    }
    return Value.integer(value, bits > 31 ? SqlType.BIGINT : SqlType.INTEGER);
  }

  private Value cases(CaseExpression expression) throws Untranslatable {
    Optional<Value> subject = Optional.empty();
    if (expression.getSwitchExpression() != null) {
      subject = Optional.of(translate(expression.getSwitchExpression()));
    }
    List<String> conditions = new ArrayList<>();
    List<Value> results = new ArrayList<>();
    for (WhenClause when : expression.getWhenClauses()) {
      Value condition = translate(when.getWhenExpression());
      conditions.add(
          subject.isPresent()
              ? context.comparison().compare("=", subject.get(), condition).sql()
              : asCondition(condition).sql());
      results.add(translate(when.getThenExpression()));
    }
    Expression otherwise = expression.getElseExpression();
    results.add(otherwise == null ? Value.untypedNull() : translate(otherwise));
    List<Value> unified = Coercion.unify(results);
    StringBuilder sql = new StringBuilder("(case");
    for (int i = 0; i < conditions.size(); i++) {
      sql.append(" when ").append(conditions.get(i));
      sql.append(" then ").append(unified.get(i).sql());
    }
    sql.append(" else ").append(unified.get(unified.size() - 1).sql()).append(" end)");
    return Value.of(sql.toString(), Functions.widest(unified));
  }
}
