package io.prestogres.functions;

/** Elements of PostgreSQL's array literals. */
final class ArrayLiterals {
  private ArrayLiterals() {}

  /** Quoted always: then no text is mistaken for NULL, and only two signs need a backslash. */
  static void appendQuoted(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }
}
