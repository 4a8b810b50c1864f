package io.prestogres.sql;

import java.util.List;

/**
 * A mirrored table: the PostgreSQL table {@code schema.name} that stands for Presto's table {@code
 * catalog.prestoSchema.prestoTable}.
 *
 * @param columns in the order of the PostgreSQL table: what {@code *} stands for
 */
public record Shell(
    String catalog,
    String prestoSchema,
    String prestoTable,
    String schema,
    String name,
    List<ShellColumn> columns) {

  public Shell {
    columns = List.copyOf(columns);
  }

  /** The table's name for Presto, with its catalog and schema, quoted. */
  public String prestoName() {
    return SqlQuoting.prestoName(List.of(catalog, prestoSchema, prestoTable));
  }
}
