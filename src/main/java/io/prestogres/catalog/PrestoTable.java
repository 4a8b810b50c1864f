package io.prestogres.catalog;

import io.prestogres.sql.ShellColumn;
import java.util.List;

/** A table or view of Presto, as its information_schema tells. */
record PrestoTable(String schema, String name, List<ShellColumn> columns) {
  PrestoTable {
    columns = List.copyOf(columns);
  }
}
