package io.prestogres.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A translated expression.
 *
 * @param sql Presto's text, in brackets if it is more than a unit
 * @param constant what it evaluates to, if that is known
 * @param parameter PostgreSQL's expression for the same value, if it takes nothing but parameters;
 *     see {@link ParameterValue}
 */
record Value(String sql, SqlType type, Optional<Constant> constant, Optional<String> parameter) {

  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  static Value of(String sql, SqlType type) {
    return new Value(sql, type, Optional.empty(), Optional.empty());
  }

  private Value(String sql, SqlType type, Optional<Constant> constant) {
    this(sql, type, constant, Optional.empty());
  }

  static Value ofParameter(String sql, SqlType type, String expression) {
    return new Value(sql, type, Optional.empty(), Optional.of(expression));
  }

  static Value unknownText(String value) {
    return new Value(
        SqlQuoting.prestoLiteral(value), SqlType.UNKNOWN, Optional.of(new Constant.Text(value)));
  }

  static Value text(String value) {
    return new Value(
        SqlQuoting.prestoLiteral(value), SqlType.TEXT, Optional.of(new Constant.Text(value)));
  }

  static Value untypedNull() {
    return new Value("null", SqlType.UNKNOWN, Optional.of(new Constant.Null()));
  }

  static Value nullOf(SqlType target) {
    boolean bare = target.is(SqlType.Kind.NUMERIC) && target.precision() == 0;
    SqlType type = bare ? SqlType.numeric(SqlType.MOST_DIGITS, 0) : target;
    return new Value("cast(null as " + type.presto() + ")", type, Optional.of(new Constant.Null()));
  }

  static Value bool(boolean value) {
    return new Value(
        value ? "true" : "false", SqlType.BOOLEAN, Optional.of(new Constant.Bool(value)));
  }

  static Value integer(BigDecimal value, SqlType type) {
    String digits = value.toPlainString();
    String sql =
        switch (type.kind()) {
          case INTEGER -> value.signum() < 0 ? "(" + digits + ")" : digits;
          default -> type.presto() + " '" + digits + "'";
        };
    return new Value(sql, type, Optional.of(new Constant.Exact(value)));
  }

  /** A numeric constant; the scale is as written, since PostgreSQL prints it so. */
  static Value numeric(BigDecimal written) throws Untranslatable {
    BigDecimal value = written.scale() < 0 ? written.setScale(0) : written;
    int precision = Math.max(Math.max(value.precision(), value.scale()), 1);
    if (precision > SqlType.MOST_DIGITS) {
      throw new Untranslatable("a number has more digits than Presto can hold");
    }
    return new Value(
        "decimal '" + value.toPlainString() + "'",
        SqlType.numeric(precision, value.scale()),
        Optional.of(new Constant.Exact(value)));
  }

  static Value floating(double value) throws Untranslatable {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new Untranslatable("the constant " + value + " has no rule");
    }
    String digits = Double.toString(value);
    String sql = digits.indexOf('E') < 0 ? digits + "E0" : digits;
    return new Value(
        value < 0 || digits.startsWith("-") ? "(" + sql + ")" : sql,
        SqlType.DOUBLE,
        Optional.of(new Constant.Floating(value)));
  }

  static Value day(LocalDate value) {
    return new Value("date '" + value + "'", SqlType.DATE, Optional.of(new Constant.Day(value)));
  }

  static Value moment(LocalDateTime value) {
    return new Value(
        "timestamp '" + MOMENT.format(value) + "'",
        SqlType.TIMESTAMP,
        Optional.of(new Constant.Moment(value)));
  }

  static Value span(Constant.Span span) {
    return new Value("", SqlType.INTERVAL, Optional.of(span));
  }

  boolean isConstant() {
    return constant.isPresent();
  }

  boolean isParameter() {
    return parameter.isPresent();
  }

  boolean isNull() {
    return constant.filter(Constant.Null.class::isInstance).isPresent();
  }

  boolean isUntypedText() {
    return type.is(SqlType.Kind.UNKNOWN) && !isNull();
  }

  /** The constant's number, if it is one. */
  Optional<BigDecimal> number() {
    return constant.filter(Constant.Exact.class::isInstance).map(c -> ((Constant.Exact) c).value());
  }

  /** The constant's text, if it is one. */
  Optional<String> constantText() {
    return constant.filter(Constant.Text.class::isInstance).map(c -> ((Constant.Text) c).value());
  }

  /** The constant's interval, if it is one. */
  Optional<Constant.Span> span() {
    return constant.filter(Constant.Span.class::isInstance).map(c -> (Constant.Span) c);
  }
}
