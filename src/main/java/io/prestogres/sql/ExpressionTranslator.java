package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.sf.jsqlparser.expression.AnalyticExpression;
import net.sf.jsqlparser.expression.AnalyticType;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.BooleanValue;
import net.sf.jsqlparser.expression.CaseExpression;
import net.sf.jsqlparser.expression.CastExpression;
import net.sf.jsqlparser.expression.DoubleValue;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.Function;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.expression.LongValue;
import net.sf.jsqlparser.expression.NotExpression;
import net.sf.jsqlparser.expression.NullValue;
import net.sf.jsqlparser.expression.SignedExpression;
import net.sf.jsqlparser.expression.StringValue;
import net.sf.jsqlparser.expression.WhenClause;
import net.sf.jsqlparser.expression.operators.arithmetic.Addition;
import net.sf.jsqlparser.expression.operators.arithmetic.Concat;
import net.sf.jsqlparser.expression.operators.arithmetic.Division;
import net.sf.jsqlparser.expression.operators.arithmetic.Modulo;
import net.sf.jsqlparser.expression.operators.arithmetic.Multiplication;
import net.sf.jsqlparser.expression.operators.arithmetic.Subtraction;
import net.sf.jsqlparser.expression.operators.conditional.AndExpression;
import net.sf.jsqlparser.expression.operators.conditional.OrExpression;
import net.sf.jsqlparser.expression.operators.relational.Between;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ExistsExpression;
import net.sf.jsqlparser.expression.operators.relational.ExpressionList;
import net.sf.jsqlparser.expression.operators.relational.GreaterThan;
import net.sf.jsqlparser.expression.operators.relational.GreaterThanEquals;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsDistinctExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.expression.operators.relational.IsUnknownExpression;
import net.sf.jsqlparser.expression.operators.relational.LikeExpression;
import net.sf.jsqlparser.expression.operators.relational.MinorThan;
import net.sf.jsqlparser.expression.operators.relational.MinorThanEquals;
import net.sf.jsqlparser.expression.operators.relational.NotEqualsTo;
import net.sf.jsqlparser.expression.operators.relational.ParenthesedExpressionList;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;

/**
 * Translates the expressions of one SELECT. A class of node without a rule is refused.
 *
 * <p>JSqlParser groups some operators unlike PostgreSQL. So every operator demands operands that
 * bind tighter than itself or stand in brackets: of all ways to group a chain of operators only
 * PostgreSQL's satisfies that.
 */
final class ExpressionTranslator {

  @FunctionalInterface
  private interface Rule<E> {
    Value apply(E expression) throws Untranslatable;
  }

  /** PostgreSQL's precedences (gram.y), lowest first. */
  private static final int OR = 1;

  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int IS = 4;
  private static final int COMPARISON = 5;
  private static final int LIKE = 6;
  private static final int OTHER = 7;
  private static final int SUM = 8;
  private static final int PRODUCT = 9;
  private static final int SIGN = 12;
  private static final int CAST = 13;
  private static final int UNIT = 20;

  private static final Map<Class<?>, Integer> PRECEDENCES =
      Map.ofEntries(
          Map.entry(OrExpression.class, OR),
          Map.entry(AndExpression.class, AND),
          Map.entry(NotExpression.class, NOT),
          Map.entry(IsNullExpression.class, IS),
          Map.entry(IsBooleanExpression.class, IS),
          Map.entry(IsUnknownExpression.class, IS),
          Map.entry(IsDistinctExpression.class, IS),
          Map.entry(EqualsTo.class, COMPARISON),
          Map.entry(NotEqualsTo.class, COMPARISON),
          Map.entry(MinorThan.class, COMPARISON),
          Map.entry(MinorThanEquals.class, COMPARISON),
          Map.entry(GreaterThan.class, COMPARISON),
          Map.entry(GreaterThanEquals.class, COMPARISON),
          Map.entry(LikeExpression.class, LIKE),
          Map.entry(InExpression.class, LIKE),
          Map.entry(Between.class, LIKE),
          Map.entry(Concat.class, OTHER),
          Map.entry(Addition.class, SUM),
          Map.entry(Subtraction.class, SUM),
          Map.entry(Multiplication.class, PRODUCT),
          Map.entry(Division.class, PRODUCT),
          Map.entry(Modulo.class, PRODUCT),
          Map.entry(SignedExpression.class, SIGN),
          Map.entry(CastExpression.class, CAST));

  private final Map<Class<?>, Rule<Expression>> rules =
      Map.ofEntries(
          rule(OrExpression.class, e -> chain(e, OR, " OR ")),
          rule(AndExpression.class, e -> chain(e, AND, " AND ")),
          rule(NotExpression.class, this::not),
          rule(IsNullExpression.class, this::isNull),
          rule(IsBooleanExpression.class, this::isBoolean),
          rule(IsUnknownExpression.class, this::isUnknown),
          rule(IsDistinctExpression.class, this::isDistinct),
          rule(EqualsTo.class, e -> comparison("=", e)),
          rule(NotEqualsTo.class, e -> comparison("<>", e)),
          rule(MinorThan.class, e -> comparison("<", e)),
          rule(MinorThanEquals.class, e -> comparison("<=", e)),
          rule(GreaterThan.class, e -> comparison(">", e)),
          rule(GreaterThanEquals.class, e -> comparison(">=", e)),
          rule(LikeExpression.class, this::like),
          rule(InExpression.class, this::in),
          rule(Between.class, this::between),
          rule(Concat.class, this::concat),
          rule(Addition.class, e -> arithmetic("+", e, SUM)),
          rule(Subtraction.class, e -> arithmetic("-", e, SUM)),
          rule(Multiplication.class, e -> arithmetic("*", e, PRODUCT)),
          rule(Division.class, e -> arithmetic("/", e, PRODUCT)),
          rule(Modulo.class, e -> arithmetic("%", e, PRODUCT)),
          rule(SignedExpression.class, this::sign),
          rule(CastExpression.class, this::cast),
          rule(ParenthesedExpressionList.class, this::brackets),
          rule(Column.class, this::column),
          rule(LongValue.class, e -> number(e.getStringValue())),
          rule(DoubleValue.class, e -> number(e.toString())),
          rule(StringValue.class, e -> Value.unknownText(context().form().string(e.getValue()))),
          rule(BooleanValue.class, e -> Value.bool(e.getValue())),
          rule(NullValue.class, e -> Value.untypedNull()),
          rule(JdbcParameter.class, e -> context().parameter(e.getIndex())),
          rule(CaseExpression.class, this::cases),
          rule(Function.class, this::function),
          rule(AnalyticExpression.class, this::filtered),
          rule(ExistsExpression.class, e -> subqueries().exists(e)),
          rule(ParenthesedSelect.class, e -> subqueries().scalar(e)));

  private final QueryContext context;
  private final Scope scope;
  private final Subqueries subqueries;
  private final Aggregates aggregates;
  private boolean aggregatesAllowed;
  private boolean aggregated;
  private boolean inAggregate;

  ExpressionTranslator(QueryContext context, Scope scope) {
    this.context = context;
    this.scope = scope;
    this.subqueries = new Subqueries(context, scope);
    this.aggregates = new Aggregates(context.comparison());
  }

  private QueryContext context() {
    return context;
  }

  private Subqueries subqueries() {
    return subqueries;
  }

  /** Aggregates may stand in the target list, HAVING and ORDER BY only. */
  void allowAggregates(boolean allowed) {
    aggregatesAllowed = allowed;
  }

  /** Correlated subqueries may stand in WHERE only. */
  void allowCorrelation(boolean allowed) {
    subqueries.allowCorrelation(allowed);
  }

  /** Whether an aggregate was met. */
  boolean aggregated() {
    return aggregated;
  }

  private static <E extends Expression> Map.Entry<Class<?>, Rule<Expression>> rule(
      Class<E> type, Rule<E> rule) {
    return Map.entry(type, expression -> rule.apply(type.cast(expression)));
  }

  Value translate(Expression expression) throws Untranslatable {
    Rule<Expression> rule = rules.get(expression.getClass());
    if (rule == null) {
      throw new Untranslatable(
          expression.getClass().getSimpleName() + " is evaluated by PostgreSQL");
    }
    return rule.apply(expression);
  }

  Value condition(Expression expression) throws Untranslatable {
    return asCondition(translate(expression));
  }

  private static Value asCondition(Value value) throws Untranslatable {
    if (value.type().is(Kind.UNKNOWN)) {
      return Coercion.cast(value, SqlType.BOOLEAN);
    }
    if (!value.type().is(Kind.BOOLEAN)) {
      throw new Untranslatable("a condition is no boolean");
    }
    return value;
  }

  /** An operand, which must bind at least so tightly. */
  private Value operand(Expression expression, int precedence) throws Untranslatable {
    if (precedence(expression) < precedence) {
      throw new Untranslatable("the grouping of operators has no rule");
    }
    return translate(expression);
  }

  private static int precedence(Expression expression) {
    if (expression instanceof CastExpression cast && isCall(cast)) {
      return UNIT;
    }
    return PRECEDENCES.getOrDefault(expression.getClass(), UNIT);
  }

  /** A chain of ANDs or ORs, which may be thousands long: without recursion on its left side. */
  private Value chain(BinaryExpression expression, int precedence, String separator)
      throws Untranslatable {
    List<Expression> terms = terms(expression);
    List<String> sql = new ArrayList<>(terms.size());
    for (Expression term : terms) {
      sql.add(asCondition(operand(term, precedence + 1)).sql());
    }
    return Value.of("(" + String.join(separator, sql) + ")", SqlType.BOOLEAN);
  }

  static List<Expression> terms(BinaryExpression chain) {
    List<Expression> terms = new ArrayList<>();
    Expression left = chain;
    while (left.getClass() == chain.getClass() && left instanceof BinaryExpression binary) {
      terms.add(binary.getRightExpression());
      left = binary.getLeftExpression();
    }
    terms.add(left);
    Collections.reverse(terms);
    return terms;
  }

  private Value not(NotExpression expression) throws Untranslatable {
    return negated(true, asCondition(operand(expression.getExpression(), NOT)));
  }

  private static Value negated(boolean not, Value condition) {
    return not ? Value.of("(NOT " + condition.sql() + ")", SqlType.BOOLEAN) : condition;
  }

  private Value isNull(IsNullExpression expression) throws Untranslatable {
    Value value = operand(expression.getLeftExpression(), COMPARISON);
    if (value.isParameter()) {
      String test = ParameterValue.expression(value) + " IS NULL";
      return negated(expression.isNot(), ParameterValue.condition(test));
    }
    if (!value.type().isNullAsAWhole()) {
      throw new Untranslatable("IS NULL of " + value.type().text() + " has no rule");
    }
    String operator = expression.isNot() ? " IS NOT NULL)" : " IS NULL)";
    return Value.of("(" + value.sql() + operator, SqlType.BOOLEAN);
  }

  private Value isBoolean(IsBooleanExpression expression) throws Untranslatable {
    Value value = asCondition(operand(expression.getLeftExpression(), COMPARISON));
    // IS TRUE is never null: unknown counts as false, for IS FALSE as true.
    String known = "coalesce(" + value.sql() + ", " + !expression.isTrue() + ")";
    Value result = Value.of(known, SqlType.BOOLEAN);
    return negated(expression.isNot() == expression.isTrue(), result);
  }

  private Value isUnknown(IsUnknownExpression expression) throws Untranslatable {
    Value value = asCondition(operand(expression.getLeftExpression(), COMPARISON));
    String operator = expression.isNot() ? " IS NOT NULL)" : " IS NULL)";
    return Value.of("(" + value.sql() + operator, SqlType.BOOLEAN);
  }

  private Value isDistinct(IsDistinctExpression expression) throws Untranslatable {
    Value left = operand(expression.getLeftExpression(), COMPARISON);
    Value right = operand(expression.getRightExpression(), COMPARISON);
    return context.comparison().distinct(expression.isNot(), left, right);
  }

  private static boolean isBareNull(Value value) {
    return value.isNull() && value.type().is(SqlType.Kind.UNKNOWN);
  }

  private Value comparison(String operator, BinaryExpression expression) throws Untranslatable {
    Value left = operand(expression.getLeftExpression(), LIKE);
    if (expression.getRightExpression() instanceof Function function) {
      String name = context.form().name(function.getName());
      if (name.equals(NormalForm.ANY) || name.equals(NormalForm.ALL)) {
        return new ArrayOperand(this, context).compare(operator, left, name, function);
      }
    }
    Value right = operand(expression.getRightExpression(), LIKE);
    if (operator.equals("=") && (isBareNull(left) || isBareNull(right))) {
      throw new Untranslatable("= NULL is what the setting transform_null_equals has it mean");
    }
    return context.comparison().compare(operator, left, right);
  }

  private Value like(LikeExpression expression) throws Untranslatable {
    boolean like = expression.getLikeKeyWord() == LikeExpression.KeyWord.LIKE;
    Value left = operand(expression.getLeftExpression(), OTHER);
    Value right = operand(expression.getRightExpression(), OTHER);
    boolean text = left.type().is(Kind.TEXT) || left.isUntypedText();
    if (!like || expression.isUseBinary() || !text) {
      throw new Untranslatable("this form of LIKE is evaluated by PostgreSQL");
    }
    char escape = '\\';
    if (expression.getEscape() != null) {
      String character = translate(expression.getEscape()).constantText().orElse("  ");
      if (character.length() > 1) {
        throw new Untranslatable("the escape character of LIKE has no rule");
      }
      escape = character.isEmpty() ? '\0' : character.charAt(0);
    }
    String sql = "(" + left.sql() + " LIKE " + LikePattern.presto(right, escape) + ")";
    return negated(expression.isNot(), Value.of(sql, SqlType.BOOLEAN));
  }

  private Value in(InExpression expression) throws Untranslatable {
    Value left = operand(expression.getLeftExpression(), OTHER);
    Expression right = expression.getRightExpression();
    if (right instanceof ParenthesedSelect select) {
      return negated(expression.isNot(), subqueries.in(left, select));
    }
    if (!(right instanceof ParenthesedExpressionList<?> list)) {
      throw new Untranslatable("this form of IN has no rule");
    }
    Value in = context.comparison().in(left, translateAll(list));
    return negated(expression.isNot(), in);
  }

  List<Value> translateAll(ExpressionList<?> expressions) throws Untranslatable {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(translate(expression));
    }
    return values;
  }

  private Value between(Between expression) throws Untranslatable {
    if (expression.isUsingSymmetric()) {
      throw new Untranslatable("BETWEEN SYMMETRIC has no rule");
    }
    Value value = operand(expression.getLeftExpression(), OTHER);
    Value low = operand(expression.getBetweenExpressionStart(), OTHER);
    Value high = operand(expression.getBetweenExpressionEnd(), OTHER);
    return negated(expression.isNot(), context.comparison().between(value, low, high));
  }

  private Value concat(Concat expression) throws Untranslatable {
    Value left = operand(expression.getLeftExpression(), OTHER);
    Value right = operand(expression.getRightExpression(), SUM);
    boolean text = isText(left) || isText(right);
    boolean literals = left.type().is(Kind.UNKNOWN) && right.type().is(Kind.UNKNOWN);
    boolean arrays = left.type().is(Kind.OPAQUE) || right.type().is(Kind.OPAQUE);
    if (!text || literals || arrays) {
      throw new Untranslatable("this form of || is evaluated by PostgreSQL");
    }
    Value a = Coercion.cast(left, SqlType.TEXT);
    Value b = Coercion.cast(right, SqlType.TEXT);
    return Value.of("(" + a.sql() + " || " + b.sql() + ")", SqlType.TEXT);
  }

  private static boolean isText(Value value) {
    return value.type().is(Kind.TEXT) || value.type().is(Kind.UNKNOWN);
  }

  private Value arithmetic(String operator, BinaryExpression expression, int precedence)
      throws Untranslatable {
    Value left = operand(expression.getLeftExpression(), precedence);
    Value right = operand(expression.getRightExpression(), precedence + 1);
    return Arithmetic.apply(operator, left, right);
  }

  private Value sign(SignedExpression expression) throws Untranslatable {
    Value value = operand(expression.getExpression(), SIGN);
    return switch (expression.getSign()) {
      case '-' -> Arithmetic.negate(value);
      case '+' -> value;
      default -> throw new Untranslatable("a sign has no rule");
    };
  }

  private Value cast(CastExpression expression) throws Untranslatable {
    Value value = operand(expression.getLeftExpression(), isCall(expression) ? OR : CAST);
    String type = context.form().type(expression.getColDataType().getDataType());
    if (type.startsWith("interval")) {
      String fields = type.substring("interval".length()).trim();
      String text =
          value.constantText().orElseThrow(() -> new Untranslatable("an interval is no literal"));
      return Value.span(Moments.interval(text, fields));
    }
    if (isCall(expression) && !expression.keyword.equalsIgnoreCase("cast")) {
      throw new Untranslatable(expression.keyword + " has no rule");
    }
    SqlType target =
        SqlType.named(type)
            .orElseThrow(() -> new Untranslatable("the type " + type + " has no rule"));
    return Coercion.cast(value, target);
  }

  /** Whether it was written as CAST(… AS …) rather than with two colons. */
  private static boolean isCall(CastExpression expression) {
    return expression.keyword != null && !expression.keyword.isEmpty();
  }

  private Value brackets(ParenthesedExpressionList<?> list) throws Untranslatable {
    if (list.size() != 1 || list.getClass() != ParenthesedExpressionList.class) {
      throw new Untranslatable("rows as values are evaluated by PostgreSQL");
    }
    return translate(list.get(0));
  }

  private Value column(Column column) throws Untranslatable {
    if (column.getArrayConstructor() != null) {
      throw new Untranslatable("subscripts are evaluated by PostgreSQL");
    }
    return scope.resolve(names(column), inAggregate);
  }

  List<String> names(Column column) throws Untranslatable {
    List<String> names = new ArrayList<>(3);
    if (column.getTable() != null) {
      names.addAll(FromTranslator.names(column.getTable(), context.form()));
    }
    names.add(context.form().name(column.getColumnName()));
    return names;
  }

  private static Value number(String digits) throws Untranslatable {
    BigDecimal value = new BigDecimal(digits);
    boolean integer = digits.chars().allMatch(Character::isDigit);
    if (!integer) {
      return Value.numeric(value);
    }
    int bits = value.toBigInteger().bitLength();
    if (bits > 63) {
      return Value.numeric(value);
    }
    return Value.integer(value, bits > 31 ? SqlType.BIGINT : SqlType.INTEGER);
  }

  private Value cases(CaseExpression expression) throws Untranslatable {
    Optional<Value> subject = Optional.empty();
    if (expression.getSwitchExpression() != null) {
      subject = Optional.of(translate(expression.getSwitchExpression()));
    }
    List<String> conditions = new ArrayList<>();
    List<Value> results = new ArrayList<>();
    for (WhenClause when : expression.getWhenClauses()) {
      Value condition = translate(when.getWhenExpression());
      conditions.add(
          subject.isPresent()
              ? context.comparison().compare("=", subject.get(), condition).sql()
              : asCondition(condition).sql());
      results.add(translate(when.getThenExpression()));
    }
    Expression otherwise = expression.getElseExpression();
    results.add(otherwise == null ? Value.untypedNull() : translate(otherwise));
    List<Value> unified = Coercion.unify(results);
    StringBuilder sql = new StringBuilder("(case");
    for (int i = 0; i < conditions.size(); i++) {
      sql.append(" when ").append(conditions.get(i));
      sql.append(" then ").append(unified.get(i).sql());
    }
    sql.append(" else ").append(unified.get(unified.size() - 1).sql()).append(" end)");
    return Value.of(sql.toString(), Functions.widest(unified));
  }

  private Value function(Function function) throws Untranslatable {
    if (function.getMultipartName().size() > 1
        || function.getOrderByElements() != null
        || function.getNamedParameters() != null
        || function.isUnique()) {
      throw new Untranslatable("this form of a call has no rule");
    }
    String name = context.form().name(function.getName());
    ExpressionList<?> parameters =
        function.getParameters() == null ? new ExpressionList<>() : function.getParameters();
    if (Aggregates.isAggregate(name)) {
      boolean rows = parameters.size() == 1 && parameters.get(0).getClass() == AllColumns.class;
      return aggregate(name, function.isDistinct(), rows, parameters, Optional.empty());
    }
    if (function.isDistinct()) {
      throw new Untranslatable("function " + name + " is evaluated by PostgreSQL");
    }
    if (name.equals("nullif") && parameters.size() == 2) {
      return nullif(translate(parameters.get(0)), translate(parameters.get(1)));
    }
    return Functions.call(name, translateAll(parameters));
  }

  private Value nullif(Value value, Value other) throws Untranslatable {
    Value typed = value.type().is(Kind.UNKNOWN) ? Coercion.cast(value, SqlType.TEXT) : value;
    String equal = context.comparison().compare("=", typed, other).sql();
    boolean known = typed.type().kind() == other.type().kind() || other.type().is(Kind.UNKNOWN);
    if (!known) {
      // The result has the type that the comparison gives its left side.
      throw new Untranslatable("nullif of two types has no rule");
    }
    return Value.of(
        "(case when " + equal + " then null else " + typed.sql() + " end)", typed.type());
  }

  private Value filtered(AnalyticExpression expression) throws Untranslatable {
    boolean plain =
        expression.getType() == AnalyticType.FILTER_ONLY
            && expression.getFilterExpression() != null
            && expression.getOffset() == null
            && expression.getDefaultValue() == null
            && !expression.isUnique()
            && expression.getFuncOrderBy() == null;
    String name = context.form().name(expression.getName());
    if (!plain || !Aggregates.isAggregate(name)) {
      throw new Untranslatable("function " + name + " is evaluated by PostgreSQL");
    }
    boolean rows = expression.isAllColumns() || expression.getExpression() instanceof AllColumns;
    ExpressionList<Expression> parameters = new ExpressionList<>();
    if (expression.getExpression() != null && !rows) {
      parameters.add(expression.getExpression());
    }
    boolean outside = inAggregate;
    inAggregate = true;
    Value filter = condition(expression.getFilterExpression());
    inAggregate = outside;
    return aggregate(name, expression.isDistinct(), rows, parameters, Optional.of(filter));
  }

  private Value aggregate(
      String name,
      boolean distinct,
      boolean rows,
      ExpressionList<?> parameters,
      Optional<Value> filter)
      throws Untranslatable {
    if (!aggregatesAllowed || inAggregate) {
      throw new Untranslatable("an aggregate stands where none may");
    }
    aggregated = true;
    if (rows) {
      if (!name.equals("count") || distinct) {
        throw new Untranslatable(name + "(*) has no rule");
      }
      return Aggregates.countRows(filter);
    }
    if (parameters.size() != 1) {
      throw new Untranslatable("this form of " + name + " has no rule");
    }
    inAggregate = true;
    Value argument = translate(parameters.get(0));
    inAggregate = false;
    return aggregates.call(name, distinct, argument, filter);
  }
}
