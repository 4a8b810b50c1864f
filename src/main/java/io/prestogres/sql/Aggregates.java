package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Optional;
import java.util.Set;

/** Aggregates, with PostgreSQL's types of result. */
final class Aggregates {

  private static final Set<String> NAMES =
      Set.of("count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every");

  private final Comparison comparison;

  Aggregates(Comparison comparison) {
    this.comparison = comparison;
  }

  static boolean isAggregate(String name) {
    return NAMES.contains(name);
  }

  static Value countRows(Optional<Value> filter) {
    return Value.of("count(*)" + filterClause(filter), SqlType.BIGINT);
  }

  private static String filterClause(Optional<Value> filter) {
    return filter.map(f -> " FILTER (WHERE " + f.sql() + ")").orElse("");
  }

  Value call(String name, boolean distinct, Value argument, Optional<Value> filter)
      throws Untranslatable {
    if (argument.type().is(Kind.UNKNOWN) || argument.type().is(Kind.INTERVAL)) {
      throw refused(name, argument.type());
    }
    Value value = argument;
    if (distinct && filter.isPresent()) {
      // Presto plans DISTINCT and FILTER together for some aggregates only.
      value = Value.of("if(" + filter.get().sql() + ", " + argument.sql() + ")", argument.type());
      return aggregate(name, true, value, "");
    }
    return aggregate(name, distinct, value, filterClause(filter));
  }

  private static Untranslatable refused(String name, SqlType type) {
    return new Untranslatable(name + " of " + type.text() + " is evaluated by PostgreSQL");
  }

  private Value aggregate(String name, boolean distinct, Value value, String filter)
      throws Untranslatable {
    return switch (name) {
      case "count" -> count(distinct, value, filter);
      case "sum" -> sum(distinct, value, filter);
      case "avg" -> average(distinct, value, filter);
      case "min", "max" -> extreme(name, value, filter);
      default -> {
        if (!value.type().is(Kind.BOOLEAN)) {
          throw refused(name, value.type());
        }
        String function = name.equals("every") ? "bool_and" : name;
        yield Value.of(function + "(" + value.sql() + ")" + filter, SqlType.BOOLEAN);
      }
    };
  }

  /** The aggregate's argument, with equal values made identical if DISTINCT needs it. */
  private static String distinct(String name, boolean distinct, Value value) throws Untranslatable {
    if (!distinct) {
      return value.sql();
    }
    if (value.type().is(Kind.OPAQUE) || value.type().is(Kind.REAL)) {
      throw refused(name + " of distinct values", value.type());
    }
    return "DISTINCT " + (value.type().is(Kind.DOUBLE) ? Scope.normalized(value) : value.sql());
  }

  private static Value count(boolean distinct, Value value, String filter) throws Untranslatable {
    return Value.of("count(" + distinct("count", distinct, value) + ")" + filter, SqlType.BIGINT);
  }

  /** Sums of doubles depend on the order of addition on both servers; that is accepted. */
  private static Value sum(boolean distinct, Value value, String filter) throws Untranslatable {
    SqlType type = value.type();
    Value summed = type.is(Kind.BIGINT) ? Coercion.cast(value, SqlType.numeric(0, 0)) : value;
    if (type.is(Kind.BIGINT) && value.isConstant()) {
      throw refused("sum", type);
    }
    SqlType result =
        switch (type.kind()) {
          case SMALLINT, INTEGER -> SqlType.BIGINT;
          case BIGINT -> SqlType.numeric(SqlType.MOST_DIGITS, 0);
          case NUMERIC -> SqlType.numeric(SqlType.MOST_DIGITS, type.scale());
          case DOUBLE -> SqlType.DOUBLE;
          default -> throw refused("sum", type);
        };
    return Value.of("sum(" + distinct("sum", distinct, summed) + ")" + filter, result);
  }

  /** PostgreSQL chooses the digits of an exact average by its size; only doubles agree. */
  private static Value average(boolean distinct, Value value, String filter) throws Untranslatable {
    if (!value.type().is(Kind.DOUBLE)) {
      throw refused("avg", value.type());
    }
    return Value.of("avg(" + distinct("avg", distinct, value) + ")" + filter, SqlType.DOUBLE);
  }

  private Value extreme(String name, Value value, String filter) throws Untranslatable {
    SqlType type = value.type();
    comparison.requireOrder(type);
    if (type.is(Kind.REAL) || type.is(Kind.BOOLEAN)) {
      throw refused(name, type);
    }
    String sql = value.sql();
    if (!type.is(Kind.DOUBLE) || comparison.nanIsGreatest()) {
      return Value.of(name + "(" + sql + ")" + filter, type);
    }
    // NaN is PostgreSQL's greatest number; older releases of Presto skip it or not, by position.
    String guarded =
        name.equals("max")
            ? "(case when bool_or(is_nan("
                + sql
                + "))"
                + filter
                + " then nan() else max("
                + sql
                + ")"
                + filter
                + " end)"
            : "coalesce(min(if(is_nan("
                + sql
                + "), null, "
                + sql
                + "))"
                + filter
                + ", min("
                + sql
                + ")"
                + filter
                + ")";
    return Value.of(guarded, type);
  }
}
