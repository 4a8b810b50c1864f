package io.prestogres.sql;

import java.util.List;
import java.util.stream.Collectors;

/** Writes values and names as SQL text. */
public final class SqlQuoting {

  private SqlQuoting() {}

  /**
   * A PostgreSQL string literal that means the same for both settings of {@code
   * standard_conforming_strings}.
   */
  public static String literal(String value) {
    String quoted = "'" + value.replace("'", "''") + "'";
    return value.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }

  /** A PostgreSQL identifier, always in quotes. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A PostgreSQL name of several parts, each in quotes. */
  public static String name(List<String> parts) {
    return parts.stream().map(SqlQuoting::identifier).collect(Collectors.joining("."));
  }

  /** A Presto string literal; Presto has no escapes in it. */
  public static String prestoLiteral(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** A Presto identifier, always in quotes. */
  public static String prestoIdentifier(String name) {
    return identifier(name);
  }

  /** A Presto name of several parts, each in quotes. */
  public static String prestoName(List<String> parts) {
    return name(parts);
  }
}
