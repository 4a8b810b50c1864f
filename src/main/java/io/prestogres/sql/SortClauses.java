package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.AllValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.Fetch;
import net.sf.jsqlparser.statement.select.Limit;
import net.sf.jsqlparser.statement.select.OrderByElement;
import net.sf.jsqlparser.statement.select.OrderByElement.NullOrdering;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;

/**
 * ORDER BY, OFFSET and LIMIT of a query, in Presto's order and with a blank in front. Presto takes
 * no parameters in LIMIT and OFFSET; those of the whole query are left to PostgreSQL, which stops
 * reading when it has enough.
 *
 * @param sql the clauses' text, or ""
 */
record SortClauses(String sql, boolean ordered, boolean limited) {

  @FunctionalInterface
  interface Key {
    /** What to sort by, from the expression in ORDER BY. */
    Value translate(Expression expression) throws Untranslatable;
  }

  /**
   * The clauses.
   *
   * @param whole whether the query is the whole, none inside another
   */
  static SortClauses of(Select select, boolean whole, QueryContext context, Key key)
      throws Untranslatable {
    if (select.getLimitBy() != null || select.isOracleSiblings()) {
      throw new Untranslatable("these clauses have no rule");
    }
    List<OrderByElement> elements =
        select.getOrderByElements() == null ? List.of() : select.getOrderByElements();
    List<String> keys = new ArrayList<>(elements.size());
    for (OrderByElement element : elements) {
      keys.add(element(element, context, key));
    }
    Optional<Value> limit = limit(select, context);
    Optional<Value> offset =
        select.getOffset() == null
            ? Optional.empty()
            : count(select.getOffset().getOffset(), context);
    String order = keys.isEmpty() ? "" : " ORDER BY " + String.join(", ", keys);
    boolean limited = limit.isPresent() || offset.isPresent();
    if (isParameter(limit) || isParameter(offset)) {
      if (!whole) {
        throw new Untranslatable("LIMIT with a parameter inside a query has no rule");
      }
      context.limitOutside(
          limit.map(n -> " LIMIT " + postgres(n)).orElse("")
              + offset.map(n -> " OFFSET " + postgres(n)).orElse(""));
      return new SortClauses(order, !keys.isEmpty(), limited);
    }
    return new SortClauses(
        order
            + offset.map(n -> " OFFSET " + digits(n)).orElse("")
            + limit.map(n -> " LIMIT " + digits(n)).orElse(""),
        !keys.isEmpty(),
        limited);
  }

  private static boolean isParameter(Optional<Value> count) {
    return count.filter(Value::isParameter).isPresent();
  }

  private static String postgres(Value count) {
    return count.isParameter() ? ParameterValue.expression(count) : digits(count);
  }

  private static String digits(Value count) {
    return Long.toString(count.number().orElseThrow().longValueExact());
  }

  /** A set operation is sorted by its columns' names and numbers only. */
  static SortClauses ofSetOperation(
      SetOperationList list, boolean whole, List<OutputColumn> columns, QueryContext context)
      throws Untranslatable {
    if (list.getOrderByElements() != null && list.getOrderByElements().size() > 1) {
      for (OutputColumn column : columns) {
        if (column.type().isFloat()) {
          // Presto sorts -0 before 0, so the next key would not get to sort them together.
          throw new Untranslatable("floating-point numbers under several sort keys have no rule");
        }
      }
    }
    return of(
        list,
        whole,
        context,
        expression -> {
          Optional<Integer> number = outputColumn(expression, columns, context.form());
          int i = number.orElseThrow(() -> new Untranslatable("this ORDER BY has no rule"));
          return Value.of(Integer.toString(i + 1), columns.get(i).type());
        });
  }

  /** The output column that an ORDER BY expression means by number or bare name. */
  static Optional<Integer> outputColumn(
      Expression expression, List<OutputColumn> columns, NormalForm form) throws Untranslatable {
    if (expression instanceof LongValue number) {
      long n = number.getBigIntegerValue().bitLength() > 31 ? 0 : number.getValue();
      if (n < 1 || n > columns.size()) {
        throw new Untranslatable("ORDER BY has a number without a column");
      }
      return Optional.of((int) n - 1);
    }
    Optional<Integer> found = Optional.empty();
    if (expression instanceof Column column && column.getTable() == null) {
      String name = form.name(column.getColumnName());
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).name().equals(name)) {
          if (found.isPresent()) {
            throw new Untranslatable("ORDER BY " + name + " is ambiguous");
          }
          found = Optional.of(i);
        }
      }
    }
    return found;
  }

  private static String element(OrderByElement element, QueryContext context, Key key)
      throws Untranslatable {
    if (element.getWithFill() != null || element.isMysqlWithRollup()) {
      throw new Untranslatable("this ORDER BY has no rule");
    }
    Value value = key.translate(element.getExpression());
    if (value.type().is(Kind.UNKNOWN)) {
      throw new Untranslatable("ORDER BY a literal has no rule");
    }
    context.comparison().requireOrder(value.type());
    boolean first =
        element.getNullOrdering() == null
            ? !element.isAsc()
            : element.getNullOrdering() == NullOrdering.NULLS_FIRST;
    String order = (element.isAsc() ? " ASC" : " DESC") + (first ? " NULLS FIRST" : " NULLS LAST");
    return nanFirst(value, context, order) + value.sql() + order;
  }

  /**
   * NaN is PostgreSQL's greatest number; older releases of Presto, and Trino, sort it elsewhere.
   */
  private static String nanFirst(Value value, QueryContext context, String order)
      throws Untranslatable {
    if (!value.type().isFloat() || context.comparison().nanIsGreatest()) {
      return "";
    }
    if (isOutput(value) || value.sql().contains("SELECT ")) {
      throw new Untranslatable("this engine sorts NaN elsewhere");
    }
    return "is_nan(" + value.sql() + ")" + order + ", ";
  }

  /** Whether it is the number of an output column. */
  static boolean isOutput(Value value) {
    return value.sql().chars().allMatch(Character::isDigit);
  }

  private static Optional<Value> limit(Select select, QueryContext context) throws Untranslatable {
    Fetch fetch = select.getFetch();
    Limit limit = select.getLimit();
    if (fetch != null) {
      if (limit != null || fetch.getExpression() == null) {
        throw new Untranslatable("this form of FETCH has no rule");
      }
      return count(fetch.getExpression(), context);
    }
    if (limit == null) {
      return Optional.empty();
    }
    if (limit.getOffset() != null || limit.getByExpressions() != null) {
      throw new Untranslatable("this form of LIMIT has no rule");
    }
    return limit.getRowCount() instanceof AllValue
        ? Optional.empty()
        : count(limit.getRowCount(), context);
  }

  /** A number of rows, constant or a parameter; NULL means no limit. */
  private static Optional<Value> count(Expression expression, QueryContext context)
      throws Untranslatable {
    Scope nothing = new Scope(Optional.empty());
    Value value = new ExpressionTranslator(context, nothing).translate(expression);
    if (value.isNull()) {
      return Optional.empty();
    }
    boolean known = value.isParameter() || value.number().filter(n -> n.signum() >= 0).isPresent();
    if (!value.type().isInteger() || !known) {
      throw new Untranslatable("LIMIT and OFFSET take constant numbers only");
    }
    return Optional.of(value);
  }
}
