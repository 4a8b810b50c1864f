package io.prestogres.sql;

import java.util.Map;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;

/** The names that PostgreSQL gives to columns without an alias (FigureColname). */
final class OutputNames {

  private static final String NONE = "?column?";

  private static final Map<String, String> INTERNAL =
      Map.of(
          "smallint",
          "int2",
          "integer",
          "int4",
          "int",
          "int4",
          "bigint",
          "int8",
          "real",
          "float4",
          "double precision",
          "float8",
          "decimal",
          "numeric",
          "boolean",
          "bool",
          "character varying",
          "varchar");

  /** A name, and whether it is an expression's own rather than a type's or a keyword's. */
  private record Name(String text, boolean strong) {}

  private OutputNames() {}

  static String of(Expression expression, NormalForm form) throws Untranslatable {
    return name(expression, form).text();
  }

  private static Name name(Expression expression, NormalForm form) throws Untranslatable {
    if (expression instanceof Column column) {
      return new Name(form.name(column.getColumnName()), true);
    }
    if (expression instanceof Function function) {
      return new Name(functionName(function.getName(), form), true);
    }
    if (expression instanceof AnalyticExpression aggregate) {
      return new Name(functionName(aggregate.getName(), form), true);
    }
    if (expression instanceof CastExpression cast) {
      Name inner = name(cast.getLeftExpression(), form);
      return inner.strong()
          ? inner
          : new Name(typeName(form.type(cast.getColDataType().getDataType())), false);
    }
    if (expression instanceof CaseExpression cases) {
      Expression otherwise = cases.getElseExpression();
      Name inner = otherwise == null ? new Name(NONE, false) : name(otherwise, form);
      return inner.strong() ? inner : new Name("case", false);
    }
    if (expression instanceof ParenthesedExpressionList<?> list && list.size() == 1) {
      return name(list.get(0), form);
    }
    if (expression instanceof ExistsExpression) {
      return new Name("exists", true);
    }
    if (expression instanceof ParenthesedSelect select
        && select.getSelect() instanceof PlainSelect plain
        && plain.getSelectItems().size() == 1) {
      String alias = plain.getSelectItems().get(0).getAliasName();
      return alias == null
          ? name(plain.getSelectItems().get(0).getExpression(), form)
          : new Name(form.name(alias), true);
    }
    return new Name(NONE, false);
  }

  private static String functionName(String mark, NormalForm form) throws Untranslatable {
    String name = form.name(mark);
    return name.equals(NormalForm.POSITION) ? "position" : name;
  }

  private static String typeName(String type) {
    int bracket = type.indexOf('(');
    String base = bracket < 0 ? type : type.substring(0, bracket);
    return INTERNAL.getOrDefault(base, base.startsWith("timestamp") ? "timestamp" : base);
  }
}
