package io.prestogres.sql;

import io.prestogres.sql.QueryTranslator.Place;
import io.prestogres.sql.SqlType.Kind;
import java.util.Optional;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/** Subqueries in expressions; correlated ones only in the forms that Presto can plan. */
final class Subqueries {

  private final QueryContext context;
  private final Scope scope;
  private boolean correlationAllowed;

  Subqueries(QueryContext context, Scope scope) {
    this.context = context;
    this.scope = scope;
  }

  void allowCorrelation(boolean allowed) {
    correlationAllowed = allowed;
  }

  Value exists(ExistsExpression expression) throws Untranslatable {
    if (!(expression.getRightExpression() instanceof ParenthesedSelect select)) {
      throw new Untranslatable("this form of EXISTS has no rule");
    }
    TranslatedQuery query = translate(select, Place.EXISTS);
    requireJoinable(query);
    String exists = "EXISTS (" + query.sql() + ")";
    return Value.of(
        expression.isNot() ? "(NOT " + exists + ")" : "(" + exists + ")", SqlType.BOOLEAN);
  }

  Value scalar(ParenthesedSelect select) throws Untranslatable {
    TranslatedQuery query = translate(select, Place.VALUE);
    requireJoinable(query);
    if (query.correlated() && !query.oneRow()) {
      throw new Untranslatable("this kind of correlated subquery has no rule");
    }
    if (query.columns().size() != 1) {
      throw new Untranslatable("a subquery used as a value has several columns");
    }
    return Value.of("(" + query.sql() + ")", query.columns().get(0).type());
  }

  Value in(Value left, ParenthesedSelect select) throws Untranslatable {
    TranslatedQuery query = translate(select, Place.VALUE);
    if (query.correlated() || query.columns().size() != 1) {
      throw new Untranslatable("this form of IN with a subquery has no rule");
    }
    SqlType type = query.columns().get(0).type();
    SqlType target = type.is(Kind.NUMERIC) ? SqlType.numeric(0, 0) : type;
    boolean cast =
        left.type().is(Kind.UNKNOWN) || (left.type().isInteger() && type.is(Kind.NUMERIC));
    boolean same =
        left.type().kind() == type.kind() || (left.type().isInteger() && type.isInteger());
    boolean comparable =
        !type.isFloat() && !type.is(Kind.OPAQUE) && !type.is(Kind.INTERVAL) && (cast || same);
    if (!comparable) {
      throw new Untranslatable(
          left.type().text() + " IN a subquery of " + type.text() + " has no rule");
    }
    Value value = cast ? Coercion.cast(left, target) : left;
    return Value.of("(" + value.sql() + " IN (" + query.sql() + "))", SqlType.BOOLEAN);
  }

  private TranslatedQuery translate(ParenthesedSelect select, Place place) throws Untranslatable {
    QueryTranslator translator = new QueryTranslator(context, Optional.of(scope));
    return translator.translate(QueryTranslator.inside(select), place);
  }

  private void requireJoinable(TranslatedQuery query) throws Untranslatable {
    if (query.correlated() && !(correlationAllowed && query.joinable())) {
      throw new Untranslatable("this kind of correlated subquery has no rule");
    }
  }
}
