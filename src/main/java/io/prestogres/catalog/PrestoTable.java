package io.prestogres.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A table or view of Presto, as its information_schema tells.
 *
 * @param comment "" if it has none; empty if that is not known
 */
record PrestoTable(
    String schema, String name, List<TableColumn> columns, Optional<String> comment) {
  PrestoTable {
    columns = List.copyOf(columns);
  }

  /** One of whose comment nothing is known. */
  PrestoTable(String schema, String name, List<TableColumn> columns) {
    this(schema, name, columns, Optional.empty());
  }

  /** The same with a comment, unless it has one. */
  PrestoTable orComment(String other) {
    return comment.isPresent() ? this : new PrestoTable(schema, name, columns, Optional.of(other));
  }
}
