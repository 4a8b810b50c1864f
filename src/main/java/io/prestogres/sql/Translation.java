package io.prestogres.sql;

import java.util.List;

/**
 * A query for Presto.
 *
 * @param prestoSql its text, with a {@code ?} for each parameter
 * @param parameters PostgreSQL's expressions over {@code $1} and so on, of type text, one for each
 *     {@code ?} in the order of the text; what they give depends on no setting of the session
 * @param columns what the values of the result's columns can be read as, in order
 * @param outerLimits LIMIT and OFFSET that PostgreSQL has to apply to the result, with a blank in
 *     front; "" if there are none
 */
public record Translation(
    String prestoSql, List<String> parameters, List<OutputType> columns, String outerLimits) {

  public Translation {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }
}
