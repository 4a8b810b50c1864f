package io.prestogres.presto;

import io.prestogres.presto.PrestoType.Scalar;

/** The scalar part of the table in {@link PrestoType}. */
final class PostgresTypes {
  /** MaxAttrSize, PostgreSQL's limit of n in varchar(n) and char(n). */
  private static final int MAX_ATTR_SIZE = 10 * 1024 * 1024;

  /** MAX_TIMESTAMP_PRECISION and MAX_TIME_PRECISION. */
  private static final int MAX_TIME_PRECISION = 6;

  private PostgresTypes() {}

  static String ofScalar(Scalar type) {
    return switch (type.name()) {
      case "boolean", "smallint", "integer", "bigint", "real", "date", "uuid" -> type.name();
      case "tinyint" -> "smallint";
      case "double" -> "double precision";
      case "decimal" -> withArguments("numeric", type.arguments().replace(" ", ""));
      case "varchar" -> sized("character varying", type);
      case "char" -> sized("character", type);
      case "varbinary" -> "bytea";
      case "json" -> "jsonb";
      case "time", "timestamp" -> timed(type.name(), type) + " without time zone";
      case "time with time zone" -> timed("time", type) + " with time zone";
      case "timestamp with time zone" -> timed("timestamp", type) + " with time zone";
      case "interval day to second", "interval year to month" -> "interval";
      case "ipaddress" -> "inet";
      default -> "text";
    };
  }

  static String withArguments(String name, String arguments) {
    if (arguments.isEmpty()) {
      return name;
    }
    int space = name.indexOf(' ');
    return space < 0
        ? name + "(" + arguments + ")"
        : name.substring(0, space) + "(" + arguments + ")" + name.substring(space);
  }

  private static String sized(String name, Scalar type) {
    int length = type.firstArgument().orElse(0);
    return length < 1 || length > MAX_ATTR_SIZE ? "text" : name + "(" + length + ")";
  }

  private static String timed(String name, Scalar type) {
    return type.firstArgument().isEmpty()
        ? name
        : name + "(" + Math.min(type.firstArgument().getAsInt(), MAX_TIME_PRECISION) + ")";
  }
}
