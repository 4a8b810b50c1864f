package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * Values that depend on parameters alone. PostgreSQL computes them, with its own casts, and hands
 * them to Presto as text from which Presto reads the very same value; no setting of the session
 * changes that text.
 *
 * <p>A parameter without such a text can still be cast, tested for NULL and, where {@link
 * ParameterBounds} has a rule, compared.
 */
final class ParameterValue {

  /** The types that parameters may have: what format_type calls them, and pg_type. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("boolean", "bool"),
          Map.entry("smallint", "int2"),
          Map.entry("integer", "int4"),
          Map.entry("bigint", "int8"),
          Map.entry("real", "float4"),
          Map.entry("double precision", "float8"),
          Map.entry("numeric", "numeric"),
          Map.entry("text", "text"),
          Map.entry("character varying", "varchar"),
          Map.entry("character", "bpchar"),
          Map.entry("bpchar", "bpchar"),
          Map.entry("bytea", "bytea"),
          Map.entry("uuid", "uuid"),
          Map.entry("date", "date"),
          Map.entry("timestamp without time zone", "timestamp"),
          Map.entry("timestamp with time zone", "timestamptz"));

  private ParameterValue() {}

  /** {@code $number}, whose type PostgreSQL has told. */
  static Value of(int number, String type) throws Untranslatable {
    boolean array = type.endsWith("[]");
    String element = array ? type.substring(0, type.length() - 2) : type;
    String internal = TYPES.get(element);
    if (internal == null) {
      throw new Untranslatable("parameters of type " + type + " are evaluated by PostgreSQL");
    }
    String expression = "$" + number + "::pg_catalog." + internal + (array ? "[]" : "");
    return value(expression, SqlType.named(type).orElseGet(() -> SqlType.opaque(type)));
  }

  /** The value of an expression of this type over parameters, in PostgreSQL's words. */
  static Value value(String expression, SqlType type) {
    return Value.ofParameter(presto(expression, type), type, expression);
  }

  /** A condition that PostgreSQL decides. */
  static Value condition(String expression) {
    return value("(" + expression + ")", SqlType.BOOLEAN);
  }

  /** PostgreSQL's expression. */
  static String expression(Value parameter) {
    return parameter.parameter().orElseThrow();
  }

  /** PostgreSQL's own cast: it has accepted the statement, and so the cast. */
  static Value cast(Value parameter, SqlType target) throws Untranslatable {
    if (parameter.type().equals(target)) {
      return parameter;
    }
    String internal =
        Optional.ofNullable(TYPES.get(target.text()))
            .orElseThrow(() -> new Untranslatable("a cast of a parameter has no rule"));
    String modifier = "";
    SqlType type = target;
    if (target.is(Kind.NUMERIC) && target.precision() > 0) {
      modifier = "(" + target.precision() + "," + target.scale() + ")";
    } else if (target.is(Kind.TEXT) && target.precision() > 0) {
      internal = "varchar";
      modifier = "(" + target.precision() + ")";
      type = SqlType.TEXT;
    }
    return value(expression(parameter) + "::pg_catalog." + internal + modifier, type);
  }

  /** The name of a type in pg_type. */
  static String internal(SqlType type) {
    return Optional.ofNullable(TYPES.get(type.text())).orElseThrow();
  }

  private static String presto(String expression, SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, TEXT -> plain(expression, type.presto());
      case NUMERIC ->
          // Without a scale of its own it would be printed with another one than PostgreSQL's.
          type.precision() == 0 ? MarkedText.WITHOUT_FORM : plain(expression, type.presto());
      case REAL -> bits("from_ieee754_32", "float4send", expression);
      case DOUBLE -> bits("from_ieee754_64", "float8send", expression);
      case DATE -> read(isoText(expression), "date");
      case OPAQUE -> opaque(expression, type.text());
      // Presto has no microseconds; its cast would drop them.
      case TIMESTAMP, INTERVAL, UNKNOWN -> MarkedText.WITHOUT_FORM;
    };
  }

  private static String opaque(String expression, String type) {
    return switch (type) {
      case "bytea" -> fromHex("pg_catalog.encode(" + expression + ", 'hex')");
      case "uuid" -> plain(expression, "uuid");
      default -> MarkedText.WITHOUT_FORM;
    };
  }

  private static String plain(String expression, String prestoType) {
    return read(expression + "::pg_catalog.text", prestoType);
  }

  /** Presto's cast of a text. */
  static String read(String text, String prestoType) {
    return "cast(" + MarkedText.mark(text) + " as " + prestoType + ")";
  }

  /** Every bit of a floating-point number: its text depends on extra_float_digits. */
  private static String bits(String read, String send, String expression) {
    return read
        + "("
        + fromHex("pg_catalog.encode(pg_catalog." + send + "(" + expression + "), 'hex')")
        + ")";
  }

  private static String fromHex(String digits) {
    return "from_hex(" + read(digits, "varchar") + ")";
  }

  /**
   * The text of a date or timestamp as JSON has it: ISO 8601 for every DateStyle. Presto refuses
   * what PostgreSQL puts into it for infinities and years before Christ.
   */
  static String isoText(String expression) {
    return "pg_catalog.jsonb_array_element_text(pg_catalog.jsonb_build_array("
        + expression
        + "), 0)";
  }
}
