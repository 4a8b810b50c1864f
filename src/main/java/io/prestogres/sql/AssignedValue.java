package io.prestogres.sql;

import io.prestogres.sql.SqlType.Kind;
import java.util.Locale;
import java.util.Set;

/**
 * How a value that PostgreSQL has computed gets into a column of Presto's: as a text that no
 * setting of the session changes, from which Presto reads the very same value.
 *
 * @param column the column that it is assigned to
 */
record AssignedValue(ShellColumn column) {

  private static final Set<String> JSON_ELEMENTS =
      Set.of("boolean", "smallint", "integer", "bigint", "text");

  /** Length of a varchar's modifier beside its length, VARHDRSZ. */
  private static final int HEADER = 4;

  /**
   * PostgreSQL's text of an expression that is assigned to the column. It raises the errors that
   * PostgreSQL would raise for the column, where a cast would silently shorten a text.
   */
  String text(String expression) throws Untranslatable {
    String type = column.postgresType();
    String value = "(" + expression + ")";
    SqlType kind = SqlType.ofColumn(column);
    return switch (kind.kind()) {
      case BOOLEAN, SMALLINT, INTEGER, BIGINT, NUMERIC ->
          value + "::pg_catalog." + internal(type) + "::pg_catalog.text";
      case REAL -> hex("pg_catalog.float4send(" + value + "::pg_catalog.float4)");
      case DOUBLE -> hex("pg_catalog.float8send(" + value + "::pg_catalog.float8)");
      case TEXT -> characters(value, type);
      case DATE -> ParameterValue.isoText(value + "::pg_catalog.date");
      case TIMESTAMP -> moment(value, "timestamp", fraction(type));
      default -> opaque(value, type);
    };
  }

  private static String internal(String type) {
    return type.startsWith("numeric") ? type : typeName(type);
  }

  private static String typeName(String type) {
    return switch (type) {
      case "boolean" -> "bool";
      case "smallint" -> "int2";
      case "integer" -> "int4";
      default -> "int8";
    };
  }

  private static String hex(String bytes) {
    return "pg_catalog.encode(" + bytes + ", 'hex')";
  }

  private String characters(String value, String type) throws Untranslatable {
    String text = value + "::pg_catalog.text";
    if (type.equals("text")) {
      if (!prestoType().equals("varchar")) {
        throw unwritable();
      }
      return text;
    }
    return input("varcharin", text, type);
  }

  /** By the type's own input function, which refuses a text that is too long. */
  private static String input(String function, String text, String type) {
    int open = type.indexOf('(');
    int length = Integer.parseInt(type.substring(open + 1, type.indexOf(')')));
    return "pg_catalog."
        + function
        + "(pg_catalog.textout("
        + text
        + "), 0, "
        + (length + HEADER)
        + ")::pg_catalog.text";
  }

  private static String fraction(String type) {
    int open = type.indexOf('(');
    return open < 0 ? "3" : type.substring(open + 1, type.indexOf(')'));
  }

  private static String moment(String value, String type, String fraction) {
    String rounded = value + "::pg_catalog." + type + "(" + fraction + ")";
    return "pg_catalog.replace(" + ParameterValue.isoText(rounded) + ", 'T', ' ')";
  }

  private String opaque(String value, String type) throws Untranslatable {
    String presto = prestoType();
    if (type.startsWith("timestamp") && type.endsWith("with time zone")) {
      String utc =
          "pg_catalog.timezone('UTC', "
              + value
              + "::pg_catalog.timestamptz("
              + fraction(type)
              + "))";
      return moment(utc, "timestamp", fraction(type)) + " || ' UTC'";
    }
    if (type.startsWith("character(")) {
      return input("bpcharin", value + "::pg_catalog.text", type);
    }
    if (type.startsWith("time") && type.endsWith("without time zone")) {
      return value + "::pg_catalog.time(" + fraction(type) + ")::pg_catalog.text";
    }
    if (type.endsWith("[]") && JSON_ELEMENTS.contains(element())) {
      return "pg_catalog.to_jsonb(" + value + "::" + type + ")::pg_catalog.text";
    }
    return switch (type) {
      case "smallint" -> value + "::pg_catalog.int2::pg_catalog.text";
      case "bytea" -> hex(value + "::pg_catalog.bytea");
      case "uuid" -> value + "::pg_catalog.uuid::pg_catalog.text";
      case "jsonb" -> {
        if (!presto.equals("json")) {
          throw unwritable();
        }
        yield value + "::pg_catalog.jsonb::pg_catalog.text";
      }
      default -> throw unwritable();
    };
  }

  private String element() {
    String type = column.postgresType();
    return type.substring(0, type.length() - 2);
  }

  private String prestoType() {
    return column.prestoType().toLowerCase(Locale.ROOT);
  }

  private Untranslatable unwritable() {
    return new Untranslatable(
        "values of column "
            + column.name()
            + ", which has type "
            + column.prestoType()
            + " on Presto, cannot be sent to it");
  }

  /** What Presto reads the value with from {@code text}, an expression of its own. */
  String read(String text) {
    SqlType type = SqlType.ofColumn(column);
    if (type.is(Kind.REAL)) {
      return "from_ieee754_32(from_hex(" + text + "))";
    }
    if (type.is(Kind.DOUBLE)) {
      return "from_ieee754_64(from_hex(" + text + "))";
    }
    String presto = prestoType();
    if (presto.equals("varbinary")) {
      return "from_hex(" + text + ")";
    }
    if (presto.equals("json")) {
      return "json_parse(" + text + ")";
    }
    return presto.startsWith("array(")
        ? "cast(json_parse(" + text + ") as " + presto + ")"
        : "cast(" + text + " as " + presto + ")";
  }
}
