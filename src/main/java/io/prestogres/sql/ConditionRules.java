package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.NotEqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/**
 * Rules for what is true, false or unknown: AND, OR, NOT, the tests with IS, comparisons, LIKE, IN
 * and BETWEEN.
 */
final class ConditionRules {

  private final ExpressionTranslator translator;
  private final QueryContext context;
  private final Subqueries subqueries;

  ConditionRules(ExpressionTranslator translator, QueryContext context, Subqueries subqueries) {
    this.translator = translator;
    this.context = context;
    this.subqueries = subqueries;
  }

  /** The rules by class of expression. */
  Map<Class<?>, ExpressionRule<Expression>> rules() {
    return Map.ofEntries(
        ExpressionRule.on(OrExpression.class, e -> chain(e, Precedence.OR, " OR ")),
        ExpressionRule.on(AndExpression.class, e -> chain(e, Precedence.AND, " AND ")),
        ExpressionRule.on(NotExpression.class, this::not),
        ExpressionRule.on(IsNullExpression.class, this::isNull),
        ExpressionRule.on(IsBooleanExpression.class, this::isBoolean),
        ExpressionRule.on(IsUnknownExpression.class, this::isUnknown),
        ExpressionRule.on(IsDistinctExpression.class, this::isDistinct),
        ExpressionRule.on(EqualsTo.class, e -> comparison("=", e)),
        ExpressionRule.on(NotEqualsTo.class, e -> comparison("<>", e)),
        ExpressionRule.on(MinorThan.class, e -> comparison("<", e)),
        ExpressionRule.on(MinorThanEquals.class, e -> comparison("<=", e)),
        ExpressionRule.on(GreaterThan.class, e -> comparison(">", e)),
        ExpressionRule.on(GreaterThanEquals.class, e -> comparison(">=", e)),
        ExpressionRule.on(LikeExpression.class, this::like),
        ExpressionRule.on(InExpression.class, this::in),
        ExpressionRule.on(Between.class, this::between));
  }

  /** A chain of ANDs or ORs, which may be thousands long: without recursion on its left side. */
  private Value chain(BinaryExpression expression, int precedence, String separator)
      throws Untranslatable {
    List<Expression> terms = ExpressionTranslator.terms(expression);
    List<String> sql = new ArrayList<>(terms.size());
    for (Expression term : terms) {
      sql.add(ExpressionTranslator.asCondition(translator.operand(term, precedence + 1)).sql());
    }
    return Value.of("(" + String.join(separator, sql) + ")", SqlType.BOOLEAN);
  }

  private Value not(NotExpression expression) throws Untranslatable {
    return negated(
        true,
        ExpressionTranslator.asCondition(
            translator.operand(expression.getExpression(), Precedence.NOT)));
  }

  private static Value negated(boolean not, Value condition) {
    return not ? Value.of("(NOT " + condition.sql() + ")", SqlType.BOOLEAN) : condition;
  }

  private Value isNull(IsNullExpression expression) throws Untranslatable {
    Value value = translator.operand(expression.getLeftExpression(), Precedence.COMPARISON);
    if (value.isParameter()) {
      String test = ParameterValue.expression(value) + " IS NULL";
      return negated(expression.isNot(), ParameterValue.condition(test));
    }
    if (!value.type().isNullAsAWhole()) {
      throw new Untranslatable("IS NULL of " + value.type().text() + " has no rule");
    }
    String operator = expression.isNot() ? " IS NOT NULL)" : " IS NULL)";
    return Value.of("(" + value.sql() + operator, SqlType.BOOLEAN);
  }

  private Value isBoolean(IsBooleanExpression expression) throws Untranslatable {
    Value value =
        ExpressionTranslator.asCondition(
            translator.operand(expression.getLeftExpression(), Precedence.COMPARISON));
    // IS TRUE is never null: unknown counts as false, for IS FALSE as true.
    String known = "coalesce(" + value.sql() + ", " + !expression.isTrue() + ")";
    Value result = Value.of(known, SqlType.BOOLEAN);
    return negated(expression.isNot() == expression.isTrue(), result);
  }

  private Value isUnknown(IsUnknownExpression expression) throws Untranslatable {
    Value value =
        ExpressionTranslator.asCondition(
            translator.operand(expression.getLeftExpression(), Precedence.COMPARISON));
    String operator = expression.isNot() ? " IS NOT NULL)" : " IS NULL)";
    return Value.of("(" + value.sql() + operator, SqlType.BOOLEAN);
  }

  private Value isDistinct(IsDistinctExpression expression) throws Untranslatable {
    Value left = translator.operand(expression.getLeftExpression(), Precedence.COMPARISON);
    Value right = translator.operand(expression.getRightExpression(), Precedence.COMPARISON);
    return context.comparison().distinct(expression.isNot(), left, right);
  }

  private static boolean isBareNull(Value value) {
    return value.isNull() && value.type().is(SqlType.Kind.UNKNOWN);
  }

  private Value comparison(String operator, BinaryExpression expression) throws Untranslatable {
    Value left = translator.operand(expression.getLeftExpression(), Precedence.LIKE);
    if (expression.getRightExpression() instanceof Function function) {
      String name = context.form().name(function.getName());
      if (name.equals(NormalForm.ANY) || name.equals(NormalForm.ALL)) {
        return new ArrayOperand(translator, context).compare(operator, left, name, function);
      }
    }
    Value right = translator.operand(expression.getRightExpression(), Precedence.LIKE);
    if (operator.equals("=") && (isBareNull(left) || isBareNull(right))) {
      throw new Untranslatable("= NULL is what the setting transform_null_equals has it mean");
    }
    return context.comparison().compare(operator, left, right);
  }

  private Value like(LikeExpression expression) throws Untranslatable {
    boolean like = expression.getLikeKeyWord() == LikeExpression.KeyWord.LIKE;
    Value left = translator.operand(expression.getLeftExpression(), Precedence.OTHER);
    Value right = translator.operand(expression.getRightExpression(), Precedence.OTHER);
    boolean text = left.type().is(Kind.TEXT) || left.isUntypedText();
    if (!like || expression.isUseBinary() || !text) {
      throw new Untranslatable("this form of LIKE is evaluated by PostgreSQL");
    }
    char escape = '\\';
    if (expression.getEscape() != null) {
      String character = translator.translate(expression.getEscape()).constantText().orElse("  ");
      if (character.length() > 1) {
        throw new Untranslatable("the escape character of LIKE has no rule");
      }
      escape = character.isEmpty() ? '\0' : character.charAt(0);
    }
    String sql = "(" + left.sql() + " LIKE " + LikePattern.presto(right, escape) + ")";
    return negated(expression.isNot(), Value.of(sql, SqlType.BOOLEAN));
  }

  private Value in(InExpression expression) throws Untranslatable {
    Value left = translator.operand(expression.getLeftExpression(), Precedence.OTHER);
    Expression right = expression.getRightExpression();
    if (right instanceof ParenthesedSelect select) {
      return negated(expression.isNot(), subqueries.in(left, select));
    }
    if (!(right instanceof ParenthesedExpressionList<?> list)) {
      throw new Untranslatable("this form of IN has no rule");
    }
    Value in = context.comparison().in(left, translator.translateAll(list));
    return negated(expression.isNot(), in);
  }

  private Value between(Between expression) throws Untranslatable {
    if (expression.isUsingSymmetric()) {
      throw new Untranslatable("BETWEEN SYMMETRIC has no rule");
    }
    Value value = translator.operand(expression.getLeftExpression(), Precedence.OTHER);
    Value low = translator.operand(expression.getBetweenExpressionStart(), Precedence.OTHER);
    Value high = translator.operand(expression.getBetweenExpressionEnd(), Precedence.OTHER);
    return negated(expression.isNot(), context.comparison().between(value, low, high));
  }
}
