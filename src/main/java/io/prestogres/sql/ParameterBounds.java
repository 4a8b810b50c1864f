package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;

/**
 * Comparisons with parameters that may be finer than what they are compared with: numerics with
 * more digits behind the point than a decimal has, timestamps with microseconds. The parameter is
 * rounded down or up, on PostgreSQL's side, to the next value that Presto can have, so that the
 * comparison stays exact; equality asks for a value between both.
 */
final class ParameterBounds {

  private ParameterBounds() {}

  /** Whether values of this type are compared by bounds if one is a parameter. */
  static boolean needed(SqlType type) {
    return type.is(Kind.TIMESTAMP) || (type.is(Kind.NUMERIC) && type.precision() == 0);
  }

  /**
   * The comparison's text.
   *
   * @param value of the same kind as the parameter, and none itself
   */
  static String compare(String operator, Value value, Value parameter) throws Untranslatable {
    String left = "(" + value.sql();
    return switch (operator) {
      case "=" -> left + between(value, parameter) + ")";
      case "<>" -> "(NOT " + left + between(value, parameter) + "))";
      case "<", ">=" -> left + " " + operator + " " + bound("ceil", value, parameter) + ")";
      default -> left + " " + operator + " " + bound("floor", value, parameter) + ")";
    };
  }

  private static String between(Value value, Value parameter) throws Untranslatable {
    return " BETWEEN "
        + bound("ceil", value, parameter)
        + " AND "
        + bound("floor", value, parameter);
  }

  private static String bound(String direction, Value value, Value parameter)
      throws Untranslatable {
    String expression = ParameterValue.expression(parameter);
    return parameter.type().is(Kind.TIMESTAMP)
        ? timestamp(direction, expression)
        : decimal(direction, expression, value.type());
  }

  private static String timestamp(String direction, String expression) {
    String shifted =
        direction.equals("floor")
            ? expression
            : "pg_catalog.timestamp_pl_interval("
                + expression
                + ", '999 microseconds'::pg_catalog.interval)";
    String millis = "pg_catalog.date_trunc('milliseconds', " + shifted + ")";
    return ParameterValue.read(
        "pg_catalog.replace(" + ParameterValue.isoText(millis) + ", 'T', ' ')", "timestamp");
  }

  /**
   * A decimal with the value's digits behind the point. Infinities, NaN and all that is beyond the
   * value's range become the next number that is: nothing compares otherwise with it. With 38
   * digits there is none, and Presto raises an error.
   */
  private static String decimal(String direction, String expression, SqlType type)
      throws Untranslatable {
    if (type.precision() == 0) {
      throw new Untranslatable("comparisons of numeric parameters are evaluated by PostgreSQL");
    }
    String bound = expression;
    int precision = type.precision();
    if (precision < SqlType.MOST_DIGITS) {
      precision++;
      BigDecimal beyond = BigDecimal.ONE.scaleByPowerOfTen(type.precision() - type.scale());
      bound = call("numeric_larger", bound, numeric(beyond.negate()));
      bound = call("numeric_smaller", bound, numeric(beyond));
    }
    if (type.scale() == 0) {
      bound = "pg_catalog." + direction + "(" + bound + ")";
    } else {
      BigDecimal unit = BigDecimal.ONE.scaleByPowerOfTen(type.scale());
      bound = "pg_catalog." + direction + "(" + call("numeric_mul", bound, numeric(unit)) + ")";
      bound = call("numeric_mul", bound, numeric(BigDecimal.ONE.movePointLeft(type.scale())));
    }
    return ParameterValue.read(
        bound + "::pg_catalog.text", SqlType.numeric(precision, type.scale()).presto());
  }

  private static String call(String function, String left, String right) {
    return "pg_catalog." + function + "(" + left + ", " + right + ")";
  }

  private static String numeric(BigDecimal value) {
    return "'" + value.toPlainString() + "'::pg_catalog.numeric";
  }
}
