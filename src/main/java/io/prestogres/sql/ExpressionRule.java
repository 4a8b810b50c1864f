package io.prestogres.sql;

import java.util.Map;
import net.sf.jsqlparser.expression.Expression;

/** How the expressions of one class are translated. */
@FunctionalInterface
interface ExpressionRule<E extends Expression> {
  Value apply(E expression) throws Untranslatable;

  /** The entry of {@code rule} in a table of rules by class. */
  static <E extends Expression> Map.Entry<Class<?>, ExpressionRule<Expression>> on(
      Class<E> type, ExpressionRule<E> rule) {
    return Map.entry(type, expression -> rule.apply(type.cast(expression)));
  }
}
