package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Calls of functions that are evaluated row by row. */
final class Functions {

  @FunctionalInterface
  private interface Rule {
    Value apply(String name, List<Value> arguments) throws Untranslatable;
  }

  private static final Set<String> DATE_UNITS =
      Set.of("year", "quarter", "month", "week", "day", "doy");
  private static final Set<String> TIME_UNITS = Set.of("hour", "minute");
  private static final Set<String> TRUNCATIONS =
      Set.of("second", "minute", "hour", "day", "week", "month", "quarter", "year");

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          Map.entry("coalesce", Functions::coalesce),
          Map.entry("abs", Functions::abs),
          Map.entry("floor", Functions::whole),
          Map.entry("ceil", Functions::whole),
          Map.entry("ceiling", Functions::whole),
          Map.entry("round", Functions::round),
          Map.entry("length", Functions::length),
          Map.entry("char_length", Functions::length),
          Map.entry("character_length", Functions::length),
          Map.entry("substring", Functions::substring),
          Map.entry("substr", Functions::substring),
          Map.entry("left", Functions::left),
          Map.entry("strpos", Functions::position),
          Map.entry("position", Functions::position),
          Map.entry(NormalForm.POSITION, Functions::positionIn),
          Map.entry("replace", Functions::replace),
          Map.entry("reverse", Functions::reverse),
          Map.entry("extract", Functions::extract),
          Map.entry("date_part", Functions::datePart),
          Map.entry("date_trunc", Functions::dateTrunc));

  private Functions() {}

  static Value call(String name, List<Value> arguments) throws Untranslatable {
    Rule rule = RULES.get(name);
    if (rule == null) {
      throw new Untranslatable("function " + name + " is evaluated by PostgreSQL");
    }
    return rule.apply(name, arguments);
  }

  private static Untranslatable refused(String name) {
    return new Untranslatable("this form of " + name + " is evaluated by PostgreSQL");
  }

  private static Value argument(String name, List<Value> arguments, int i, int count)
      throws Untranslatable {
    if (arguments.size() != count) {
      throw refused(name);
    }
    return arguments.get(i);
  }

  private static Value text(String name, Value value) throws Untranslatable {
    if (value.type().is(Kind.UNKNOWN)) {
      return Coercion.cast(value, SqlType.TEXT);
    }
    if (!value.type().is(Kind.TEXT)) {
      throw refused(name);
    }
    return value;
  }

  /** A constant integer. */
  private static int integer(String name, Value value) throws Untranslatable {
    Value typed = value.isUntypedText() ? Coercion.cast(value, SqlType.INTEGER) : value;
    Optional<BigDecimal> number = typed.number();
    if (number.isEmpty() || !typed.type().isInteger()) {
      throw refused(name);
    }
    try {
      return number.get().intValueExact();
    } catch (ArithmeticException e) {
      throw refused(name);
    }
  }

  private static Value coalesce(String name, List<Value> arguments) throws Untranslatable {
    List<Value> unified = Coercion.unify(arguments);
    if (unified.size() == 1) {
      return unified.get(0);
    }
    List<String> sql = new ArrayList<>(unified.size());
    for (Value value : unified) {
      sql.add(value.sql());
    }
    return Value.of("coalesce(" + String.join(", ", sql) + ")", widest(unified));
  }

  /** The type of unified values, with room for the longest of numerics. */
  static SqlType widest(List<Value> unified) {
    SqlType widest = unified.get(0).type();
    for (Value value : unified) {
      widest = value.type().precision() > widest.precision() ? value.type() : widest;
    }
    return widest;
  }

  private static Value abs(String name, List<Value> arguments) throws Untranslatable {
    Value value = argument(name, arguments, 0, 1);
    if (!value.type().isNumber() || value.type().is(Kind.REAL)) {
      throw refused(name);
    }
    return Value.of("abs(" + value.sql() + ")", value.type());
  }

  private static Value whole(String name, List<Value> arguments) throws Untranslatable {
    Value value = argument(name, arguments, 0, 1);
    String function = name.equals("floor") ? "floor" : "ceil";
    if (value.type().is(Kind.NUMERIC)) {
      int digits = value.type().precision() - value.type().scale() + 1;
      SqlType type = SqlType.numeric(Math.min(digits, SqlType.MOST_DIGITS), 0);
      return Value.of("cast(" + function + "(" + value.sql() + ") as " + type.presto() + ")", type);
    }
    if (!value.type().isNumber()) {
      throw refused(name);
    }
    Value floating = Coercion.cast(value, SqlType.DOUBLE);
    return Value.of(function + "(" + floating.sql() + ")", SqlType.DOUBLE);
  }

  /** Numeric only: both servers round halves away from zero there, but not for floats. */
  private static Value round(String name, List<Value> arguments) throws Untranslatable {
    if (arguments.isEmpty() || !arguments.get(0).type().is(Kind.NUMERIC)) {
      throw refused(name);
    }
    int scale = arguments.size() == 1 ? 0 : integer(name, argument(name, arguments, 1, 2));
    SqlType type = arguments.get(0).type();
    int whole = type.precision() - type.scale() + 1;
    if (scale < 0 || whole + scale > SqlType.MOST_DIGITS) {
      throw refused(name);
    }
    SqlType rounded = SqlType.numeric(whole + scale, scale);
    return Value.of("cast(" + arguments.get(0).sql() + " as " + rounded.presto() + ")", rounded);
  }

  private static Value length(String name, List<Value> arguments) throws Untranslatable {
    Value value = text(name, argument(name, arguments, 0, 1));
    return Value.of("cast(length(" + value.sql() + ") as integer)", SqlType.INTEGER);
  }

  /**
   * PostgreSQL's window of positions may begin before the text; Presto would count from its end.
   */
  private static Value substring(String name, List<Value> arguments) throws Untranslatable {
    if (arguments.size() != 2 && arguments.size() != 3) {
      throw refused(name);
    }
    Value value = text(name, arguments.get(0));
    if (arguments.get(1).isUntypedText()) {
      throw refused("substring with a pattern");
    }
    int start = integer(name, arguments.get(1));
    if (arguments.size() == 2) {
      return substr(value, Math.max(start, 1), "");
    }
    int length = integer(name, arguments.get(2));
    if (length < 0) {
      throw refused(name);
    }
    long visible = start < 1 ? Math.max(0L, (long) start + length - 1) : length;
    return substr(value, Math.max(start, 1), ", " + visible);
  }

  private static Value substr(Value value, int start, String length) {
    return Value.of("substr(" + value.sql() + ", " + start + length + ")", SqlType.TEXT);
  }

  private static Value left(String name, List<Value> arguments) throws Untranslatable {
    int length = integer(name, argument(name, arguments, 1, 2));
    if (length < 0) {
      throw refused(name);
    }
    return substr(text(name, arguments.get(0)), 1, ", " + length);
  }

  private static Value position(String name, List<Value> arguments) throws Untranslatable {
    Value text = text(name, argument(name, arguments, 0, 2));
    Value part = text(name, arguments.get(1));
    return Value.of(
        "cast(strpos(" + text.sql() + ", " + part.sql() + ") as integer)", SqlType.INTEGER);
  }

  private static Value positionIn(String name, List<Value> arguments) throws Untranslatable {
    Value part = argument("position", arguments, 0, 2);
    return position("position", List.of(arguments.get(1), part));
  }

  /** An empty search text changes nothing in PostgreSQL, and puts text everywhere in Presto. */
  private static Value replace(String name, List<Value> arguments) throws Untranslatable {
    Value text = text(name, argument(name, arguments, 0, 3));
    Value from = text(name, arguments.get(1));
    Value to = text(name, arguments.get(2));
    if (from.constantText().filter(t -> !t.isEmpty()).isEmpty()) {
      throw refused(name);
    }
    return Value.of(
        "replace(" + text.sql() + ", " + from.sql() + ", " + to.sql() + ")", SqlType.TEXT);
  }

  private static Value reverse(String name, List<Value> arguments) throws Untranslatable {
    Value value = text(name, argument(name, arguments, 0, 1));
    return Value.of("reverse(" + value.sql() + ")", SqlType.TEXT);
  }

  private static Value extract(String name, List<Value> arguments) throws Untranslatable {
    SqlType type = SqlType.numeric(10, 0);
    return Value.of("cast(" + field(name, arguments) + " as " + type.presto() + ")", type);
  }

  private static Value datePart(String name, List<Value> arguments) throws Untranslatable {
    return Value.of("cast(" + field(name, arguments) + " as double)", SqlType.DOUBLE);
  }

  private static String field(String name, List<Value> arguments) throws Untranslatable {
    String unit = argument(name, arguments, 0, 2).constantText().orElse("");
    Value time = arguments.get(1);
    boolean known =
        (DATE_UNITS.contains(unit) && time.type().isTime())
            || (TIME_UNITS.contains(unit) && time.type().is(Kind.TIMESTAMP));
    if (!known) {
      throw refused(name + " of " + unit);
    }
    if (unit.equals("year")) {
      // The year before 1 is -1 in PostgreSQL and 0 in Presto.
      String year = "year(" + time.sql() + ")";
      return "if(" + year + " > 0, " + year + ", " + year + " - 1)";
    }
    String function = unit.equals("doy") ? "day_of_year" : unit;
    return function + "(" + time.sql() + ")";
  }

  private static Value dateTrunc(String name, List<Value> arguments) throws Untranslatable {
    String unit = argument(name, arguments, 0, 2).constantText().orElse("");
    Value time = arguments.get(1);
    if (!TRUNCATIONS.contains(unit) || !time.type().is(Kind.TIMESTAMP)) {
      throw refused(name);
    }
    return Value.of("date_trunc('" + unit + "', " + time.sql() + ")", SqlType.TIMESTAMP);
  }
}
