package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@code prestogres.catalog_state} tells after a refresh: which schema was read when, from
 * where, and how long that took.
 *
 * @param coordinator the URL of Presto
 * @param instance the name of the instance of the proxy that asked
 */
record CatalogState(PrestoMetadata metadata, String coordinator, String instance) {
  /** Rows of schemas that were not read now keep what they told of the last time. */
  String toSql() {
    List<String> read = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (SchemaRead schema : metadata.schemas()) {
      names.add(literal(CatalogProblem.storable(schema.schema())));
      boolean known = schema.complete() || !schema.tables().isEmpty();
      (known ? read : unread).add(row(schema, known));
    }
    return "DELETE FROM prestogres.catalog_state WHERE NOT schema_name = ANY (ARRAY["
        + String.join(", ", names)
        + "]::text[]);"
        + insert(
            read,
            "UPDATE SET catalog_name = excluded.catalog_name, coordinator = excluded.coordinator,"
                + " instance = excluded.instance, read_at = excluded.read_at,"
                + " took = excluded.took, tables = excluded.tables, columns = excluded.columns")
        + insert(unread, "NOTHING");
  }

  private String row(SchemaRead schema, boolean known) {
    int columns = schema.tables().stream().mapToInt(table -> table.columns().size()).sum();
    return "("
        + String.join(
            ", ",
            literal(CatalogProblem.storable(schema.schema())),
            literal(metadata.catalog()),
            literal(coordinator),
            literal(instance),
            known ? "pg_catalog.now()" : "NULL",
            known ? "interval '" + schema.took().toMillis() + " ms'" : "NULL",
            String.valueOf(schema.tables().size()),
            String.valueOf(columns))
        + ")";
  }

  private static String insert(List<String> rows, String onConflict) {
    return rows.isEmpty()
        ? ""
        : "INSERT INTO prestogres.catalog_state VALUES "
            + String.join(", ", rows)
            + " ON CONFLICT (schema_name) DO "
            + onConflict
            + ";";
  }
}
