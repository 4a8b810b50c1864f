package io.prestogres.catalog;

import java.time.Duration;
import java.util.List;

/**
 * What was read of one schema of Presto.
 *
 * @param tables those that could be read; none if the schema is unread
 * @param complete whether {@code tables} is all that Presto has: what else stands is dropped
 * @param took how long Presto took; zero for a schema that was not asked for
 */
record SchemaRead(
    String schema,
    List<PrestoTable> tables,
    boolean complete,
    List<CatalogProblem> problems,
    Duration took) {
  SchemaRead {
    tables = List.copyOf(tables);
    problems = List.copyOf(problems);
  }

  /** One that nobody asked for. */
  static SchemaRead left(String schema) {
    return new SchemaRead(schema, List.of(), false, List.of(), Duration.ZERO);
  }

  /** Whether nobody asked for it. */
  boolean isLeft() {
    return !complete && tables.isEmpty() && problems.isEmpty();
  }

  /** One that could not be read. */
  static SchemaRead failed(String schema, String reason, Duration took) {
    return new SchemaRead(
        schema, List.of(), false, List.of(new CatalogProblem(schema, "", reason)), took);
  }
}
