package io.prestogres.catalog;

import java.util.List;

/** A table or view of Presto, as its information_schema tells. */
record PrestoTable(String schema, String name, List<TableColumn> columns) {
  PrestoTable {
    columns = List.copyOf(columns);
  }
}
