package io.prestogres.catalog;

import java.util.List;
import java.util.Optional;

/**
 * What was read of one Presto catalog.
 *
 * @param schemas every schema that is to be shown, read or not
 * @param problems what concerns no single schema
 * @param nanIsGreatest whether this Presto compares NaN as PostgreSQL does
 */
record PrestoMetadata(
    String catalog,
    List<SchemaRead> schemas,
    List<CatalogProblem> problems,
    boolean nanIsGreatest) {
  PrestoMetadata {
    schemas = List.copyOf(schemas);
    problems = List.copyOf(problems);
  }

  /** The names of the schemas. */
  List<String> schemaNames() {
    return schemas.stream().map(SchemaRead::schema).toList();
  }

  /** A schema by its name. */
  Optional<SchemaRead> schema(String name) {
    return schemas.stream().filter(read -> read.schema().equals(name)).findAny();
  }
}
