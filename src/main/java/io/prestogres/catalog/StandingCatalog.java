package io.prestogres.catalog;

import io.prestogres.sql.Shell;
import java.util.Map;
import java.util.Set;

/**
 * What stands in a database.
 *
 * @param shells by the OID of the table
 * @param childless the OIDs of shells whose foreign child is missing
 * @param mirroredSchemas the schemas that the mirror made
 * @param otherSchemas all other schemas
 * @param otherTables tables in mirrored schemas that are not ours, as schema, NUL, name
 * @param bytewise whether text is ordered by its bytes, as Presto does
 */
record StandingCatalog(
    Map<Long, Shell> shells,
    Set<Long> childless,
    Set<String> mirroredSchemas,
    Set<String> otherSchemas,
    Set<String> otherTables,
    boolean bytewise) {
  StandingCatalog {
    shells = Map.copyOf(shells);
    childless = Set.copyOf(childless);
    mirroredSchemas = Set.copyOf(mirroredSchemas);
    otherSchemas = Set.copyOf(otherSchemas);
    otherTables = Set.copyOf(otherTables);
  }
}
