package io.prestogres.sql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of an expression: PostgreSQL's, and for numeric also the Presto decimal that holds it.
 *
 * @param precision of a numeric, or 0 if it has none; the length of a varchar(n) to cast to, or 0
 * @param scale of a numeric: the number of digits that PostgreSQL prints behind the point
 * @param text for {@link Kind#OPAQUE} the type's text
 */
record SqlType(Kind kind, int precision, int scale, String text) {

  static final int MOST_DIGITS = 38;

  enum Kind {
    BOOLEAN("boolean"),
    SMALLINT("smallint"),
    INTEGER("integer"),
    BIGINT("bigint"),
    NUMERIC("numeric"),
    REAL("real"),
    DOUBLE("double precision"),
    TEXT("text"),
    DATE("date"),
    TIMESTAMP("timestamp without time zone"),
    INTERVAL("interval"),
    /** A literal whose type comes from where it stands. */
    UNKNOWN("text"),
    /** A column of any other type: it can be put out and counted, nothing else. */
    OPAQUE("");

    private final String postgres;

    Kind(String postgres) {
      this.postgres = postgres;
    }
  }

  static final SqlType BOOLEAN = of(Kind.BOOLEAN);
  static final SqlType SMALLINT = of(Kind.SMALLINT);
  static final SqlType INTEGER = of(Kind.INTEGER);
  static final SqlType BIGINT = of(Kind.BIGINT);
  static final SqlType REAL = of(Kind.REAL);
  static final SqlType DOUBLE = of(Kind.DOUBLE);
  static final SqlType TEXT = of(Kind.TEXT);
  static final SqlType DATE = of(Kind.DATE);
  static final SqlType TIMESTAMP = of(Kind.TIMESTAMP);
  static final SqlType INTERVAL = of(Kind.INTERVAL);
  static final SqlType UNKNOWN = of(Kind.UNKNOWN);

  private static final Pattern DECIMAL =
      Pattern.compile("(?:numeric|decimal|dec)\\((\\d{1,4})(?:,(\\d{1,4}))?\\)");
  private static final Pattern VARCHAR =
      Pattern.compile("(?:character varying|varchar|char varying)(?:\\((\\d{1,8})\\))?");
  private static final Pattern TIME_STAMP =
      Pattern.compile("timestamp(?:\\([36]\\))?(?: without time zone)?");

  /** Types of PostgreSQL's own that are not composite. */
  private static final Pattern SIMPLE =
      Pattern.compile(
          "(char|bpchar|text|time|interval|json|bytea|uuid|inet|numeric|real|smallint)");

  private static SqlType of(Kind kind) {
    return new SqlType(kind, 0, 0, kind.postgres);
  }

  static SqlType numeric(int precision, int scale) {
    return new SqlType(Kind.NUMERIC, precision, scale, Kind.NUMERIC.postgres);
  }

  static SqlType opaque(String postgresType) {
    return new SqlType(Kind.OPAQUE, 0, 0, postgresType);
  }

  /** The type that a cast names, if there is a rule for it. */
  static Optional<SqlType> named(String name) {
    String compact = name.replace(", ", ",");
    switch (compact) {
      case "boolean", "bool" -> {
        return Optional.of(BOOLEAN);
      }
      case "smallint", "int2" -> {
        return Optional.of(SMALLINT);
      }
      case "integer", "int", "int4" -> {
        return Optional.of(INTEGER);
      }
      case "bigint", "int8" -> {
        return Optional.of(BIGINT);
      }
      case "real", "float4" -> {
        return Optional.of(REAL);
      }
      case "double precision", "float8", "float" -> {
        return Optional.of(DOUBLE);
      }
      case "numeric", "decimal", "dec" -> {
        return Optional.of(numeric(0, 0));
      }
      case "text" -> {
        return Optional.of(TEXT);
      }
      case "date" -> {
        return Optional.of(DATE);
      }
      default -> {
        return parametric(compact);
      }
    }
  }

  private static Optional<SqlType> parametric(String name) {
    Matcher decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2));
      boolean fits = precision > 0 && precision <= MOST_DIGITS && scale <= precision;
      return fits ? Optional.of(numeric(precision, scale)) : Optional.empty();
    }
    Matcher varchar = VARCHAR.matcher(name);
    if (varchar.matches()) {
      int length = varchar.group(1) == null ? 0 : Integer.parseInt(varchar.group(1));
      return Optional.of(new SqlType(Kind.TEXT, length, 0, Kind.TEXT.postgres));
    }
    if (TIME_STAMP.matcher(name).matches() && !name.contains("(")) {
      return Optional.of(TIMESTAMP);
    }
    return Optional.empty();
  }

  /**
   * The type of a shell's column. Only pairs of types with the same values on both sides are more
   * than opaque.
   */
  static SqlType ofColumn(ShellColumn column) {
    String presto = column.prestoType().toLowerCase(java.util.Locale.ROOT).replace(", ", ",");
    String postgres = column.postgresType();
    boolean same =
        switch (presto) {
          case "boolean", "smallint", "integer", "bigint", "real", "date" ->
              presto.equals(postgres);
          case "double" -> postgres.equals("double precision");
          case "timestamp", "timestamp(3)" -> TIME_STAMP.matcher(postgres).matches();
          default -> presto.startsWith("varchar") || presto.startsWith("decimal(");
        };
    if (!same) {
      return opaque(postgres);
    }
    if (presto.startsWith("timestamp")) {
      return TIMESTAMP;
    }
    Optional<SqlType> type = named(postgres);
    if (presto.startsWith("decimal")) {
      return type.filter(t -> t.equals(named(presto).orElse(UNKNOWN))).orElse(opaque(postgres));
    }
    if (presto.startsWith("varchar")) {
      return type.filter(t -> t.kind() == Kind.TEXT).map(t -> TEXT).orElse(opaque(postgres));
    }
    return type.orElse(opaque(postgres));
  }

  boolean is(Kind other) {
    return kind == other;
  }

  /** Whether IS NULL asks for the value itself; a composite's asks for all of its fields. */
  boolean isNullAsAWhole() {
    return switch (kind) {
      case INTERVAL -> false;
      case OPAQUE -> text.endsWith("[]") || SIMPLE.matcher(text).lookingAt();
      default -> true;
    };
  }

  boolean isInteger() {
    return kind == Kind.SMALLINT || kind == Kind.INTEGER || kind == Kind.BIGINT;
  }

  boolean isFloat() {
    return kind == Kind.REAL || kind == Kind.DOUBLE;
  }

  boolean isNumber() {
    return isInteger() || isFloat() || kind == Kind.NUMERIC;
  }

  boolean isTime() {
    return kind == Kind.DATE || kind == Kind.TIMESTAMP;
  }

  /** The decimal digits that every value of an integer type fits into. */
  int integerDigits() {
    return switch (kind) {
      case SMALLINT -> 5;
      case INTEGER -> 10;
      default -> 19;
    };
  }

  /** The type's name on Presto. */
  String presto() {
    return switch (kind) {
      case NUMERIC -> "decimal(" + precision + "," + scale + ")";
      case DOUBLE -> "double";
      case TEXT, UNKNOWN -> precision > 0 ? "varchar(" + precision + ")" : "varchar";
      case TIMESTAMP -> "timestamp";
      default -> text;
    };
  }
}
