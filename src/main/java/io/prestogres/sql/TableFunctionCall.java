package io.prestogres.sql;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The query that takes the place of the client's: a call of {@code fetch_presto_query_results}
 * whose rows are batches of column arrays, unfolded into rows.
 */
public final class TableFunctionCall {

  private static final Pattern MODIFIER = Pattern.compile("\\([^)]*\\)");

  private TableFunctionCall() {}

  /** The query's text for a translation, with its parameters and limits. */
  public static String text(Translation translation, List<ResultColumn> columns) {
    return text(translation.prestoSql(), translation.parameters(), columns)
        + translation.outerLimits();
  }

  /** The query's text for Presto's SQL without parameters. */
  public static String text(String prestoSql, List<ResultColumn> columns) {
    return text(prestoSql, List.of(), columns);
  }

  /**
   * The query's text. The function stands in a target list, where PostgreSQL streams it; in FROM it
   * would materialise all rows first. OFFSET 0 keeps the planner from moving it.
   *
   * @param prestoSql what Presto runs
   * @param parameters an expression of PostgreSQL's for each {@code ?} in it, in that order and of
   *     type text. The function's second argument holds their values: texts or NULL. Presto is
   *     asked what type it takes each {@code ?} for, and gets the text cast to that; where it knows
   *     none, as inside a cast, it gets a varchar.
   * @param columns names and types of the result, as PostgreSQL described the client's statement;
   *     at least one
   */
  public static String text(String prestoSql, List<String> parameters, List<ResultColumn> columns) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a result without columns has nothing to count rows by");
    }
    String targets =
        IntStream.range(0, columns.size())
            .mapToObj(i -> target(i + 1, columns.get(i)))
            .collect(Collectors.joining(", "));
    return "SELECT "
        + targets
        + " FROM (SELECT "
        + call(prestoSql, parameters)
        + " AS b OFFSET 0) t";
  }

  /** The call itself, whose rows are batches. */
  static String call(String prestoSql, List<String> parameters) {
    String values =
        parameters.isEmpty()
            ? "'{}'"
            : "ARRAY[" + String.join(", ", parameters) + "]::pg_catalog.text[]";
    return "prestogres.fetch_presto_query_results("
        + SqlQuoting.literal(prestoSql)
        + ", "
        + values
        + ")";
  }

  private static String target(int index, ResultColumn column) {
    String type = column.postgresType();
    String value;
    if (type.endsWith("[]")) {
      // The elements of an array of arrays would be one flat list to unnest.
      value = "unnest(b[" + index + "]::text[])::" + type;
    } else {
      // unnest forgets a modifier, so the cast that sets it stands outside.
      String base = withoutModifier(type);
      String rows = "unnest(b[" + index + "]::" + base + "[])";
      value = type.equals(base) ? rows : rows + "::" + type;
    }
    return value + " AS " + SqlQuoting.identifier(column.name());
  }

  private static String withoutModifier(String type) {
    String base = MODIFIER.matcher(type).replaceFirst("");
    // character alone would mean character(1).
    return base.equals("character") ? "bpchar" : base;
  }
}
