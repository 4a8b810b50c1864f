package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Conversions between types, where both servers convert every value to the same. */
final class Coercion {

  /** Decimals of up to this many digits become the nearest double on both servers. */
  private static final int EXACT_DOUBLE_DIGITS = 15;

  private static final Set<String> TRUE = Set.of("t", "true", "y", "yes", "on", "1");
  private static final Set<String> FALSE = Set.of("f", "false", "n", "no", "off", "0");

  private Coercion() {}

  /** The value as {@code target}, as PostgreSQL's cast has it. */
  static Value cast(Value value, SqlType target) throws Untranslatable {
    if (value.isNull()) {
      return Value.nullOf(target);
    }
    if (value.isParameter()) {
      return ParameterValue.cast(value, target);
    }
    if (value.type().is(Kind.UNKNOWN)) {
      return literal(value, target);
    }
    return switch (value.type().kind()) {
      case SMALLINT, INTEGER, BIGINT -> fromInteger(value, target);
      case NUMERIC -> fromNumeric(value, target);
      case REAL, DOUBLE -> fromFloat(value, target);
      case TEXT -> fromText(value, target);
      case BOOLEAN -> fromBoolean(value, target);
      case DATE, TIMESTAMP -> fromTime(value, target);
      default -> throw refused(value.type(), target);
    };
  }

  private static Untranslatable refused(SqlType from, SqlType to) {
    return new Untranslatable(
        "the conversion of " + from.text() + " to " + to.text() + " is evaluated by PostgreSQL");
  }

  private static Value plain(Value value, SqlType target) {
    return Value.of("cast(" + value.sql() + " as " + target.presto() + ")", target);
  }

  private static Value literal(Value value, SqlType target) throws Untranslatable {
    String text =
        value.constantText().orElseThrow(() -> new Untranslatable("a literal has no type"));
    return switch (target.kind()) {
      case TEXT -> fromText(Value.text(text), target);
      case SMALLINT, INTEGER, BIGINT -> integer(number(text, "[+-]?\\d+"), target);
      case NUMERIC -> fromNumeric(Value.numeric(number(text, NUMBER)), target);
      case DOUBLE -> Value.floating(Double.parseDouble(number(text, NUMBER).toString()));
      case BOOLEAN -> bool(text);
      case DATE -> Value.day(Moments.date(text));
      case TIMESTAMP -> Value.moment(Moments.timestamp(text));
      default -> throw new Untranslatable("a literal of type " + target.text() + " has no rule");
    };
  }

  private static final String NUMBER = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?";

  private static BigDecimal number(String text, String pattern) throws Untranslatable {
    String trimmed = text.trim();
    if (!trimmed.matches(pattern) || trimmed.length() > 400) {
      throw new Untranslatable("the form of a number has no rule");
    }
    return new BigDecimal(trimmed);
  }

  private static Value bool(String text) throws Untranslatable {
    String word = text.trim().toLowerCase(Locale.ROOT);
    if (!TRUE.contains(word) && !FALSE.contains(word)) {
      throw new Untranslatable("the form of a boolean has no rule");
    }
    return Value.bool(TRUE.contains(word));
  }

  /** An integer constant; out of range PostgreSQL has the right error. */
  static Value integer(BigDecimal value, SqlType type) throws Untranslatable {
    int bits =
        switch (type.kind()) {
          case SMALLINT -> 15;
          case INTEGER -> 31;
          default -> 63;
        };
    boolean negative = value.signum() < 0;
    BigDecimal magnitude = negative ? value.negate().subtract(BigDecimal.ONE) : value;
    if (magnitude.toBigInteger().bitLength() > bits) {
      throw new Untranslatable("an integer is out of range");
    }
    return Value.integer(value, type);
  }

  private static Value fromInteger(Value value, SqlType target) throws Untranslatable {
    switch (target.kind()) {
      case SMALLINT, INTEGER, BIGINT -> {
        if (target.equals(value.type())) {
          return value;
        }
        return value.number().isPresent()
            ? integer(value.number().get(), target)
            : plain(value, target);
      }
      case NUMERIC -> {
        if (value.number().isPresent()) {
          return fromNumeric(Value.numeric(value.number().get()), target);
        }
        SqlType decimal =
            target.precision() == 0 ? SqlType.numeric(value.type().integerDigits(), 0) : target;
        return plain(value, decimal);
      }
      case DOUBLE -> {
        return value.number().isPresent()
            ? Value.floating(value.number().get().doubleValue())
            : plain(value, target);
      }
      case TEXT -> {
        if (target.precision() > 0) {
          throw refused(value.type(), target);
        }
        return plain(value, target);
      }
      default -> throw refused(value.type(), target);
    }
  }

  private static Value fromNumeric(Value value, SqlType target) throws Untranslatable {
    switch (target.kind()) {
      case NUMERIC -> {
        return target.precision() == 0 || target.equals(value.type())
            ? value
            : plain(value, target);
      }
      case SMALLINT, INTEGER, BIGINT -> {
        return value.number().isPresent()
            ? integer(value.number().get().setScale(0, RoundingMode.HALF_UP), target)
            : plain(value, target);
      }
      case DOUBLE -> {
        if (value.number().isPresent()) {
          return Value.floating(value.number().get().doubleValue());
        }
        if (value.type().precision() > EXACT_DOUBLE_DIGITS) {
          throw refused(value.type(), target);
        }
        return plain(value, target);
      }
      case TEXT -> {
        if (target.precision() > 0) {
          throw refused(value.type(), target);
        }
        return plain(value, target);
      }
      default -> throw refused(value.type(), target);
    }
  }

  private static Value fromFloat(Value value, SqlType target) throws Untranslatable {
    if (target.equals(value.type())) {
      return value;
    }
    if (value.type().is(Kind.REAL) && target.is(Kind.DOUBLE)) {
      return plain(value, target);
    }
    throw refused(value.type(), target);
  }

  private static Value fromText(Value value, SqlType target) throws Untranslatable {
    if (!target.is(Kind.TEXT)) {
      throw refused(value.type(), target);
    }
    return target.precision() == 0
        ? value
        : Value.of("cast(" + value.sql() + " as " + target.presto() + ")", SqlType.TEXT);
  }

  private static Value fromBoolean(Value value, SqlType target) throws Untranslatable {
    boolean exact = target.is(Kind.INTEGER) || (target.is(Kind.TEXT) && target.precision() == 0);
    if (target.is(Kind.BOOLEAN)) {
      return value;
    }
    if (exact) {
      return plain(value, target);
    }
    throw refused(value.type(), target);
  }

  private static Value fromTime(Value value, SqlType target) throws Untranslatable {
    if (target.equals(value.type())) {
      return value;
    }
    if (target.is(Kind.TIMESTAMP)) {
      return value.constant().orElse(new Constant.Null()) instanceof Constant.Day day
          ? Value.moment(day.value().atStartOfDay())
          : plain(value, target);
    }
    if (target.is(Kind.DATE)) {
      return value.constant().orElse(new Constant.Null()) instanceof Constant.Moment moment
          ? Value.day(moment.value().toLocalDate())
          : plain(value, target);
    }
    throw refused(value.type(), target);
  }

  /**
   * The values converted to the type that PostgreSQL's select_common_type finds for CASE, COALESCE,
   * UNION. A numeric keeps its own scale in PostgreSQL, so numerics of several scales are refused:
   * Presto would print them all with the largest.
   */
  static List<Value> unify(List<Value> values) throws Untranslatable {
    SqlType common = common(values);
    List<Value> unified = new ArrayList<>(values.size());
    int scale = -1;
    int digits = 1;
    for (Value value : values) {
      Value converted = cast(value, common);
      unified.add(converted);
      if (common.is(Kind.NUMERIC) && !value.isNull()) {
        if (scale >= 0 && scale != converted.type().scale()) {
          throw new Untranslatable("numerics of several scales are evaluated by PostgreSQL");
        }
        scale = converted.type().scale();
        digits = Math.max(digits, converted.type().precision());
      }
    }
    if (common.is(Kind.NUMERIC)) {
      SqlType type = SqlType.numeric(digits, Math.max(scale, 0));
      for (int i = 0; i < unified.size(); i++) {
        Value value = unified.get(i);
        unified.set(i, value.isNull() ? Value.nullOf(type) : value);
      }
    }
    return unified;
  }

  /** The type that {@link #unify} converts to; a numeric without digits stands for any numeric. */
  static SqlType common(List<Value> values) throws Untranslatable {
    SqlType common = SqlType.UNKNOWN;
    for (Value value : values) {
      common = common(common, value.type());
    }
    return common.is(Kind.UNKNOWN) ? SqlType.TEXT : common;
  }

  private static SqlType common(SqlType a, SqlType b) throws Untranslatable {
    if (b.is(Kind.UNKNOWN)) {
      return a;
    }
    if (a.is(Kind.UNKNOWN)) {
      return bare(b);
    }
    if (a.kind() == b.kind() && !a.is(Kind.OPAQUE) && !a.is(Kind.INTERVAL)) {
      return bare(a);
    }
    boolean numbers = a.isNumber() && b.isNumber() && !a.is(Kind.REAL) && !b.is(Kind.REAL);
    if (numbers || (a.isTime() && b.isTime())) {
      return bare(a.kind().compareTo(b.kind()) >= 0 ? a : b);
    }
    throw new Untranslatable("a common type of " + a.text() + " and " + b.text() + " has no rule");
  }

  private static SqlType bare(SqlType type) throws Untranslatable {
    if (type.is(Kind.OPAQUE) || type.is(Kind.INTERVAL)) {
      throw new Untranslatable("values of type " + type.text() + " are evaluated by PostgreSQL");
    }
    return type.is(Kind.NUMERIC) ? SqlType.numeric(0, 0) : type;
  }
}
