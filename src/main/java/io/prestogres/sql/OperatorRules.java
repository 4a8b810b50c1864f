package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Map;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;

/** Rules for the operators that compute a value: ||, arithmetic, signs and casts. */
final class OperatorRules {

  private final ExpressionTranslator translator;
  private final QueryContext context;

  OperatorRules(ExpressionTranslator translator, QueryContext context) {
    this.translator = translator;
    this.context = context;
  }

  /** The rules by class of expression. */
  Map<Class<?>, ExpressionRule<Expression>> rules() {
    return Map.ofEntries(
        ExpressionRule.on(Concat.class, this::concat),
        ExpressionRule.on(Addition.class, e -> arithmetic("+", e, Precedence.SUM)),
        ExpressionRule.on(Subtraction.class, e -> arithmetic("-", e, Precedence.SUM)),
        ExpressionRule.on(Multiplication.class, e -> arithmetic("*", e, Precedence.PRODUCT)),
        ExpressionRule.on(Division.class, e -> arithmetic("/", e, Precedence.PRODUCT)),
        ExpressionRule.on(Modulo.class, e -> arithmetic("%", e, Precedence.PRODUCT)),
        ExpressionRule.on(SignedExpression.class, this::sign),
        ExpressionRule.on(CastExpression.class, this::cast));
  }

  private Value concat(Concat expression) throws Untranslatable {
    Value left = translator.operand(expression.getLeftExpression(), Precedence.OTHER);
    Value right = translator.operand(expression.getRightExpression(), Precedence.SUM);
    boolean text = isText(left) || isText(right);
    boolean literals = left.type().is(Kind.UNKNOWN) && right.type().is(Kind.UNKNOWN);
    boolean arrays = left.type().is(Kind.OPAQUE) || right.type().is(Kind.OPAQUE);
    if (!text || literals || arrays) {
      throw new Untranslatable("this form of || is evaluated by PostgreSQL");
    }
    Value a = Coercion.cast(left, SqlType.TEXT);
    Value b = Coercion.cast(right, SqlType.TEXT);
    return Value.of("(" + a.sql() + " || " + b.sql() + ")", SqlType.TEXT);
  }

  private static boolean isText(Value value) {
    return value.type().is(Kind.TEXT) || value.type().is(Kind.UNKNOWN);
  }

  private Value arithmetic(String operator, BinaryExpression expression, int precedence)
      throws Untranslatable {
    Value left = translator.operand(expression.getLeftExpression(), precedence);
    Value right = translator.operand(expression.getRightExpression(), precedence + 1);
    return Arithmetic.apply(operator, left, right);
  }

  private Value sign(SignedExpression expression) throws Untranslatable {
    Value value = translator.operand(expression.getExpression(), Precedence.SIGN);
    return switch (expression.getSign()) {
      case '-' -> Arithmetic.negate(value);
      case '+' -> value;
      default -> throw new Untranslatable("a sign has no rule");
    };
  }

  private Value cast(CastExpression expression) throws Untranslatable {
    Value value =
        translator.operand(
            expression.getLeftExpression(),
            Precedence.isCall(expression) ? Precedence.OR : Precedence.CAST);
    String type = context.form().type(expression.getColDataType().getDataType());
    if (type.startsWith("interval")) {
      String fields = type.substring("interval".length()).trim();
      String text =
          value.constantText().orElseThrow(() -> new Untranslatable("an interval is no literal"));
      return Value.span(Moments.interval(text, fields));
    }
    if (Precedence.isCall(expression) && !expression.keyword.equalsIgnoreCase("cast")) {
      throw new Untranslatable(expression.keyword + " has no rule");
    }
    SqlType target =
        SqlType.named(type)
            .orElseThrow(() -> new Untranslatable("the type " + type + " has no rule"));
    return Coercion.cast(value, target);
  }
}
