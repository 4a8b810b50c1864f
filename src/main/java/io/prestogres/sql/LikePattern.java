package io.prestogres.sql;

/** A LIKE pattern of PostgreSQL's, written for Presto, which has no escape character by default. */
final class LikePattern {

  private LikePattern() {}

  /**
   * The literal for Presto, with an ESCAPE clause where a wildcard stands for itself.
   *
   * @param escape PostgreSQL's escape character; '\0' for none
   */
  static String presto(String pattern, char escape) throws Untranslatable {
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
