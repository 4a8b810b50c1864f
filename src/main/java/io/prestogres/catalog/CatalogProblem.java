package io.prestogres.catalog;

/**
 * Something of Presto that has no shell, and why; users see it in {@code
 * prestogres.catalog_problem}.
 *
 * @param table empty if the whole schema is concerned
 */
record CatalogProblem(String schema, String table, String reason) {
  CatalogProblem {
    schema = storable(schema);
    table = storable(table);
    reason = storable(reason);
  }

  /** PostgreSQL's text holds no zero byte. */
  static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
