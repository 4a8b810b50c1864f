package io.prestogres.sql;

import java.util.List;

/**
 * A query for Presto.
 *
 * @param columns what the values of the result's columns can be read as, in order
 */
public record Translation(String prestoSql, List<OutputType> columns) {

  public Translation {
    columns = List.copyOf(columns);
  }
}
