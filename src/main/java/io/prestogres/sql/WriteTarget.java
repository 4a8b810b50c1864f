package io.prestogres.sql;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link WriteStatement} is aimed at on Presto.
 *
 * @param shell the table as it stands; empty if it is to be made
 */
public record WriteTarget(String catalog, String schema, String name, Optional<Shell> shell) {

  /** A table that stands. */
  public static WriteTarget of(Shell shell) {
    return new WriteTarget(
        shell.catalog(), shell.prestoSchema(), shell.prestoTable(), Optional.of(shell));
  }

  /** The name for Presto, with its catalog and schema, quoted. */
  String prestoName() {
    return SqlQuoting.prestoName(List.of(catalog, schema, name));
  }

  /** The name for people. */
  public String display() {
    return schema + "." + name;
  }

  /**
   * The table that stands.
   *
   * @throws IllegalStateException if it is to be made
   */
  Shell standing() {
    return shell.orElseThrow(() -> new IllegalStateException("the table is to be made"));
  }
}
