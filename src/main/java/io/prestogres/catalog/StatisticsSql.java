package io.prestogres.catalog;

import static io.prestogres.sql.SqlQuoting.literal;

import io.prestogres.catalog.TableStatistics.ColumnStatistics;
import io.prestogres.sql.Shell;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statements that tell PostgreSQL's planner what is known of a shell. The number of rows counts
 * where it stands at the child; distinct values count at the shell, for joins and groups, and at
 * the child, for conditions. Rows without distinct values would be worse than nothing. A shell that
 * is the foreign table itself has all of it.
 */
enum StatisticsSql {
  /** By the functions that are there since PostgreSQL 18, as the owner of the shells. */
  FUNCTIONS {
    @Override
    List<String> write(Shell shell, boolean foreign, TableStatistics statistics) {
      String scanned =
          foreign
              ? table(shell.schema(), shell.name())
              : table(ShellSql.CHILDREN, ShellSql.childName(shell.schema(), shell.name()));
      List<String> statements = new ArrayList<>();
      statements.add("SET LOCAL ROLE " + Foundation.OWNER);
      statements.add(
          "SELECT pg_catalog.pg_restore_relation_stats("
              + scanned
              + ", 'relpages', %d::integer, 'reltuples', %s::real)"
                  .formatted(pages(statistics), number(statistics.rows())));
      statistics
          .columns()
          .forEach(
              (name, column) -> {
                if (!foreign) {
                  statements.add(restore(table(shell.schema(), shell.name()), name, true, column));
                }
                statements.add(restore(scanned, name, false, column));
              });
      return statements;
    }

    private static String table(String schema, String name) {
      return "'schemaname', " + literal(schema) + ", 'relname', " + literal(name);
    }

    private static String restore(
        String table, String name, boolean inherited, ColumnStatistics column) {
      return "SELECT pg_catalog.pg_restore_attribute_stats("
          + table
          + ", 'attname', "
          + literal(name)
          + ", 'inherited', %b, 'null_frac', %s::real, 'avg_width', %d, 'n_distinct', %s::real)"
              .formatted(
                  inherited,
                  number(column.nullFraction()),
                  column.width(),
                  number(column.distinct()));
    }
  },

  /** Straight into the catalogue, as a superuser. */
  CATALOGUE {
    @Override
    List<String> write(Shell shell, boolean foreign, TableStatistics statistics) {
      String parent = relation(shell.schema(), shell.name());
      String child =
          foreign
              ? parent
              : relation(ShellSql.CHILDREN, ShellSql.childName(shell.schema(), shell.name()));
      String rows =
          "UPDATE pg_catalog.pg_class SET relpages = %d, reltuples = %s WHERE oid = "
              .formatted(pages(statistics), number(statistics.rows()));
      return statistics.columns().isEmpty()
          ? List.of(rows + child)
          : List.of(
              rows + child,
              "DELETE FROM pg_catalog.pg_statistic s USING pg_catalog.pg_attribute a"
                  + " WHERE s.starelid = a.attrelid AND s.staattnum = a.attnum"
                  + " AND a.attrelid IN (%s, %s) AND a.attname IN (%s)"
                      .formatted(parent, child, names(statistics.columns())),
              INSERT.formatted(child, values(statistics.columns()), parent, child));
    }

    private static String relation(String schema, String name) {
      return "pg_catalog.to_regclass(" + literal(ShellSql.name(schema, name)) + ")";
    }

    private static String names(Map<String, ColumnStatistics> columns) {
      return columns.keySet().stream().map(name -> literal(name)).collect(Collectors.joining(", "));
    }

    private static String values(Map<String, ColumnStatistics> columns) {
      return columns.entrySet().stream()
          .map(
              entry ->
                  "(%s, %s, %d, %s)"
                      .formatted(
                          literal(entry.getKey()),
                          number(entry.getValue().nullFraction()),
                          entry.getValue().width(),
                          number(entry.getValue().distinct())))
          .collect(Collectors.joining(", "));
    }
  };

  /** The first version that has functions for it. */
  private static final int FUNCTIONS_SINCE = 180_000;

  /** BLCKSZ. */
  private static final int PAGE_BYTES = 8192;

  /** MAXALIGN(SizeofHeapTupleHeader): what a row has besides its values. */
  private static final int ROW_HEADER_BYTES = 24;

  /** All digits of a real. */
  private static final MathContext REAL = new MathContext(9);

  private static final String INSERT =
      """
      INSERT INTO pg_catalog.pg_statistic (starelid, staattnum, stainherit, stanullfrac, stawidth,
          stadistinct, stakind1, stakind2, stakind3, stakind4, stakind5, staop1, staop2, staop3,
          staop4, staop5, stacoll1, stacoll2, stacoll3, stacoll4, stacoll5)
        SELECT a.attrelid, a.attnum, a.attrelid <> %s, v.nulls, v.width, v.n,
          0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM (VALUES %s) AS v (name, nulls, width, n)
        JOIN pg_catalog.pg_attribute a ON a.attname = v.name AND NOT a.attisdropped
        WHERE a.attrelid IN (%s, %s)""";

  /** What a role can use; nothing if it is no superuser and PostgreSQL is older than 18. */
  static Optional<StatisticsSql> of(int version, boolean superuser) {
    if (version >= FUNCTIONS_SINCE) {
      return Optional.of(FUNCTIONS);
    }
    return superuser ? Optional.of(CATALOGUE) : Optional.empty();
  }

  /**
   * Statements of the control role, for one transaction.
   *
   * @param foreign whether the shell is the foreign table itself
   */
  abstract List<String> write(Shell shell, boolean foreign, TableStatistics statistics);

  private static int pages(TableStatistics statistics) {
    int width =
        statistics.columns().values().stream().mapToInt(ColumnStatistics::width).sum()
            + ROW_HEADER_BYTES;
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(statistics.rows() * width / PAGE_BYTES));
  }

  /** Without an exponent, which would be a type of its own. */
  private static String number(double value) {
    return new BigDecimal(value).round(REAL).toPlainString();
  }
}
