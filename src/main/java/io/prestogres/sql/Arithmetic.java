package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/** The operators + - * / % and the sign, on numbers, dates and timestamps. */
final class Arithmetic {

  private Arithmetic() {}

  static Value apply(String operator, Value left, Value right) throws Untranslatable {
    Value a = typed(left, right.type());
    Value b = typed(right, left.type());
    if (a.type().isNumber() && b.type().isNumber()) {
      return numbers(operator, a, b);
    }
    if (operator.equals("+")) {
      return a.type().isTime() ? shift(a, b, 1) : shift(b, a, 1);
    }
    if (operator.equals("-")) {
      boolean dates = a.type().is(Kind.DATE) && b.type().is(Kind.DATE);
      return dates ? days(a, b) : shift(a, b, -1);
    }
    throw refused(operator, a, b);
  }

  static Value negate(Value value) throws Untranslatable {
    if (!value.type().isNumber() || value.type().is(Kind.REAL)) {
      throw new Untranslatable("the sign of " + value.type().text() + " has no rule");
    }
    BigDecimal number = value.number().map(BigDecimal::negate).orElse(BigDecimal.ZERO);
    if (value.number().isPresent()) {
      return value.type().isInteger()
          ? Coercion.integer(number, value.type())
          : Value.numeric(number);
    }
    return Value.of("(- " + value.sql() + ")", value.type());
  }

  private static Untranslatable refused(String operator, Value a, Value b) {
    return new Untranslatable(
        a.type().text() + " " + operator + " " + b.type().text() + " is evaluated by PostgreSQL");
  }

  /** A literal without a type takes that of the number beside it. */
  private static Value typed(Value value, SqlType other) throws Untranslatable {
    if (!value.type().is(Kind.UNKNOWN)) {
      return value;
    }
    if (!other.isNumber() || other.is(Kind.REAL)) {
      throw new Untranslatable("a literal without a type beside " + other.text() + " has no rule");
    }
    return Coercion.cast(value, other.is(Kind.NUMERIC) ? SqlType.numeric(0, 0) : other);
  }

  private static Value numbers(String operator, Value a, Value b) throws Untranslatable {
    if (a.type().is(Kind.REAL) && b.type().is(Kind.REAL)) {
      throw refused(operator, a, b);
    }
    if (a.type().isFloat() || b.type().isFloat()) {
      return floats(operator, Coercion.cast(a, SqlType.DOUBLE), Coercion.cast(b, SqlType.DOUBLE));
    }
    if (a.type().isInteger() && b.type().isInteger()) {
      return integers(operator, a, b);
    }
    SqlType any = SqlType.numeric(0, 0);
    return numerics(operator, Coercion.cast(a, any), Coercion.cast(b, any));
  }

  private static String infix(Value a, String operator, Value b) {
    return "(" + a.sql() + " " + operator + " " + b.sql() + ")";
  }

  private static Value integers(String operator, Value a, Value b) throws Untranslatable {
    SqlType type = a.type().kind().compareTo(b.type().kind()) >= 0 ? a.type() : b.type();
    boolean plain =
        !operator.equals("/")
            || b.number().filter(n -> n.compareTo(BigDecimal.ONE.negate()) != 0).isPresent();
    if (plain) {
      return Value.of(infix(a, operator, b), type);
    }
    // The least integer divided by -1 is an error in PostgreSQL and wraps around in Presto.
    Value x = Coercion.cast(a, type);
    Value y = Coercion.cast(b, type);
    String sql =
        "(case when " + y.sql() + " = -1 then - " + x.sql() + " else " + infix(x, "/", y) + " end)";
    return Value.of(sql, type);
  }

  /**
   * Double precision. A result beyond the range is an error in PostgreSQL and infinite in Presto:
   * that difference is accepted, as it cannot pass for a number.
   */
  private static Value floats(String operator, Value a, Value b) throws Untranslatable {
    switch (operator) {
      case "+", "-", "*" -> {
        return Value.of(infix(a, operator, b), SqlType.DOUBLE);
      }
      case "/" -> {
        boolean safe =
            b.constant().orElse(new Constant.Null()) instanceof Constant.Floating divisor
                && divisor.value() != 0;
        return Value.of(infix(a, "/", safe ? b : divisor(a, b)), SqlType.DOUBLE);
      }
      default -> throw refused(operator, a, b);
    }
  }

  /** The divisor, or the error that PostgreSQL raises for zero; an integer division makes it. */
  private static Value divisor(Value dividend, Value divisor) {
    String sql =
        "(case when "
            + divisor.sql()
            + " = 0E0 and not is_nan("
            + dividend.sql()
            + ") then cast(1 / cast("
            + divisor.sql()
            + " as bigint) as double) else "
            + divisor.sql()
            + " end)";
    return Value.of(sql, SqlType.DOUBLE);
  }

  /**
   * Sums, differences and products have the same digits behind the point on both servers; quotients
   * do not. Presto raises an error beyond 38 digits.
   */
  private static Value numerics(String operator, Value a, Value b) throws Untranslatable {
    SqlType x = a.type();
    SqlType y = b.type();
    SqlType type =
        switch (operator) {
          case "+", "-" -> {
            int scale = Math.max(x.scale(), y.scale());
            int whole = Math.max(x.precision() - x.scale(), y.precision() - y.scale());
            yield decimal(whole + scale + 1, scale);
          }
          case "*" -> decimal(x.precision() + y.precision(), x.scale() + y.scale());
          default -> throw refused(operator, a, b);
        };
    return Value.of(infix(a, operator, b), type);
  }

  private static SqlType decimal(int precision, int scale) throws Untranslatable {
    if (scale > SqlType.MOST_DIGITS) {
      throw new Untranslatable("a numeric has more digits than Presto can hold");
    }
    return SqlType.numeric(Math.min(precision, SqlType.MOST_DIGITS), scale);
  }

  private static Value days(Value a, Value b) {
    return Value.of(
        "cast(date_diff('day', " + b.sql() + ", " + a.sql() + ") as integer)", SqlType.INTEGER);
  }

  /** A date or timestamp moved by days or an interval. */
  private static Value shift(Value time, Value by, int sign) throws Untranslatable {
    if (time.type().isTime() && by.type().is(Kind.INTERVAL)) {
      Constant.Span span = by.span().orElseThrow(() -> refused("+", time, by));
      return span(Coercion.cast(time, SqlType.TIMESTAMP), sign < 0 ? span.negated() : span);
    }
    boolean days =
        time.type().is(Kind.DATE) && (by.type().is(Kind.INTEGER) || by.type().is(Kind.SMALLINT));
    if (!days) {
      throw refused(sign < 0 ? "-" : "+", time, by);
    }
    // As bigint, since the negative of the least integer is none.
    String amount = "cast(" + by.sql() + " as bigint)";
    return Value.of(
        "date_add('day', " + (sign < 0 ? "- " : "") + amount + ", " + time.sql() + ")",
        SqlType.DATE);
  }

  /** Months first, then days, then time, as timestamp_pl_interval does. */
  private static Value span(Value time, Constant.Span span) throws Untranslatable {
    if (time.constant().orElse(new Constant.Null()) instanceof Constant.Moment moment) {
      try {
        LocalDateTime sum =
            moment
                .value()
                .plusMonths(span.months())
                .plusDays(span.days())
                .plus(span.millis(), ChronoUnit.MILLIS);
        if (sum.getYear() > 0 && sum.getYear() < 10_000) {
          return Value.moment(sum);
        }
      } catch (DateTimeException e) {
        // Out of Java's range is out of PostgreSQL's too.
      }
      throw new Untranslatable("a timestamp is out of range");
    }
    String sql = time.sql();
    if (span.months() != 0) {
      sql = "date_add('month', " + span.months() + ", " + sql + ")";
    }
    if (span.days() != 0) {
      sql = "date_add('day', " + span.days() + ", " + sql + ")";
    }
    if (span.millis() != 0) {
      sql = "date_add('millisecond', " + span.millis() + ", " + sql + ")";
    }
    return Value.of(sql, SqlType.TIMESTAMP);
  }
}
