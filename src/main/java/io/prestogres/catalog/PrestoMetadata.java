package io.prestogres.catalog;

import java.util.List;

/** What was read of one Presto catalog. */
record PrestoMetadata(
    String catalog,
    List<String> schemas,
    List<PrestoTable> tables,
    List<String> unreadSchemas,
    List<CatalogProblem> problems) {
  PrestoMetadata {
    schemas = List.copyOf(schemas);
    tables = List.copyOf(tables);
    unreadSchemas = List.copyOf(unreadSchemas);
    problems = List.copyOf(problems);
  }
}
