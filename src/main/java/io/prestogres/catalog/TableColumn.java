package io.prestogres.catalog;

import io.prestogres.sql.ShellColumn;

/**
 * A column of a Presto table.
 *
 * @param shell its name and types
 * @param notNull whether Presto tells that it holds no NULL
 * @param comment "" if it has none
 */
record TableColumn(ShellColumn shell, boolean notNull, String comment) {
  /** One that may hold NULL, without a comment. */
  static TableColumn of(ShellColumn shell) {
    return new TableColumn(shell, false, "");
  }

  String name() {
    return shell.name();
  }
}
