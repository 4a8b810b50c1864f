package io.prestogres.catalog;

import java.util.List;
import java.util.Set;

/**
 * What stands in a database.
 *
 * @param mirroredSchemas the schemas of the mirror
 * @param otherSchemas all other schemas
 * @param otherTables tables in mirrored schemas that are not ours, as schema, NUL, name
 * @param bytewise whether text is ordered by its bytes, as Presto does
 */
record StandingCatalog(
    List<StandingTable> tables,
    Set<String> mirroredSchemas,
    Set<String> otherSchemas,
    Set<String> otherTables,
    boolean bytewise) {
  StandingCatalog {
    tables = List.copyOf(tables);
    mirroredSchemas = Set.copyOf(mirroredSchemas);
    otherSchemas = Set.copyOf(otherSchemas);
    otherTables = Set.copyOf(otherTables);
  }

  /** Without the shells that must not be used. */
  StandingCatalog without(Set<Long> oids) {
    return oids.isEmpty()
        ? this
        : new StandingCatalog(
            tables.stream().filter(table -> !oids.contains(table.oid())).toList(),
            mirroredSchemas,
            otherSchemas,
            otherTables,
            bytewise);
  }
}
