package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;

/**
 * What a shell is made as in one database.
 *
 * @param kind what kind of relation
 * @param storageTold whether PostgreSQL can be told in the definition of a column how it is stored,
 *     which it can from version 16 on
 */
record ShellForm(ShellKind kind, boolean storageTold) {
  /** The same for a shell that stands, of whatever kind it is. */
  ShellForm of(StandingTable table) {
    return new ShellForm(table.kind(), storageTold);
  }

  /**
   * A column as CREATE TABLE and ADD COLUMN have it. No value is ever stored in a shell; where
   * PostgreSQL knows, it makes no TOAST table, which would be two more relations and files.
   */
  String definition(TableColumn column) {
    return identifier(column.name())
        + " "
        + column.shell().postgresType()
        + (kind == ShellKind.TABLE && storageTold ? " STORAGE PLAIN" : "")
        + (column.notNull() ? " NOT NULL" : "");
  }
}
