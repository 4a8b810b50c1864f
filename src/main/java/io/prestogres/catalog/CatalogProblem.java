package io.prestogres.catalog;

/**
 * Something of Presto that has no shell, and why; users see it in {@code
 * prestogres.catalog_problem}.
 *
 * @param table empty if the whole schema is concerned
 */
record CatalogProblem(String schema, String table, String reason) {}
