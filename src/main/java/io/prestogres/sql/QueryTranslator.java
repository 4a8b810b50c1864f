package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.statement.ParenthesedStatement;
import net.sf.jsqlparser.statement.select.ExceptOp;
import net.sf.jsqlparser.statement.select.IntersectOp;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperation;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.UnionOp;
import net.sf.jsqlparser.statement.select.WithItem;

/** Translates a query: WITH, set operations, and what stands in brackets. */
final class QueryTranslator {

  /** Where a query stands, which decides what becomes of columns without a type. */
  enum Place {
    TOP,
    /** A derived table, a common table or a subquery used as values. */
    VALUE,
    /** A branch of a set operation, whose types the other branch may give. */
    BRANCH,
    /** The columns do not count. */
    EXISTS
  }

  private final QueryContext context;
  private final Optional<Scope> outer;

  QueryTranslator(QueryContext context, Optional<Scope> outer) {
    this.context = context;
    this.outer = outer;
  }

  /** The query in brackets. */
  static Select inside(ParenthesedSelect brackets) throws Untranslatable {
    boolean bare =
        brackets.getClass() == ParenthesedSelect.class
            && brackets.getOrderByElements() == null
            && brackets.getLimit() == null
            && brackets.getOffset() == null
            && brackets.getFetch() == null
            && brackets.getWithItemsList() == null
            && brackets.getSelect() != null;
    if (!bare) {
      throw new Untranslatable("clauses behind a query in brackets have no rule");
    }
    return brackets.getSelect();
  }

  TranslatedQuery translate(Select select, Place place) throws Untranslatable {
    if (select instanceof ParenthesedSelect brackets) {
      return translate(inside(brackets), place);
    }
    if (select.getForMode() != null || select.getForUpdate() != null) {
      throw new Untranslatable("row locks are PostgreSQL's");
    }
    List<WithItem<?>> with =
        select.getWithItemsList() == null ? List.of() : select.getWithItemsList();
    if (!with.isEmpty() && place == Place.BRANCH) {
      throw new Untranslatable("WITH in a branch of a set operation has no rule");
    }
    List<String> names = new ArrayList<>();
    List<String> commonTables = new ArrayList<>();
    for (WithItem<?> item : with) {
      commonTables.add(commonTable(item, names));
    }
    TranslatedQuery query = body(select, place);
    names.forEach(context::removeCommonTable);
    if (commonTables.isEmpty()) {
      return query;
    }
    return new TranslatedQuery(
        "WITH " + String.join(", ", commonTables) + " " + query.sql(),
        query.columns(),
        query.ordered(),
        query.limited(),
        query.oneRow(),
        query.correlated(),
        false);
  }

  private TranslatedQuery body(Select select, Place place) throws Untranslatable {
    if (select instanceof PlainSelect plain) {
      return new SelectTranslator(context, outer).translate(plain, place);
    }
    if (select instanceof SetOperationList list) {
      return setOperation(list, place == Place.TOP);
    }
    throw new Untranslatable(
        select.getClass().getSimpleName() + " as a query is evaluated by PostgreSQL");
  }

  private String commonTable(WithItem<?> item, List<String> names) throws Untranslatable {
    ParenthesedStatement statement = item.getParenthesedStatement();
    boolean plain =
        !item.isRecursive()
            && item.getWithFunctionDeclaration() == null
            && item.getSearchClause() == null
            && item.getCycleClause() == null;
    if (!plain || !(statement instanceof ParenthesedSelect select)) {
      throw new Untranslatable("this form of WITH is evaluated by PostgreSQL");
    }
    String name = context.form().name(item.getAliasName());
    QueryTranslator translator = new QueryTranslator(context, Optional.empty());
    TranslatedQuery query = translator.translate(inside(select), Place.VALUE);
    if (query.ordered()) {
      throw new Untranslatable("the order of a common table is PostgreSQL's to keep");
    }
    List<OutputColumn> columns = renamed(query.columns(), item.getWithItemList());
    String alias = context.freshAlias(name);
    context.addCommonTable(name, new QueryContext.CommonTable(alias, columns));
    names.add(name);
    return SqlQuoting.prestoIdentifier(alias)
        + FromTranslator.columns(columns.size())
        + " AS ("
        + query.sql()
        + ")";
  }

  private List<OutputColumn> renamed(List<OutputColumn> columns, List<SelectItem<?>> names)
      throws Untranslatable {
    List<OutputColumn> renamed = new ArrayList<>(columns);
    List<SelectItem<?>> given = names == null ? List.of() : names;
    if (given.size() > columns.size()) {
      throw new Untranslatable("a WITH name has too many columns");
    }
    for (int i = 0; i < given.size(); i++) {
      String name = OutputNames.of(given.get(i).getExpression(), context.form());
      renamed.set(i, new OutputColumn(name, columns.get(i).type()));
    }
    return renamed;
  }

  private TranslatedQuery setOperation(SetOperationList list, boolean whole) throws Untranslatable {
    takeLimits(list);
    String sql = "";
    List<OutputColumn> columns = List.of();
    boolean intersects = false;
    boolean others = false;
    for (int i = 0; i < list.getSelects().size(); i++) {
      boolean first = i == 0;
      boolean distinct = isDistinct(list, first ? 0 : i - 1, first);
      TranslatedQuery branch = branch(list.getSelect(i), distinct);
      if (first) {
        sql = "(" + branch.sql() + ")";
        columns = branch.columns();
        continue;
      }
      SetOperation operation = list.getOperation(i - 1);
      intersects |= operation instanceof IntersectOp;
      others |= !(operation instanceof IntersectOp);
      columns = common(columns, branch.columns());
      String left = i == 1 ? sql : "(" + sql + ")";
      sql = left + " " + keyword(operation) + " (" + branch.sql() + ")";
    }
    if (intersects && others) {
      throw new Untranslatable("INTERSECT beside UNION without brackets has no rule");
    }
    for (OutputColumn column : columns) {
      if (column.type().is(Kind.UNKNOWN)) {
        throw new Untranslatable("a column of literals without a type has no rule");
      }
    }
    SortClauses sort = SortClauses.ofSetOperation(list, whole, columns, context);
    return new TranslatedQuery(
        sql + sort.sql(), columns, sort.ordered(), sort.limited(), false, false, false);
  }

  /** Without ORDER BY, JSqlParser reads the limits of the whole as those of the last branch. */
  private static void takeLimits(SetOperationList list) throws Untranslatable {
    Select last = list.getSelect(list.getSelects().size() - 1);
    boolean bracketed = last instanceof ParenthesedSelect;
    if (bracketed
        || (last.getLimit() == null && last.getOffset() == null && last.getFetch() == null)) {
      return;
    }
    if (list.getLimit() != null || list.getOffset() != null || list.getFetch() != null) {
      throw new Untranslatable("these limits of a set operation have no rule");
    }
    list.setLimit(last.getLimit());
    list.setOffset(last.getOffset());
    list.setFetch(last.getFetch());
    last.setLimit(null);
    last.setOffset(null);
    last.setFetch(null);
  }

  /**
   * Whether equal rows are merged by any operation from here on: the branch's zeros must be one.
   */
  private static boolean isDistinct(SetOperationList list, int from, boolean all) {
    for (int i = all ? 0 : from; i < list.getOperations().size(); i++) {
      SetOperation operation = list.getOperation(i);
      if (!(operation instanceof UnionOp && operation.isAll())) {
        return true;
      }
    }
    return false;
  }

  private TranslatedQuery branch(Select select, boolean distinct) throws Untranslatable {
    QueryTranslator translator = new QueryTranslator(context, Optional.empty());
    TranslatedQuery branch = translator.translate(select, Place.BRANCH);
    if (branch.ordered() && !branch.limited()) {
      throw new Untranslatable("the order of a branch is PostgreSQL's to keep");
    }
    if (distinct) {
      for (OutputColumn column : branch.columns()) {
        SelectTranslator.requireGrouping(column.type());
        if (column.type().isFloat()) {
          throw new Untranslatable("distinct floating-point numbers of a union have no rule");
        }
      }
    }
    return branch;
  }

  private static String keyword(SetOperation operation) throws Untranslatable {
    if (operation instanceof UnionOp) {
      return operation.isAll() ? "UNION ALL" : "UNION";
    }
    if (!operation.isAll() && operation instanceof IntersectOp) {
      return "INTERSECT";
    }
    if (!operation.isAll() && operation instanceof ExceptOp) {
      return "EXCEPT";
    }
    throw new Untranslatable("this set operation is evaluated by PostgreSQL");
  }

  /** The common types; only where Presto, too, finds them by itself. */
  private static List<OutputColumn> common(List<OutputColumn> left, List<OutputColumn> right)
      throws Untranslatable {
    if (left.size() != right.size()) {
      throw new Untranslatable("the branches of a set operation differ in their columns");
    }
    List<OutputColumn> common = new ArrayList<>(left.size());
    for (int i = 0; i < left.size(); i++) {
      SqlType a = left.get(i).type();
      SqlType b = right.get(i).type();
      common.add(new OutputColumn(left.get(i).name(), common(a, b)));
    }
    return common;
  }

  private static SqlType common(SqlType a, SqlType b) throws Untranslatable {
    if (a.is(Kind.UNKNOWN)) {
      return b;
    }
    boolean numeric = a.is(Kind.NUMERIC) && b.is(Kind.NUMERIC) && a.scale() == b.scale();
    if (b.is(Kind.UNKNOWN) || a.equals(b)) {
      return a;
    }
    if (numeric || (a.isInteger() && b.isInteger())) {
      boolean wider = numeric ? a.precision() >= b.precision() : a.kind().compareTo(b.kind()) >= 0;
      return wider ? a : b;
    }
    throw new Untranslatable(
        "a set operation of " + a.text() + " and " + b.text() + " has no rule");
  }
}
