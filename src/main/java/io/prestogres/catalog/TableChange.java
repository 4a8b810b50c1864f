package io.prestogres.catalog;

import java.util.List;

/**
 * What has to be done to one schema, or to one table, in one transaction.
 *
 * @param table "" if the schema is concerned
 * @param statements run as the owner of the shells, in order
 * @param fallback what is good enough if {@code statements} fail; empty if nothing is
 * @param kind what is wrong as long as it is not done
 * @param told whether the user is told too where no more than the fallback was done
 */
record TableChange(
    String schema,
    String table,
    List<String> statements,
    List<String> fallback,
    Kind kind,
    boolean told) {
  TableChange {
    statements = List.copyOf(statements);
    fallback = List.copyOf(fallback);
  }

  /** What is wrong as long as a change is not made. */
  enum Kind {
    /** A schema, which its tables need. */
    SCHEMA,
    /**
     * Something is missing, or is there without need; Presto itself refuses what is asked of it.
     */
    TABLE,
    /** A column has the type of other values: nobody may use the shell. */
    RETYPE
  }

  static TableChange of(String schema, String table, List<String> statements) {
    return new TableChange(schema, table, statements, List.of(), Kind.TABLE, false);
  }

  /** What is left of it once its fallback is done. */
  TableChange fallenBack() {
    return new TableChange(schema, table, statements, List.of(), Kind.TABLE, told);
  }

  static TableChange ofSchema(String schema, List<String> statements) {
    return new TableChange(schema, "", statements, List.of(), Kind.SCHEMA, false);
  }
}
