package io.prestogres.sql;

import io.prestogres.sql.FromTranslator.From;
import io.prestogres.sql.QueryTranslator.Place;
import io.prestogres.sql.Scope.Field;
import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.AllTableColumns;
import net.sf.jsqlparser.statement.select.GroupByElement;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.SelectItem;

/** Translates one SELECT. */
final class SelectTranslator {

  /** A target: an expression still to translate, or the column that a star stands for. */
  private record Target(String name, Optional<Expression> expression, Optional<Field> field) {}

  private final QueryContext context;
  private final Scope scope;
  private final ExpressionTranslator expressions;
  private boolean joinable;

  SelectTranslator(QueryContext context, Optional<Scope> outer) {
    this.context = context;
    this.scope = new Scope(outer);
    this.expressions = new ExpressionTranslator(context, scope);
  }

  TranslatedQuery translate(PlainSelect select, Place place) throws Untranslatable {
    requirePlain(select);
    From from =
        new FromTranslator(context)
            .translate(
                select.getFromItem(), select.getJoins() == null ? List.of() : select.getJoins());
    scope.show(from.relations(), from.visible());
    String where = where(select.getWhere());
    List<Target> targets = targets(select);
    List<String> keys = groupKeys(select.getGroupBy(), targets);
    boolean distinct = select.getDistinct() != null;
    expressions.allowAggregates(true);
    List<Value> values = values(targets, place, distinct);
    String having = having(select.getHaving(), !keys.isEmpty());
    List<OutputColumn> columns = columns(targets, values);
    SortClauses.Key key = expression -> sortKey(expression, columns, values, distinct);
    SortClauses sort =
        SortClauses.of(select, place == Place.TOP, context, sortable(key, select, values));
    boolean grouped = !keys.isEmpty() || expressions.aggregated() || !having.isEmpty();
    if (from.orderedItem() && !sort.ordered() && !grouped) {
      throw new Untranslatable("the order of a derived table is PostgreSQL's to keep");
    }
    boolean bare = keys.isEmpty() && having.isEmpty() && !distinct && !sort.limited();
    boolean oneRow = bare && expressions.aggregated();
    boolean rows = place == Place.EXISTS && bare && !oneRow;
    String sql =
        "SELECT "
            + (distinct ? "DISTINCT " : "")
            + (rows ? "1" : list(values))
            + " FROM "
            + from.sql()
            + where
            + (keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys))
            + having
            + (rows ? "" : sort.sql());
    boolean joins = joinable && (rows || (oneRow && place == Place.VALUE));
    return new TranslatedQuery(
        sql, columns, sort.ordered(), sort.limited(), oneRow, scope.outerReferences() > 0, joins);
  }

  private String having(Expression condition, boolean groups) throws Untranslatable {
    if (condition == null) {
      return "";
    }
    String having = " HAVING " + expressions.condition(condition).sql();
    if (!groups && !expressions.aggregated()) {
      throw new Untranslatable("HAVING without groups has no rule");
    }
    return having;
  }

  private static List<OutputColumn> columns(List<Target> targets, List<Value> values) {
    List<OutputColumn> columns = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      columns.add(new OutputColumn(targets.get(i).name(), values.get(i).type()));
    }
    return columns;
  }

  private static void requirePlain(PlainSelect select) throws Untranslatable {
    boolean plain =
        select.getFromItem() != null
            && (select.getIntoTables() == null || select.getIntoTables().isEmpty())
            && select.getQualify() == null
            && select.getTop() == null
            && select.getSkip() == null
            && select.getFirst() == null
            && select.getPreWhere() == null
            && select.getOracleHierarchical() == null
            && select.getSampleClause() == null
            && select.getWindowDefinitions() == null
            && (select.getLateralViews() == null || select.getLateralViews().isEmpty())
            && !select.isUsingOnly()
            && !select.isUsingFinal()
            && (select.getDistinct() == null
                || (select.getDistinct().getOnSelectItems() == null
                    && !select.getDistinct().isUseUnique()));
    if (!plain) {
      throw new Untranslatable(
          select.getFromItem() == null
              ? "a SELECT without FROM is evaluated by PostgreSQL"
              : "a clause of this SELECT has no rule");
    }
  }

  private static String list(List<Value> values) {
    List<String> sql = new ArrayList<>(values.size());
    values.forEach(value -> sql.add(value.sql()));
    return String.join(", ", sql);
  }

  private String where(Expression condition) throws Untranslatable {
    if (condition == null) {
      return "";
    }
    scope.allowOuter(true);
    expressions.allowCorrelation(true);
    String sql = " WHERE " + expressions.condition(condition).sql();
    findJoin(condition);
    expressions.allowCorrelation(false);
    scope.allowOuter(false);
    return sql;
  }

  /** Looks for a term that equates a column of the query around with one of this. */
  private void findJoin(Expression condition) throws Untranslatable {
    if (scope.outerReferences() == 0) {
      return;
    }
    if (condition instanceof ParenthesedExpressionList<?> brackets && brackets.size() == 1) {
      findJoin(brackets.get(0));
    } else if (condition instanceof AndExpression and) {
      for (Expression term : ExpressionTranslator.terms(and)) {
        findJoin(term);
      }
    } else if (condition instanceof EqualsTo equals) {
      joinable |= isOuter(equals, true) != isOuter(equals, false);
    }
  }

  private boolean isOuter(BinaryExpression equals, boolean left) throws Untranslatable {
    int before = scope.outerReferences();
    expressions.translate(left ? equals.getLeftExpression() : equals.getRightExpression());
    return scope.outerReferences() > before;
  }

  private List<Target> targets(PlainSelect select) throws Untranslatable {
    List<Target> targets = new ArrayList<>();
    if (select.getSelectItems() == null) {
      throw new Untranslatable("a SELECT without columns is evaluated by PostgreSQL");
    }
    for (SelectItem<?> item : select.getSelectItems()) {
      Expression expression = item.getExpression();
      if (expression instanceof AllColumns star) {
        for (Field field : star(star)) {
          targets.add(new Target(field.name(), Optional.empty(), Optional.of(field)));
        }
      } else {
        String name =
            item.getAlias() == null
                ? OutputNames.of(expression, context.form())
                : context.form().name(item.getAlias().getName());
        targets.add(new Target(name, Optional.of(expression), Optional.empty()));
      }
    }
    return targets;
  }

  private List<Field> star(AllColumns star) throws Untranslatable {
    boolean plain =
        (star.getExceptColumns() == null || star.getExceptColumns().isEmpty())
            && (star.getReplaceExpressions() == null || star.getReplaceExpressions().isEmpty());
    if (!plain) {
      throw new Untranslatable("this form of * has no rule");
    }
    return star instanceof AllTableColumns table
        ? scope.fields(FromTranslator.names(table.getTable(), context.form()))
        : scope.visible();
  }

  private List<String> groupKeys(GroupByElement groupBy, List<Target> targets)
      throws Untranslatable {
    List<String> keys = new ArrayList<>();
    if (groupBy == null) {
      return keys;
    }
    boolean plain =
        (groupBy.getGroupingSets() == null || groupBy.getGroupingSets().isEmpty())
            && !groupBy.isMysqlWithRollup()
            && groupBy.getGroupByExpressionList() != null;
    if (!plain) {
      throw new Untranslatable("grouping sets are evaluated by PostgreSQL");
    }
    for (Expression expression : groupBy.getGroupByExpressionList()) {
      Value key = groupKey(expression, targets);
      requireGrouping(key.type());
      if (key.isConstant() || key.type().is(Kind.UNKNOWN)) {
        throw new Untranslatable("GROUP BY a constant has no rule");
      }
      if (MarkedText.isMarked(key.sql())) {
        // Presto does not take two ? for the same, here and in the target list.
        throw new Untranslatable("GROUP BY with a parameter has no rule");
      }
      if (key.type().is(Kind.DOUBLE)) {
        keys.add(floatKey(key));
      } else {
        keys.add(key.sql());
      }
    }
    return keys;
  }

  private String floatKey(Value key) throws Untranslatable {
    boolean column = scope.visible().stream().anyMatch(f -> f.value().sql().equals(key.sql()));
    if (!column) {
      throw new Untranslatable("GROUP BY a double precision expression has no rule");
    }
    scope.groupByFloat(key.sql());
    return Scope.normalized(key);
  }

  static void requireGrouping(SqlType type) throws Untranslatable {
    if (type.is(Kind.OPAQUE) || type.is(Kind.REAL) || type.is(Kind.INTERVAL)) {
      throw new Untranslatable("equal values of " + type.text() + " are PostgreSQL's to find");
    }
  }

  /** GROUP BY takes a bare name for an input column first, for an output column second. */
  private Value groupKey(Expression expression, List<Target> targets) throws Untranslatable {
    if (expression instanceof LongValue number) {
      long n = number.getBigIntegerValue().bitLength() > 31 ? 0 : number.getValue();
      if (n < 1 || n > targets.size()) {
        throw new Untranslatable("GROUP BY has a number without a column");
      }
      return value(targets.get((int) n - 1));
    }
    if (expression instanceof Column column && column.getTable() == null) {
      String name = context.form().name(column.getColumnName());
      if (!scope.hasColumn(name)) {
        List<Target> named = targets.stream().filter(t -> t.name().equals(name)).toList();
        if (named.size() != 1) {
          throw new Untranslatable("GROUP BY " + name + " is PostgreSQL's to resolve");
        }
        return value(named.get(0));
      }
    }
    return expressions.translate(expression);
  }

  private Value value(Target target) throws Untranslatable {
    if (target.field().isPresent()) {
      return target.field().get().value();
    }
    return expressions.translate(target.expression().orElseThrow());
  }

  private List<Value> values(List<Target> targets, Place place, boolean distinct)
      throws Untranslatable {
    List<Value> values = new ArrayList<>(targets.size());
    for (Target target : targets) {
      Value value = value(target);
      if (target.field().isPresent()) {
        value = scope.asKey(value);
      }
      if (value.type().is(Kind.INTERVAL)) {
        throw new Untranslatable("intervals as results are evaluated by PostgreSQL");
      }
      if (value.type().is(Kind.UNKNOWN) && !(place == Place.BRANCH && value.isNull())) {
        if (place == Place.BRANCH) {
          throw new Untranslatable("a literal without a type in a set operation has no rule");
        }
        value = Coercion.cast(value, SqlType.TEXT);
      }
      if (distinct) {
        requireGrouping(value.type());
        boolean normalize = value.type().is(Kind.DOUBLE) && !value.sql().endsWith(" + 0E0)");
        value = normalize ? Value.of(Scope.normalized(value), value.type()) : value;
      }
      values.add(value);
    }
    return values;
  }

  private static boolean severalKeys(PlainSelect select) {
    return select.getOrderByElements() != null && select.getOrderByElements().size() > 1;
  }

  /**
   * Presto sorts -0 before 0, so what follows in ORDER BY would not get to sort them together; and
   * where it sorts NaN elsewhere, an expression is needed in place of an output column's number.
   */
  private SortClauses.Key sortable(SortClauses.Key key, PlainSelect select, List<Value> values) {
    boolean several = severalKeys(select);
    boolean spelled = !context.comparison().nanIsGreatest() && select.getDistinct() == null;
    return expression -> {
      Value value = key.translate(expression);
      if (!value.type().isFloat() || !(several || spelled)) {
        return value;
      }
      Value sorted =
          SortClauses.isOutput(value) ? values.get(Integer.parseInt(value.sql()) - 1) : value;
      if (sorted.sql().endsWith(" + 0E0)")) {
        return spelled ? sorted : value;
      }
      return several ? Value.of(Scope.normalized(sorted), value.type()) : sorted;
    };
  }

  /** ORDER BY takes a bare name for an output column first, for an input column second. */
  private Value sortKey(
      Expression expression, List<OutputColumn> columns, List<Value> values, boolean distinct)
      throws Untranslatable {
    Optional<Integer> output = SortClauses.outputColumn(expression, columns, context.form());
    if (output.isPresent()) {
      return Value.of(Integer.toString(output.get() + 1), columns.get(output.get()).type());
    }
    Value key = expressions.translate(expression);
    for (int i = 0; i < values.size(); i++) {
      boolean same =
          values.get(i).sql().equals(key.sql())
              || (distinct && values.get(i).sql().equals(Scope.normalized(key)));
      if (same) {
        return Value.of(Integer.toString(i + 1), key.type());
      }
    }
    if (distinct || key.isConstant() || key.isParameter()) {
      throw new Untranslatable("this ORDER BY has no rule");
    }
    return key;
  }
}
