package io.prestogres.sql;

/** A LIKE pattern of PostgreSQL's, written for Presto, which has no escape character by default. */
final class LikePattern {

  private LikePattern() {}

  /**
   * The pattern for Presto, from a constant or a parameter.
   *
   * @param escape PostgreSQL's escape character; '\0' for none
   */
  static String presto(Value pattern, char escape) throws Untranslatable {
    if (pattern.isParameter() && pattern.type().is(SqlType.Kind.TEXT)) {
      return ofParameter(pattern, escape);
    }
    return presto(
        pattern.constantText().orElseThrow(() -> new Untranslatable("a pattern is not constant")),
        escape);
  }

  /** Presto knows an escape character only before wildcards and itself; PostgreSQL drops others. */
  private static String ofParameter(Value pattern, char escape) throws Untranslatable {
    if (escape == '\0') {
      return pattern.sql();
    }
    if (escape != '\\') {
      throw new Untranslatable("the escape character of LIKE has no rule");
    }
    String needed =
        "pg_catalog.regexp_replace("
            + ParameterValue.expression(pattern)
            + "::pg_catalog.text, "
            + SqlQuoting.literal("(\\\\[\\\\%_])|\\\\([^\\\\%_])")
            + ", "
            + SqlQuoting.literal("\\1\\2")
            + ", 'g')";
    return ParameterValue.read(needed, "varchar") + " ESCAPE '\\'";
  }

  /**
   * The literal for Presto, with an ESCAPE clause where a wildcard stands for itself.
   *
   * @param escape PostgreSQL's escape character; '\0' for none
   */
  private static String presto(String pattern, char escape) throws Untranslatable {
    StringBuilder escaped = new StringBuilder(pattern.length());
    boolean needed = false;
    int i = 0;
    while (i < pattern.length()) {
      char c = pattern.charAt(i++);
      boolean literal = c == escape && escape != '\0';
      if (literal) {
        if (i == pattern.length()) {
          throw new Untranslatable("a pattern ends in its escape character");
        }
        c = pattern.charAt(i++);
      }
      boolean wildcard = c == '%' || c == '_';
      if (c == '\\' || (literal && wildcard)) {
        escaped.append('\\');
        needed = true;
      }
      escaped.append(c);
    }
    return SqlQuoting.prestoLiteral(escaped.toString()) + (needed ? " ESCAPE '\\'" : "");
  }
}
