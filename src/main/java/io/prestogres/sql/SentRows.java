package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that PostgreSQL computes and that go to Presto with the statement, all in one parameter: a
 * JSON array with an array of texts for each row. Presto bounds the length of a statement; more
 * rows than fit are its error, and none is written.
 */
final class SentRows {

  private final List<ShellColumn> columns;

  SentRows(List<ShellColumn> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Presto's query of the rows, with one {@code ?}. */
  String prestoQuery() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(new AssignedValue(columns.get(i)).read("r[" + (i + 1) + "]"));
    }
    return "SELECT "
        + String.join(", ", values)
        + " FROM UNNEST(CAST(json_parse(CAST(? AS varchar)) AS array(array(varchar)))) AS u (r)";
  }

  /** PostgreSQL's expression of the rows of a query. */
  String ofQuery(String query) throws Untranslatable {
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      names.add("c" + (i + 1));
      texts.add(new AssignedValue(columns.get(i)).text("v.c" + (i + 1)));
    }
    return json("ARRAY[" + String.join(", ", texts) + "]", "(" + query + ")", names);
  }

  /**
   * PostgreSQL's expression of the rows of VALUES. Each value is converted by itself, as INSERT
   * does, and not to a type that all rows have in common.
   */
  String ofValues(Tokens tokens, Range values) throws Untranslatable {
    List<String> rows = new ArrayList<>();
    for (Range row : Lists.split(tokens, values.from() + 1, values.to())) {
      boolean plain =
          tokens.punctuation(row.from(), '(')
              && tokens.afterBracket(row.from(), row.to()) == row.to();
      if (!plain) {
        throw new Untranslatable("a clause behind VALUES has no counterpart on Presto");
      }
      rows.add("(ARRAY[" + row(tokens, row) + "]::pg_catalog.text[])");
    }
    return json("v.c1", "(VALUES " + String.join(", ", rows) + ")", List.of("c1"));
  }

  private String row(Tokens tokens, Range row) throws Untranslatable {
    List<Range> values = Lists.split(tokens, row.from() + 1, row.to() - 1);
    if (values.size() != columns.size()) {
      throw new Untranslatable("the rows of VALUES differ in length");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Range value = values.get(i);
      if (value.isEmpty() || tokens.word(value.from(), "default")) {
        throw new Untranslatable("DEFAULT as a value has no counterpart on Presto");
      }
      String expression =
          tokens
              .text()
              .substring(tokens.get(value.from()).start(), tokens.get(value.to() - 1).end());
      texts.add(new AssignedValue(columns.get(i)).text(expression));
    }
    return String.join(", ", texts);
  }

  private static String json(String row, String from, List<String> names) {
    return "(SELECT COALESCE(pg_catalog.json_agg(pg_catalog.to_json("
        + row
        + "::pg_catalog.text[]))::pg_catalog.text, '[]') FROM "
        + from
        + " AS v ("
        + String.join(", ", names)
        + "))";
  }
}
