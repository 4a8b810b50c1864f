package io.prestogres.sql;

import java.util.Map;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
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

/**
 * How tightly PostgreSQL's operators bind (gram.y); a greater number binds tighter.
 *
 * <p>JSqlParser groups some operators unlike PostgreSQL. So every operator demands operands that
 * bind tighter than itself or stand in brackets: of all ways to group a chain of operators only
 * PostgreSQL's satisfies that.
 */
final class Precedence {

  static final int OR = 1;
  static final int AND = 2;
  static final int NOT = 3;
  static final int IS = 4;
  static final int COMPARISON = 5;
  static final int LIKE = 6;
  static final int OTHER = 7;
  static final int SUM = 8;
  static final int PRODUCT = 9;
  static final int SIGN = 12;
  static final int CAST = 13;
  static final int UNIT = 20;

  private static final Map<Class<?>, Integer> PRECEDENCES =
      Map.ofEntries(
          Map.entry(OrExpression.class, OR),
          Map.entry(AndExpression.class, AND),
          Map.entry(NotExpression.class, NOT),
          Map.entry(IsNullExpression.class, IS),
          Map.entry(IsBooleanExpression.class, IS),
          Map.entry(IsUnknownExpression.class, IS),
          Map.entry(IsDistinctExpression.class, IS),
          Map.entry(EqualsTo.class, COMPARISON),
          Map.entry(NotEqualsTo.class, COMPARISON),
          Map.entry(MinorThan.class, COMPARISON),
          Map.entry(MinorThanEquals.class, COMPARISON),
          Map.entry(GreaterThan.class, COMPARISON),
          Map.entry(GreaterThanEquals.class, COMPARISON),
          Map.entry(LikeExpression.class, LIKE),
          Map.entry(InExpression.class, LIKE),
          Map.entry(Between.class, LIKE),
          Map.entry(Concat.class, OTHER),
          Map.entry(Addition.class, SUM),
          Map.entry(Subtraction.class, SUM),
          Map.entry(Multiplication.class, PRODUCT),
          Map.entry(Division.class, PRODUCT),
          Map.entry(Modulo.class, PRODUCT),
          Map.entry(SignedExpression.class, SIGN),
          Map.entry(CastExpression.class, CAST));

  private Precedence() {}

  static int of(Expression expression) {
    if (expression instanceof CastExpression cast && isCall(cast)) {
      return UNIT;
    }
    return PRECEDENCES.getOrDefault(expression.getClass(), UNIT);
  }

  /** Whether it was written as CAST(… AS …) rather than with two colons. */
  static boolean isCall(CastExpression expression) {
    return expression.keyword != null && !expression.keyword.isEmpty();
  }
}
