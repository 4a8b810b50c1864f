package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Presto's SQL with a {@code ?} for each of the parameters.
 *
 * <p>While a query is translated, its parts are moved and doubled. So each parameter stands in it
 * as a mark that holds PostgreSQL's expression between two NULs, which no SQL text can have; only
 * at the end is its place counted.
 *
 * @param parameters PostgreSQL's expressions, of type text, in the order of the {@code ?}
 */
record MarkedText(String sql, List<String> parameters) {

  private static final char NUL = '\0';

  /** Stands for a value that cannot be handed to Presto: it ends the translation if it is left. */
  static final String WITHOUT_FORM = mark("");

  MarkedText {
    parameters = List.copyOf(parameters);
  }

  static String mark(String expression) {
    return NUL + expression + NUL;
  }

  static boolean isMarked(String text) {
    return text.indexOf(NUL) >= 0;
  }

  /** Puts {@code ?} in place of the marks. */
  static MarkedText read(String marked) throws Untranslatable {
    StringBuilder sql = new StringBuilder(marked.length());
    List<String> parameters = new ArrayList<>();
    int position = 0;
    int start = marked.indexOf(NUL);
    while (start >= 0) {
      int end = marked.indexOf(NUL, start + 1);
      String expression = marked.substring(start + 1, end);
      if (expression.isEmpty()) {
        throw new Untranslatable("the value of a parameter is PostgreSQL's to use here");
      }
      sql.append(marked, position, start).append('?');
      parameters.add(expression);
      position = end + 1;
      start = marked.indexOf(NUL, position);
    }
    return new MarkedText(sql.append(marked, position, marked.length()).toString(), parameters);
  }
}
