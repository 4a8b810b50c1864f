package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.sf.jsqlparser.expression.ArrayConstructor;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;

/** The array in {@code = ANY (array)} and {@code <> ALL (array)}, which are IN and NOT IN. */
final class ArrayOperand {

  private final ExpressionTranslator translator;
  private final QueryContext context;

  ArrayOperand(ExpressionTranslator translator, QueryContext context) {
    this.translator = translator;
    this.context = context;
  }

  /**
   * {@code left operator ANY (array)} or ALL.
   *
   * @param quantifier {@link NormalForm#ANY} or {@link NormalForm#ALL}
   * @param call the call that the parser takes the quantifier for
   */
  Value compare(String operator, Value left, String quantifier, Function call)
      throws Untranslatable {
    boolean any = quantifier.equals(NormalForm.ANY) && operator.equals("=");
    boolean none = quantifier.equals(NormalForm.ALL) && operator.equals("<>");
    if (!any && !none) {
      throw refused();
    }
    Optional<Value> parameter = parameter(call);
    if (parameter.isPresent()) {
      String found = ArrayParameter.contains(parameter.get(), left);
      return Value.of(any ? found : "(NOT " + found + ")", SqlType.BOOLEAN);
    }
    List<Value> items = items(call);
    return items.isEmpty() ? Value.bool(none) : in(left, items, any);
  }

  /** The array, if it is a parameter, perhaps cast to another type of array. */
  private Optional<Value> parameter(Function call) throws Untranslatable {
    if (call.getParameters() == null || call.getParameters().size() != 1) {
      throw refused();
    }
    Expression array = unbracketed(call.getParameters().get(0));
    if (array instanceof CastExpression cast
        && unbracketed(cast.getLeftExpression()) instanceof JdbcParameter number) {
      String type = context.form().type(cast.getColDataType().getDataType());
      return Optional.of(ArrayParameter.cast(context.parameter(number.getIndex()), type));
    }
    return array instanceof JdbcParameter number
        ? Optional.of(context.parameter(number.getIndex()))
        : Optional.empty();
  }

  private static Expression unbracketed(Expression expression) {
    Expression inside = expression;
    while (inside instanceof ParenthesedExpressionList<?> brackets && brackets.size() == 1) {
      inside = brackets.get(0);
    }
    return inside;
  }

  private List<Value> items(Function quantifier) throws Untranslatable {
    Expression array = unbracketed(quantifier.getParameters().get(0));
    Optional<SqlType> elements = Optional.empty();
    if (array instanceof CastExpression cast) {
      String type = context.form().type(cast.getColDataType().getDataType());
      if (!type.endsWith("[]")) {
        throw refused();
      }
      elements = SqlType.named(type.substring(0, type.length() - 2));
      if (elements.isEmpty() || elements.get().precision() > 0) {
        throw refused();
      }
      array = unbracketed(cast.getLeftExpression());
    }
    List<Value> items = new ArrayList<>();
    if (array instanceof StringValue literal) {
      for (Optional<String> element : elements(context.form().string(literal.getValue()))) {
        items.add(element.map(Value::unknownText).orElseGet(Value::untypedNull));
      }
    } else if (array instanceof ArrayConstructor constructor) {
      items.addAll(translator.translateAll(constructor.getExpressions()));
    } else {
      throw refused();
    }
    return elements.isPresent() ? castAll(items, elements.get()) : items;
  }

  private static List<Value> castAll(List<Value> items, SqlType type) throws Untranslatable {
    List<Value> converted = new ArrayList<>(items.size());
    for (Value item : items) {
      converted.add(Coercion.cast(item, type));
    }
    return converted;
  }

  private static Untranslatable refused() {
    return new Untranslatable("this array is evaluated by PostgreSQL");
  }

  /** The elements of a one-dimensional array literal; an empty one is NULL. */
  private static List<Optional<String>> elements(String literal) throws Untranslatable {
    String text = literal.trim();
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw refused();
    }
    List<Optional<String>> elements = new ArrayList<>();
    int end = text.length() - 1;
    int i = 1;
    if (text.substring(1, end).isBlank()) {
      return elements;
    }
    while (i <= end) {
      StringBuilder element = new StringBuilder();
      boolean quoted = text.charAt(i) == '"';
      i = quoted ? quoted(text, i + 1, end, element) : bare(text, i, end, element);
      boolean isNull = !quoted && element.toString().equalsIgnoreCase("null");
      elements.add(isNull ? Optional.empty() : Optional.of(element.toString()));
      i++;
    }
    return elements;
  }

  private static int quoted(String text, int from, int end, StringBuilder element)
      throws Untranslatable {
    int i = from;
    while (i < end && text.charAt(i) != '"') {
      if (text.charAt(i) == '\\') {
        i++;
      }
      element.append(text.charAt(i));
      i++;
    }
    int comma = i + 1;
    if (i >= end || (comma < end && text.charAt(comma) != ',')) {
      throw refused();
    }
    return comma;
  }

  private static int bare(String text, int from, int end, StringBuilder element)
      throws Untranslatable {
    int i = from;
    while (i < end && text.charAt(i) != ',') {
      char c = text.charAt(i);
      if ("{}\"\\".indexOf(c) >= 0 || Character.isWhitespace(c)) {
        throw refused();
      }
      element.append(c);
      i++;
    }
    if (element.isEmpty()) {
      throw refused();
    }
    return i;
  }

  private Value in(Value left, List<Value> items, boolean any) throws Untranslatable {
    List<Value> typed = new ArrayList<>(items.size());
    for (Value item : items) {
      boolean literal = item.type().is(Kind.UNKNOWN) && !left.type().is(Kind.UNKNOWN);
      SqlType type = left.type();
      boolean castable = literal && !type.is(Kind.OPAQUE) && !type.is(Kind.INTERVAL);
      SqlType target = type.is(Kind.NUMERIC) ? SqlType.numeric(0, 0) : type;
      typed.add(castable ? Coercion.cast(item, target) : item);
    }
    Value in = context.comparison().in(left, typed);
    return any ? in : Value.of("(NOT " + in.sql() + ")", SqlType.BOOLEAN);
  }
}
