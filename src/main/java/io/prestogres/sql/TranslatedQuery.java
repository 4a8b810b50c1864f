package io.prestogres.sql;

import java.util.List;

/**
 * A translated query inside another or at the top.
 *
 * @param ordered whether it has an ORDER BY, which Presto forgets outside the query itself
 * @param limited whether it has LIMIT or OFFSET
 * @param oneRow whether it aggregates without grouping
 * @param correlated whether it names columns of the query around
 * @param joinable whether it does so in an equality that Presto can join by, and has no clause that
 *     would keep Presto from doing it
 */
record TranslatedQuery(
    String sql,
    List<OutputColumn> columns,
    boolean ordered,
    boolean limited,
    boolean oneRow,
    boolean correlated,
    boolean joinable) {

  TranslatedQuery {
    columns = List.copyOf(columns);
  }
}
