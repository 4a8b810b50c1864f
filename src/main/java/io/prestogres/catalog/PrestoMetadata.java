package io.prestogres.catalog;

import java.util.List;
import java.util.stream.Stream;

/**
 * What was read of one Presto catalog.
 *
 * @param nanIsGreatest whether this Presto compares NaN as PostgreSQL does
 */
record PrestoMetadata(
    String catalog,
    List<String> schemas,
    List<PrestoTable> tables,
    List<String> unreadSchemas,
    List<CatalogProblem> problems,
    boolean nanIsGreatest) {
  PrestoMetadata {
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
    unreadSchemas = List.copyOf(unreadSchemas);
    problems = List.copyOf(problems);
  }

  /** This and the schemas of the other that have tables. */
  PrestoMetadata with(PrestoMetadata other) {
    List<String> found = other.tables().stream().map(PrestoTable::schema).distinct().toList();
    return new PrestoMetadata(
        catalog,
        Stream.concat(schemas.stream(), found.stream()).toList(),
        Stream.concat(tables.stream(), other.tables().stream()).toList(),
        Stream.concat(unreadSchemas.stream(), other.unreadSchemas().stream()).toList(),
        problems,
        nanIsGreatest);
  }
}
