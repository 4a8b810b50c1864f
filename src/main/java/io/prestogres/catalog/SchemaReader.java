package io.prestogres.catalog;

import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoSession;
import io.prestogres.presto.PrestoType;
import io.prestogres.sql.ShellColumn;
import io.prestogres.sql.SqlQuoting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Reads one schema of Presto within a time limit: all columns by one query or, if that fails
 * because of one table, table by table.
 */
final class SchemaReader {
  /** Tables asked for at the same time, if each has to be asked for. */
  private static final int READERS = 4;

  /** The longest that clients wait for comments. */
  private static final Duration COMMENT_LIMIT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final PrestoClient presto;
  private final PrestoSession session;
  private final Dialect dialect;
  private final SchemaFilter filter;
  private final Duration limit;

  /** What Presto and Trino tell of columns and tables. */
  enum Dialect {
    /** Comments stand among the columns; those of tables would cost a query for each. */
    PRESTO("is_nullable, comment", false),
    /** Comments of columns do not, those of tables have a table of their own. */
    TRINO("is_nullable, ''", true);

    private final String more;
    private final boolean listsComments;

    Dialect(String more, boolean listsComments) {
      this.more = more;
      this.listsComments = listsComments;
    }
  }

  SchemaReader(
      Vertx vertx,
      PrestoClient presto,
      PrestoSession session,
      Dialect dialect,
      SchemaFilter filter,
      Duration limit) {
    this.vertx = vertx;
    this.presto = presto;
    this.session = session;
    this.dialect = dialect;
    this.filter = filter;
    this.limit = limit;
  }

  /** The tables of a schema; never fails: what cannot be read is a problem. */
  Future<SchemaRead> read(String catalog, String schema) {
    long start = System.nanoTime();
    return columns(catalog, schema, "", limit)
        .compose(tables -> commented(catalog, schema, tables, commentLimit(start)))
        .map(tables -> new SchemaRead(schema, tables, true, List.of(), since(start)))
        .recover(
            failure ->
                failure instanceof PrestoException error && !error.sqlState().equals("57014")
                    ? tableByTable(catalog, schema, start)
                        .recover(again -> Future.failedFuture(failure))
                    : Future.failedFuture(failure))
        .recover(
            failure ->
                Future.succeededFuture(
                    SchemaRead.failed(
                        schema, "cannot be read: " + failure.getMessage(), since(start))));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Future<List<List<String>>> rows(String sql, Duration left) {
    return MetadataRows.read(vertx, presto, sql, session, left);
  }

  private Future<List<PrestoTable>> columns(
      String catalog, String schema, String condition, Duration left) {
    return rows(
            "SELECT table_name, column_name, data_type, "
                + dialect.more
                + " FROM "
                + SqlQuoting.prestoIdentifier(catalog)
                + ".information_schema.columns WHERE table_schema = "
                + SqlQuoting.prestoLiteral(schema)
                + condition
                + " ORDER BY table_name, ordinal_position",
            left)
        .compose(rows -> vertx.executeBlocking(() -> tables(schema, rows), false));
  }

  private List<PrestoTable> tables(String schema, List<List<String>> rows) {
    Map<String, List<TableColumn>> columns = new LinkedHashMap<>();
    Map<String, String> postgresTypes = new HashMap<>();
    for (List<String> row : rows) {
      if (filter.shows(schema, row.get(0))) {
        String type = row.get(2);
        columns
            .computeIfAbsent(row.get(0), table -> new ArrayList<>())
            .add(
                new TableColumn(
                    new ShellColumn(
                        row.get(1),
                        type,
                        postgresTypes.computeIfAbsent(
                            type, text -> PrestoType.parse(text).postgresType())),
                    row.get(3).equals("NO"),
                    row.get(4).replace("\0", "")));
      }
    }
    return columns.entrySet().stream()
        .map(table -> new PrestoTable(schema, table.getKey(), table.getValue()))
        .toList();
  }

  private Duration commentLimit(long start) {
    Duration left = limit.minus(since(start));
    return left.compareTo(COMMENT_LIMIT) < 0 ? left : COMMENT_LIMIT;
  }

  /** With their comments, if those are to be had in time; else those that stand stay. */
  private Future<List<PrestoTable>> commented(
      String catalog, String schema, List<PrestoTable> tables, Duration left) {
    return dialect.listsComments && !tables.isEmpty()
        ? rows(
                "SELECT table_name, comment FROM system.metadata.table_comments"
                    + " WHERE catalog_name = "
                    + SqlQuoting.prestoLiteral(catalog)
                    + " AND schema_name = "
                    + SqlQuoting.prestoLiteral(schema)
                    + " AND comment IS NOT NULL",
                left)
            .map(
                rows -> {
                  Map<String, String> comments = new HashMap<>();
                  rows.forEach(row -> comments.put(row.get(0), row.get(1).replace("\0", "")));
                  return tables.stream()
                      .map(table -> table.orComment(comments.getOrDefault(table.name(), "")))
                      .toList();
                })
            .otherwise(tables)
        : Future.succeededFuture(tables);
  }

  // Table by table.

  private Future<SchemaRead> tableByTable(String catalog, String schema, long start) {
    List<PrestoTable> tables = new ArrayList<>();
    List<CatalogProblem> problems = new ArrayList<>();
    return rows(
            "SELECT table_name FROM "
                + SqlQuoting.prestoIdentifier(catalog)
                + ".information_schema.tables WHERE table_schema = "
                + SqlQuoting.prestoLiteral(schema)
                + " ORDER BY table_name",
            limit.minus(since(start)))
        .compose(
            rows -> {
              Queue<String> names =
                  new ArrayDeque<>(
                      rows.stream()
                          .map(row -> row.get(0))
                          .filter(table -> filter.shows(schema, table))
                          .toList());
              List<Future<Void>> readers = new ArrayList<>();
              for (int i = 0; i < READERS; i++) {
                readers.add(next(catalog, schema, names, tables, problems, start));
              }
              return Future.join(readers);
            })
        // Not complete: the shells of tables that cannot be read today stay.
        .map(done -> new SchemaRead(schema, tables, problems.isEmpty(), problems, since(start)));
  }

  private Future<Void> next(
      String catalog,
      String schema,
      Queue<String> names,
      List<PrestoTable> tables,
      List<CatalogProblem> problems,
      long start) {
    String table = names.poll();
    if (table == null) {
      return Future.succeededFuture();
    }
    return columns(
            catalog,
            schema,
            " AND table_name = " + SqlQuoting.prestoLiteral(table),
            limit.minus(since(start)))
        .onSuccess(tables::addAll)
        .onFailure(
            failure ->
                problems.add(
                    new CatalogProblem(schema, table, "cannot be read: " + failure.getMessage())))
        .transform(done -> next(catalog, schema, names, tables, problems, start));
  }
}
