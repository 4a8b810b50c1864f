package io.prestogres.catalog;

import java.util.List;
import java.util.Set;

/**
 * What stands in a database.
 *
 * @param mirroredSchemas the schemas of the mirror
 * @param perUserSchemas those of the mirror whose shells not everybody may read
 * @param otherSchemas all other schemas
 * @param otherTables tables in mirrored schemas that are not ours, as schema, NUL, name
 * @param bytewise whether text is ordered by its bytes, as Presto does
 * @param storageTold as {@link ShellForm} has it
 */
record StandingCatalog(
    List<StandingTable> tables,
    Set<String> mirroredSchemas,
    Set<String> perUserSchemas,
    Set<String> otherSchemas,
    Set<String> otherTables,
    boolean bytewise,
    boolean storageTold) {
  StandingCatalog {
    tables = List.copyOf(tables);
    mirroredSchemas = Set.copyOf(mirroredSchemas);
    perUserSchemas = Set.copyOf(perUserSchemas);
    otherSchemas = Set.copyOf(otherSchemas);
    otherTables = Set.copyOf(otherTables);
  }

  /** The shells of a schema, by the names that stand in statements. */
  List<String> tablesOf(String schema) {
    return tables.stream()
        .map(StandingTable::shell)
        .filter(shell -> shell.schema().equals(schema))
        .map(shell -> ShellSql.name(schema, shell.name()))
        .toList();
  }

  /** Without the shells that must not be used. */
  StandingCatalog without(Set<Long> oids) {
    return oids.isEmpty()
        ? this
        : new StandingCatalog(
            tables.stream().filter(table -> !oids.contains(table.oid())).toList(),
            mirroredSchemas,
            perUserSchemas,
            otherSchemas,
            otherTables,
            bytewise,
            storageTold);
  }
}
