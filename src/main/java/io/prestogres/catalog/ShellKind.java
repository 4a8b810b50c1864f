package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.identifier;
import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.config.InstanceConfig;
import java.util.Arrays;
import java.util.Optional;

/** What kind of relation a shell is, and the statements in which that shows. */
enum ShellKind {
  /** An ordinary table that never holds a row, with a foreign table that inherits from it. */
  TABLE("r", "TABLE") {
    @Override
    String create(String schema, String table, String columns) {
      return "CREATE TABLE "
          + ShellSql.name(schema, table)
          + " ("
          + (columns.isEmpty() ? "" : columns + ", ")
          + "CONSTRAINT \"rows are in Presto\" CHECK (false) NO INHERIT)";
    }

    @Override
    Optional<String> child(String schema, String table) {
      return Optional.of(
          "CREATE FOREIGN TABLE "
              + childName(schema, table)
              + " () INHERITS ("
              + ShellSql.name(schema, table)
              + ")"
              + onServer(schema, table));
    }
  },

  /**
   * A partitioned table with a foreign table as its only partition. Its key is the whole row, so
   * that no column is held by it.
   */
  PARTITIONED("p", "TABLE") {
    @Override
    String create(String schema, String table, String columns) {
      return "CREATE TABLE "
          + ShellSql.name(schema, table)
          + " ("
          + columns
          + ") PARTITION BY LIST ((("
          + identifier(table)
          + ".*) IS NULL))";
    }

    @Override
    Optional<String> child(String schema, String table) {
      return Optional.of(
          "CREATE FOREIGN TABLE "
              + childName(schema, table)
              + " PARTITION OF "
              + ShellSql.name(schema, table)
              + " DEFAULT"
              + onServer(schema, table));
    }
  },

  /** The foreign table itself. */
  FOREIGN("f", "FOREIGN TABLE") {
    @Override
    String create(String schema, String table, String columns) {
      return "CREATE FOREIGN TABLE "
          + ShellSql.name(schema, table)
          + " ("
          + columns
          + ")"
          + onServer(schema, table);
    }

    @Override
    Optional<String> child(String schema, String table) {
      return Optional.empty();
    }
  };

  private final String relkind;
  private final String noun;

  ShellKind(String relkind, String noun) {
    this.relkind = relkind;
    this.noun = noun;
  }

  /** That of the configuration. */
  static ShellKind of(InstanceConfig.Shell shell) {
    return switch (shell) {
      case TABLE -> TABLE;
      case PARTITIONED -> PARTITIONED;
      case FOREIGN -> FOREIGN;
    };
  }

  /** That of which {@code pg_class.relkind} is this. */
  static ShellKind ofRelkind(String relkind) {
    return Arrays.stream(values())
        .filter(kind -> kind.relkind.equals(relkind))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no shell has relkind " + relkind));
  }

  /** The relation alone, of which nothing comes before it has its child. */
  abstract String create(String schema, String table, String columns);

  /** The child through which it answers when nobody has rewritten the statement, if it has one. */
  abstract Optional<String> child(String schema, String table);

  /** Whether a foreign table of its own answers for it. */
  boolean hasChild() {
    return this != FOREIGN;
  }

  /** What PostgreSQL calls it in COMMENT and DROP. */
  String noun() {
    return noun;
  }

  private static String childName(String schema, String table) {
    return ShellSql.CHILDREN + "." + identifier(ShellSql.childName(schema, table));
  }

  private static String onServer(String schema, String table) {
    return " SERVER "
        + Foundation.SCAN_SERVER
        + " OPTIONS (schema_name "
        + literal(schema)
        + ", table_name "
        + literal(table)
        + ")";
  }
}
