package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Optional;

/** Arrays that are parameters, in {@code = ANY ($1)}. They go to Presto as JSON. */
final class ArrayParameter {

  private ArrayParameter() {}

  /** {@code $1::type} for a type of array. */
  static Value cast(Value array, String type) throws Untranslatable {
    return convert(array, elements(type));
  }

  private static SqlType elements(String arrayType) throws Untranslatable {
    Optional<SqlType> elements =
        arrayType.endsWith("[]")
            ? SqlType.named(arrayType.substring(0, arrayType.length() - 2))
            : Optional.empty();
    return elements
        .filter(type -> type.precision() == 0)
        .orElseThrow(() -> new Untranslatable("arrays of this type are evaluated by PostgreSQL"));
  }

  private static Value convert(Value array, SqlType elements) {
    String type = elements.text() + "[]";
    return array.type().text().equals(type)
        ? array
        : ParameterValue.value(
            ParameterValue.expression(array)
                + "::pg_catalog."
                + ParameterValue.internal(elements)
                + "[]",
            SqlType.opaque(type));
  }

  /**
   * Whether the array holds the value, as {@code =} compares: PostgreSQL says no for an empty array
   * even of NULL, Presto would not.
   */
  static String contains(Value array, Value value) throws Untranslatable {
    SqlType elements = elements(array.type().text());
    SqlType common = common(elements, value.type());
    Value searched = Coercion.cast(value, common);
    String converted = ParameterValue.expression(convert(array, common));
    Value empty =
        ParameterValue.condition(
            "pg_catalog.cardinality(" + converted + ") OPERATOR(pg_catalog.=) 0");
    String contains = "contains(" + sql(converted, common) + ", " + searched.sql() + ")";
    return "if(" + empty.sql() + ", false, " + contains + ")";
  }

  private static SqlType common(SqlType elements, SqlType value) throws Untranslatable {
    if (elements.isInteger() && value.isInteger()) {
      return SqlType.BIGINT;
    }
    boolean comparable =
        elements.is(Kind.TEXT) || elements.is(Kind.BOOLEAN) || elements.is(Kind.DATE);
    boolean same = elements.kind() == value.kind() || value.is(Kind.UNKNOWN);
    if (!comparable || !same) {
      throw new Untranslatable(
          "finding " + value.text() + " in " + elements.text() + "[] is evaluated by PostgreSQL");
    }
    return elements;
  }

  private static String sql(String expression, SqlType elements) {
    String json =
        "json_parse("
            + ParameterValue.read(
                "pg_catalog.to_jsonb(" + expression + ")::pg_catalog.text", "varchar")
            + ")";
    // Presto makes no dates of JSON.
    boolean date = elements.is(Kind.DATE);
    String array = "cast(" + json + " as array(" + (date ? "varchar" : elements.presto()) + "))";
    return date ? "cast(" + array + " as array(date))" : array;
  }
}
