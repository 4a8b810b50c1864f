package io.prestogres.sql;

import java.util.List;

/**
 * A statement for Presto that writes.
 *
 * @param prestoSql its text, with a {@code ?} for each parameter
 * @param parameters PostgreSQL's expressions of type text, one for each {@code ?}; each is
 *     evaluated once
 * @param tag the command tag that PostgreSQL would give, without the number of rows
 * @param counted whether the number of rows follows the tag
 * @param changesCatalog whether tables or views come, go or change
 */
public record PrestoWrite(
    String prestoSql,
    List<String> parameters,
    String tag,
    boolean counted,
    boolean changesCatalog) {

  public PrestoWrite {
    parameters = List.copyOf(parameters);
  }

  /** One that changes rows, of which Presto tells the number. */
  static PrestoWrite ofRows(String prestoSql, List<String> parameters, String tag) {
    return new PrestoWrite(prestoSql, parameters, tag, true, false);
  }

  /** One that changes the catalogue. */
  static PrestoWrite ofDefinition(String prestoSql, String tag) {
    return new PrestoWrite(prestoSql, List.of(), tag, false, true);
  }

  /**
   * The query that runs it: one row of one text, whatever Presto answers, once Presto has come to
   * its end. The aggregate reads on to there, also for a client that asks for one row only.
   */
  public String asQuery() {
    return "SELECT pg_catalog.max(t.b[1]) AS written FROM (SELECT "
        + TableFunctionCall.call(prestoSql, parameters)
        + " AS b OFFSET 0) t";
  }
}
