package io.prestogres.results;

import io.prestogres.presto.PrestoSession;
import io.prestogres.protocol.WireWriter;
import io.prestogres.sql.ResultColumn;
import io.prestogres.sql.ScanQuery;
import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import io.prestogres.sql.SqlQuoting;
import io.prestogres.sql.TableFunctionCall;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A scan that has no exact translation: PostgreSQL itself evaluates the very text it has pushed,
 * over a plain scan of each table through the table function, on a connection of our own with the
 * settings that postgres_fdw asks of a remote server.
 */
final class LocalEvaluation implements RowSource {
  private static final String SETTINGS =
      "SET LOCAL search_path = pg_catalog; SET LOCAL timezone = 'GMT'; SET LOCAL datestyle = ISO;"
          + " SET LOCAL intervalstyle = postgres; SET LOCAL extra_float_digits = 3";

  private final Future<Running> running;
  private boolean closed;

  private record Running(PgConnection connection, Transaction transaction, Cursor cursor) {}

  private LocalEvaluation(Future<Running> running) {
    this.running = running;
  }

  /**
   * Starts an evaluation.
   *
   * @param shells of the scan's tables, in order
   * @param evaluations where the evaluating backend finds on whose behalf it asks for the rows
   */
  static LocalEvaluation start(
      Future<PgConnection> connecting,
      List<Shell> shells,
      ScanQuery scan,
      Map<Integer, PrestoSession> evaluations,
      PrestoSession session) {
    String sql = sql(shells, scan);
    return new LocalEvaluation(
        connecting.compose(
            connection -> {
              int processId = connection.processId();
              evaluations.put(processId, session);
              connection.closeHandler(end -> evaluations.remove(processId));
              return connection
                  .begin()
                  .compose(
                      transaction ->
                          connection
                              .query(SETTINGS)
                              .execute()
                              .compose(set -> connection.prepare(sql))
                              .map(
                                  statement ->
                                      new Running(connection, transaction, statement.cursor())))
                  .onFailure(failure -> connection.close());
            }));
  }

  /** The names of the result's columns are none that the scan could mean. */
  static String sql(List<Shell> shells, ScanQuery scan) {
    Iterator<Shell> next = shells.iterator();
    return IntStream.range(0, scan.outputs())
            .mapToObj(i -> scan.columns().isEmpty() ? written("q.c" + i) : "q.c" + i + "::text")
            .collect(Collectors.joining(", ", "SELECT ", " FROM ("))
        + scan.over(table -> "(" + plainScan(next.next(), scan) + ")")
        + IntStream.range(0, scan.outputs())
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(", ", ") AS q (", ")"));
  }

  /** A cast would take the blanks from a character(n) that has lost its n in an aggregate. */
  private static String written(String value) {
    return "CASE num_nonnulls(" + value + ") WHEN 1 THEN format('%s', " + value + ") END";
  }

  private static String plainScan(Shell shell, ScanQuery scan) {
    List<ShellColumn> needed =
        shell.columns().stream().filter(column -> scan.words().contains(column.name())).toList();
    String plain =
        needed.isEmpty()
            ? "SELECT 1"
            : needed.stream()
                .map(column -> SqlQuoting.identifier(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    String from =
        List.of(shell.catalog(), shell.prestoSchema(), shell.prestoTable()).stream()
            .map(SqlQuoting::identifier)
            .collect(Collectors.joining("."));
    List<ResultColumn> columns =
        needed.isEmpty()
            ? List.of(new ResultColumn("row", "integer"))
            : needed.stream()
                .map(column -> new ResultColumn(column.name(), column.postgresType()))
                .toList();
    return TableFunctionCall.text(plain + " FROM " + from, columns);
  }

  @Override
  public Future<Rows> fetch(int max) {
    return running.compose(state -> state.cursor().read(max)).map(LocalEvaluation::encode);
  }

  private static Rows encode(RowSet<Row> rows) {
    WireWriter writer = new WireWriter();
    int count = 0;
    for (Row row : rows) {
      writer.start('D').writeShort(row.size());
      for (int i = 0; i < row.size(); i++) {
        String value = row.getString(i);
        if (value == null) {
          writer.writeInt(-1);
        } else {
          writer.writeSized(value.getBytes(StandardCharsets.UTF_8));
        }
      }
      writer.finish();
      count++;
    }
    return new Rows(writer.toBuffer(), count);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    running.onSuccess(
        state -> state.connection().cancelRequest().onComplete(done -> state.connection().close()));
  }
}
