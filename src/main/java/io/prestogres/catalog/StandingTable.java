package io.prestogres.catalog;

import io.prestogres.sql.Shell;
import java.util.Map;
import java.util.Set;

/**
 * A shell that stands.
 *
 * @param oid of the table in PostgreSQL
 * @param notNull names of the columns that are NOT NULL
 * @param comments by column, of those that have one; that of the table itself is of the column
 *     {@link #ITSELF}
 * @param attributes how many columns the table ever had: a dropped one counts for PostgreSQL's most
 * @param kind what kind of relation it is
 * @param child whether its foreign child is there, or it is of a kind that has none
 */
record StandingTable(
    long oid,
    Shell shell,
    Set<String> notNull,
    Map<String, String> comments,
    int attributes,
    ShellKind kind,
    boolean child) {
  /** The name that no column has. */
  static final String ITSELF = "";

  StandingTable {
    notNull = Set.copyOf(notNull);
    comments = Map.copyOf(comments);
  }
}
