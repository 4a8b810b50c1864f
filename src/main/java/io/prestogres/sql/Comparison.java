package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;

/** Comparisons, with PostgreSQL's choice of types and its order of NaN. */
final class Comparison {

  private final TranslationOptions options;

  Comparison(TranslationOptions options) {
    this.options = options;
  }

  private record Pair(Value left, Value right) {

    boolean needsBounds() {
      return (left.isParameter() && ParameterBounds.needed(left.type()))
          || (right.isParameter() && ParameterBounds.needed(right.type()));
    }
  }

  /** {@code left operator right} for one of = <> < <= > >=. */
  Value compare(String operator, Value left, Value right) throws Untranslatable {
    Pair pair = sameType(left, right);
    if (pair.left().isParameter() && pair.right().isParameter()) {
      return ofParameters(pair.left(), "OPERATOR(pg_catalog." + operator + ")", pair.right());
    }
    requireOrder(operator, pair.left().type());
    if (pair.needsBounds()) {
      return bool(
          pair.left().isParameter()
              ? ParameterBounds.compare(mirrored(operator), pair.right(), pair.left())
              : ParameterBounds.compare(operator, pair.left(), pair.right()));
    }
    if (pair.left().type().is(Kind.DOUBLE) && !options.nanIsGreatest()) {
      return bool(floats(operator, pair.left(), pair.right()));
    }
    return bool(infix(pair.left(), operator, pair.right()));
  }

  Value between(Value value, Value low, Value high) throws Untranslatable {
    Pair lower = sameType(value, low);
    Pair upper = sameType(value, high);
    boolean one = lower.left().sql().equals(upper.left().sql());
    boolean plain = !lower.needsBounds() && !upper.needsBounds();
    // With NULL on one side Presto has BETWEEN be NULL even where the other side rules a value out.
    if (one && plain && isKnown(lower.right()) && isKnown(upper.right())) {
      requireOrder(">=", lower.left().type());
      // NaN is in no range between numbers, on either server.
      return bool(
          "("
              + lower.left().sql()
              + " BETWEEN "
              + lower.right().sql()
              + " AND "
              + upper.right().sql()
              + ")");
    }
    Value above = compare(">=", value, low);
    return bool("(" + above.sql() + " AND " + compare("<=", value, high).sql() + ")");
  }

  private static boolean isKnown(Value value) {
    return value.isConstant() && !value.isNull();
  }

  /** {@code value IN (items)}: PostgreSQL finds one type for all of them. */
  Value in(Value value, List<Value> items) throws Untranslatable {
    List<Value> all = new ArrayList<>(items);
    all.add(0, value);
    SqlType common = Coercion.common(all);
    if (common.is(Kind.REAL)) {
      throw new Untranslatable("comparisons of real are evaluated by PostgreSQL");
    }
    Value left = Coercion.cast(value, common);
    List<Value> converted = new ArrayList<>(items.size());
    boolean list = !(left.isParameter() && ParameterBounds.needed(left.type()));
    for (Value item : items) {
      Value one = Coercion.cast(item, common);
      boolean bounds = one.isParameter() && ParameterBounds.needed(one.type());
      // A list that may hold NULL is spelled out: of integers, Trino 476 answers it wrongly.
      list &= !bounds && !one.isParameter() && (!common.is(Kind.DOUBLE) || one.isConstant());
      converted.add(one);
    }
    return list ? inList(left, converted) : equalsAny(left, converted);
  }

  private static Value inList(Value left, List<Value> items) {
    List<String> sql = new ArrayList<>(items.size());
    items.stream().filter(item -> !item.isNull()).forEach(item -> sql.add(item.sql()));
    String known = "(" + left.sql() + " IN (" + String.join(", ", sql) + "))";
    if (sql.size() == items.size()) {
      return bool(known);
    }
    String unknown = Value.nullOf(SqlType.BOOLEAN).sql();
    return bool(sql.isEmpty() ? unknown : "(" + known + " OR " + unknown + ")");
  }

  private Value equalsAny(Value left, List<Value> items) throws Untranslatable {
    List<String> sql = new ArrayList<>(items.size());
    for (Value item : items) {
      sql.add(compare("=", left, item).sql());
    }
    return bool("(" + String.join(" OR ", sql) + ")");
  }

  private static Value ofParameters(Value left, String operator, Value right) {
    return ParameterValue.condition(
        ParameterValue.expression(left) + " " + operator + " " + ParameterValue.expression(right));
  }

  Value distinct(boolean not, Value left, Value right) throws Untranslatable {
    Pair pair = sameType(left, right);
    if (pair.left().type().isFloat()) {
      throw new Untranslatable("IS DISTINCT FROM of floating-point numbers has no rule");
    }
    if (pair.needsBounds()) {
      throw new Untranslatable("IS DISTINCT FROM of a parameter has no rule for its type");
    }
    String operator = not ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ";
    // Presto fails on varchars of different lengths here.
    boolean text = pair.left().type().is(Kind.TEXT);
    return bool(
        "("
            + (text ? unbounded(pair.left()) : pair.left().sql())
            + operator
            + (text ? unbounded(pair.right()) : pair.right().sql())
            + ")");
  }

  private static String unbounded(Value text) {
    return "cast(" + text.sql() + " as varchar)";
  }

  private static Value bool(String sql) {
    return Value.of(sql, SqlType.BOOLEAN);
  }

  boolean nanIsGreatest() {
    return options.nanIsGreatest();
  }

  /** Refuses an order that the two servers need not agree on. */
  void requireOrder(String operator, SqlType type) throws Untranslatable {
    boolean equality = operator.equals("=") || operator.equals("<>");
    if (!equality) {
      requireOrder(type);
    }
  }

  void requireOrder(SqlType type) throws Untranslatable {
    if (type.is(Kind.TEXT) && !options.textOrderIsBytewise()) {
      throw new Untranslatable("the order of text is the database's collation's");
    }
    if (type.is(Kind.OPAQUE) || type.is(Kind.INTERVAL)) {
      throw new Untranslatable("the order of " + type.text() + " is evaluated by PostgreSQL");
    }
  }

  private static Pair sameType(Value left, Value right) throws Untranslatable {
    SqlType a = left.type();
    SqlType b = right.type();
    if (a.is(Kind.UNKNOWN) || b.is(Kind.UNKNOWN)) {
      SqlType target = a.is(Kind.UNKNOWN) ? b : a;
      boolean real = target.is(Kind.REAL);
      if (real) {
        throw new Untranslatable("comparisons of real are evaluated by PostgreSQL");
      }
      return convert(left, right, target.is(Kind.UNKNOWN) ? SqlType.TEXT : bare(target));
    }
    if (a.isNumber() && b.isNumber()) {
      if (a.isFloat() || b.isFloat()) {
        return convert(left, right, SqlType.DOUBLE);
      }
      boolean numeric = a.is(Kind.NUMERIC) || b.is(Kind.NUMERIC);
      return numeric ? convert(left, right, SqlType.numeric(0, 0)) : new Pair(left, right);
    }
    if (a.isTime() && b.isTime()) {
      return times(left, right);
    }
    boolean comparable = a.is(Kind.TEXT) || a.is(Kind.BOOLEAN);
    if (comparable && a.kind() == b.kind()) {
      return new Pair(left, right);
    }
    throw new Untranslatable(
        "the comparison of " + a.text() + " and " + b.text() + " is evaluated by PostgreSQL");
  }

  private static SqlType bare(SqlType type) throws Untranslatable {
    if (type.is(Kind.OPAQUE) || type.is(Kind.INTERVAL)) {
      throw new Untranslatable("comparisons of " + type.text() + " are evaluated by PostgreSQL");
    }
    return type.is(Kind.NUMERIC) ? SqlType.numeric(0, 0) : type;
  }

  private static Pair convert(Value left, Value right, SqlType type) throws Untranslatable {
    return new Pair(Coercion.cast(left, type), Coercion.cast(right, type));
  }

  /** A date beside a constant midnight stays a date: connectors can use that condition. */
  private static Pair times(Value left, Value right) throws Untranslatable {
    boolean dates =
        (left.type().is(Kind.DATE) && isMidnight(right))
            || (right.type().is(Kind.DATE) && isMidnight(left))
            || (left.type().is(Kind.DATE) && right.type().is(Kind.DATE));
    return convert(left, right, dates ? SqlType.DATE : SqlType.TIMESTAMP);
  }

  private static boolean isMidnight(Value value) {
    return value.constant().orElse(new Constant.Null()) instanceof Constant.Moment moment
        && moment.value().toLocalDate().atStartOfDay().equals(moment.value());
  }

  private static String infix(Value left, String operator, Value right) {
    return "(" + left.sql() + " " + operator + " " + right.sql() + ")";
  }

  /**
   * PostgreSQL has NaN equal to itself and above all numbers. What Presto has depends on its
   * release (until 0.288 NaN compared false with everything), so each case says it itself.
   */
  private static String floats(String operator, Value left, Value right) throws Untranslatable {
    if (left.isConstant() && !right.isConstant()) {
      return floats(mirrored(operator), right, left);
    }
    String plain = infix(left, operator, right);
    String leftNan = "is_nan(" + left.sql() + ")";
    if (right.isConstant()) {
      boolean above = operator.startsWith(">");
      return above && !left.isConstant() ? "(" + plain + " OR " + leftNan + ")" : plain;
    }
    if (left.sql().contains("SELECT ") || right.sql().contains("SELECT ")) {
      throw new Untranslatable("a comparison with a double precision subquery has no rule");
    }
    String rightNan = "is_nan(" + right.sql() + ")";
    return switch (operator) {
      case "=" -> "(" + plain + " OR (" + leftNan + " AND " + rightNan + "))";
      case "<>" -> "(" + plain + " AND NOT (" + leftNan + " AND " + rightNan + "))";
      case "<" -> "(NOT " + atLeast(left, right, leftNan) + ")";
      case ">" -> "(NOT " + atLeast(right, left, rightNan) + ")";
      case "<=" -> atLeast(right, left, rightNan);
      default -> atLeast(left, right, leftNan);
    };
  }

  /** NULL beside a NULL, although NaN is at least as great as whatever there is. */
  private static String atLeast(Value great, Value small, String greatNan) {
    return "("
        + infix(great, ">=", small)
        + " OR ("
        + greatNan
        + " AND "
        + small.sql()
        + " IS NOT NULL))";
  }

  private static String mirrored(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      default -> operator;
    };
  }
}
