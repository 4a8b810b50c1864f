package io.prestogres.sql;

import io.prestogres.sql.Scope.Field;
import io.prestogres.sql.Scope.Relation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/** Translates FROM: tables, derived tables and joins. */
final class FromTranslator {

  /**
   * A FROM item or a tree of joins.
   *
   * @param join whether the text is a join and needs brackets at the right of another
   * @param visible the columns that {@code *} shows, which unqualified names mean
   * @param orderedItem whether it is a single derived table with an ORDER BY of its own
   */
  record From(
      String sql,
      boolean join,
      List<Relation> relations,
      List<Field> visible,
      boolean orderedItem) {

    String asRightSide() {
      return join ? "(" + sql + ")" : sql;
    }
  }

  private final QueryContext context;

  FromTranslator(QueryContext context) {
    this.context = context;
  }

  From translate(FromItem first, List<Join> joins) throws Untranslatable {
    // A comma binds weaker than JOIN: each part between commas is a tree of its own.
    Optional<From> before = Optional.empty();
    From part = item(first);
    for (Join join : joins) {
      if (join.isSimple()) {
        before = Optional.of(before.isPresent() ? cross(before.get(), part) : part);
        part = item(join.getFromItem());
      } else {
        part = join(part, join);
      }
    }
    return before.isPresent() ? cross(before.get(), part) : part;
  }

  private From item(FromItem item) throws Untranslatable {
    if (item.getPivot() != null || item.getUnPivot() != null || item.getSampleClause() != null) {
      throw new Untranslatable("this FROM item has no rule");
    }
    if (item.getClass() == Table.class) {
      return table((Table) item);
    }
    if (item.getClass() == ParenthesedSelect.class) {
      return derived((ParenthesedSelect) item);
    }
    if (item instanceof ParenthesedFromItem brackets && item.getAlias() == null) {
      List<Join> joins = brackets.getJoins() == null ? List.of() : brackets.getJoins();
      return translate(brackets.getFromItem(), joins);
    }
    throw new Untranslatable("this FROM item is evaluated by PostgreSQL");
  }

  /** The parts of a table's name, outermost first. */
  static List<String> names(Table table, NormalForm form) throws Untranslatable {
    List<String> names = new ArrayList<>(3);
    List<String> parts = table.getNameParts();
    for (int i = parts.size() - 1; i >= 0; i--) {
      String part = parts.get(i);
      names.add(form.name(part == null ? "" : part));
    }
    return names;
  }

  private From table(Table table) throws Untranslatable {
    List<String> names = names(table, context.form());
    String last = names.get(names.size() - 1);
    Optional<QueryContext.CommonTable> common =
        names.size() == 1 ? context.commonTable(last) : Optional.empty();
    String name = alias(table.getAlias()).orElse(last);
    String alias = context.freshAlias(name);
    List<Field> fields = new ArrayList<>();
    String source;
    String schema = "";
    if (common.isPresent()) {
      source = SqlQuoting.prestoIdentifier(common.get().alias());
      fields.addAll(generated(alias, common.get().columns()));
    } else {
      Shell shell = context.shell(names);
      source = shell.prestoName();
      schema = table.getAlias() == null ? shell.schema() : "";
      for (ShellColumn column : shell.columns()) {
        String sql = SqlQuoting.prestoName(List.of(alias, column.name()));
        fields.add(new Field(column.name(), Value.of(sql, SqlType.ofColumn(column))));
      }
    }
    String sql = source + " AS " + SqlQuoting.prestoIdentifier(alias);
    return single(sql, schema, name, renamed(fields, table.getAlias()), false);
  }

  private From derived(ParenthesedSelect select) throws Untranslatable {
    // Since PostgreSQL 16 a derived table may go without a name.
    String name = alias(select.getAlias()).orElse("");
    String alias = context.freshAlias(name.isEmpty() ? "derived" : name);
    QueryTranslator translator = new QueryTranslator(context, Optional.empty());
    TranslatedQuery query =
        translator.translate(QueryTranslator.inside(select), QueryTranslator.Place.VALUE);
    if (query.ordered() && !query.limited()) {
      throw new Untranslatable("the order of a derived table is PostgreSQL's to keep");
    }
    List<Field> fields = generated(alias, query.columns());
    String sql =
        "(" + query.sql() + ") AS " + SqlQuoting.prestoIdentifier(alias) + columns(fields.size());
    return single(sql, "", name, renamed(fields, select.getAlias()), query.ordered());
  }

  /** Generated names keep columns apart that differ in case only, or not at all. */
  static String columns(int count) {
    StringBuilder names = new StringBuilder(" (");
    for (int i = 1; i <= count; i++) {
      names.append(i == 1 ? "" : ", ").append("\"c").append(i).append('"');
    }
    return names.append(')').toString();
  }

  private static List<Field> generated(String alias, List<OutputColumn> columns) {
    List<Field> fields = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      String sql = SqlQuoting.prestoName(List.of(alias, "c" + (i + 1)));
      fields.add(new Field(columns.get(i).name(), Value.of(sql, columns.get(i).type())));
    }
    return fields;
  }

  private Optional<String> alias(Alias alias) throws Untranslatable {
    return alias == null ? Optional.empty() : Optional.of(context.form().name(alias.getName()));
  }

  private List<Field> renamed(List<Field> fields, Alias alias) throws Untranslatable {
    if (alias == null || alias.getAliasColumns() == null) {
      return fields;
    }
    if (alias.getAliasColumns().size() > fields.size()) {
      throw new Untranslatable("a table alias has too many columns");
    }
    List<Field> renamed = new ArrayList<>(fields);
    for (int i = 0; i < alias.getAliasColumns().size(); i++) {
      String name = context.form().name(alias.getAliasColumns().get(i).name);
      renamed.set(i, new Field(name, fields.get(i).value()));
    }
    return renamed;
  }

  private static From single(
      String sql, String schema, String name, List<Field> fields, boolean ordered) {
    Relation relation = new Relation(schema, name, List.copyOf(fields));
    return new From(sql, false, List.of(relation), List.copyOf(fields), ordered);
  }

  private static From cross(From left, From right) {
    List<Field> visible = new ArrayList<>(left.visible());
    visible.addAll(right.visible());
    return joined(left, "CROSS JOIN", right, "", visible);
  }

  private static From joined(
      From left, String type, From right, String condition, List<Field> visible) {
    List<Relation> relations = new ArrayList<>(left.relations());
    relations.addAll(right.relations());
    String sql = left.sql() + " " + type + " " + right.asRightSide() + condition;
    return new From(sql, true, relations, visible, false);
  }

  private From join(From left, Join join) throws Untranslatable {
    From right = item(join.getFromItem());
    boolean on = !join.getOnExpressions().isEmpty();
    boolean using = !join.getUsingColumns().isEmpty();
    if (join.isCross() && !on && !using) {
      return cross(left, right);
    }
    boolean strange =
        join.isCross()
            || join.isApply()
            || join.isSemi()
            || join.isStraight()
            || join.isWindowJoin();
    if (strange || join.getOnExpressions().size() > 1) {
      throw new Untranslatable("this form of JOIN has no rule");
    }
    if (join.isNatural() && !on && !using) {
      return joinUsing(left, join, right, commonNames(left, right));
    }
    if (using && !on) {
      List<String> names = new ArrayList<>();
      for (Column column : join.getUsingColumns()) {
        names.add(context.form().name(column.getColumnName()));
      }
      return joinUsing(left, join, right, names);
    }
    if (!on) {
      throw new Untranslatable("a JOIN has no condition");
    }
    return joinOn(left, join, right, join.getOnExpressions().iterator().next());
  }

  private static String type(Join join) {
    if (join.isLeft()) {
      return "LEFT JOIN";
    }
    if (join.isRight()) {
      return "RIGHT JOIN";
    }
    return join.isFull() ? "FULL JOIN" : "INNER JOIN";
  }

  private From joinOn(From left, Join join, From right, Expression on) throws Untranslatable {
    Scope scope = new Scope(Optional.empty());
    scope.show(left.relations(), left.visible());
    scope.show(right.relations(), right.visible());
    if (join.isFull()) {
      requireEqualities(on);
    }
    Value condition = new ExpressionTranslator(context, scope).condition(on);
    boolean plain = !condition.sql().contains(" OR ") && !condition.sql().contains("SELECT ");
    if (!plain && !type(join).equals("INNER JOIN")) {
      throw new Untranslatable("this condition of an outer join has no rule");
    }
    List<Field> visible = new ArrayList<>(left.visible());
    visible.addAll(right.visible());
    return joined(left, type(join), right, " ON " + condition.sql(), visible);
  }

  /** Presto plans a FULL JOIN by equal columns only. */
  private static void requireEqualities(Expression on) throws Untranslatable {
    if (on instanceof ParenthesedExpressionList<?> brackets && brackets.size() == 1) {
      requireEqualities(brackets.get(0));
      return;
    }
    if (on instanceof AndExpression and) {
      for (Expression term : ExpressionTranslator.terms(and)) {
        requireEqualities(term);
      }
      return;
    }
    boolean columns =
        on instanceof EqualsTo
            && ((BinaryExpression) on).getLeftExpression() instanceof Column
            && ((BinaryExpression) on).getRightExpression() instanceof Column;
    if (!columns) {
      throw new Untranslatable("this condition of a FULL JOIN has no rule");
    }
  }

  private static List<String> commonNames(From left, From right) {
    Set<String> rightNames = new HashSet<>();
    right.visible().forEach(field -> rightNames.add(field.name()));
    List<String> names = new ArrayList<>();
    left.visible().stream().map(Field::name).filter(rightNames::contains).forEach(names::add);
    return names;
  }

  private From joinUsing(From left, Join join, From right, List<String> names)
      throws Untranslatable {
    if (names.isEmpty()) {
      throw new Untranslatable("a NATURAL JOIN has no common column");
    }
    List<String> conditions = new ArrayList<>();
    List<Field> visible = new ArrayList<>();
    for (String name : names) {
      Value a = only(left, name);
      Value b = only(right, name);
      if (!a.type().equals(b.type()) || a.type().isFloat()) {
        throw new Untranslatable("USING with columns of these types has no rule");
      }
      conditions.add(context.comparison().compare("=", a, b).sql());
      visible.add(new Field(name, merged(join, a, b)));
    }
    addOthers(visible, left, names);
    addOthers(visible, right, names);
    String condition = " ON (" + String.join(" AND ", conditions) + ")";
    return joined(left, type(join), right, condition, visible);
  }

  private static Value merged(Join join, Value left, Value right) {
    if (join.isFull()) {
      return Value.of("coalesce(" + left.sql() + ", " + right.sql() + ")", left.type());
    }
    return join.isRight() ? right : left;
  }

  private static Value only(From from, String name) throws Untranslatable {
    List<Field> found = from.visible().stream().filter(field -> field.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new Untranslatable("the column " + name + " of USING is not single");
    }
    return found.get(0).value();
  }

  private static void addOthers(List<Field> visible, From from, List<String> names) {
    from.visible().stream().filter(field -> !names.contains(field.name())).forEach(visible::add);
  }
}
