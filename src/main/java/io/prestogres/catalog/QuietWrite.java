package io.prestogres.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Writes what was learned in the background: in a transaction, on a connection that is kept no
 * longer than that, and only while no refresh, of this proxy or another, is at work.
 */
final class QuietWrite {
  private static final String BEGIN =
      "BEGIN; SET LOCAL lock_timeout = '500ms'; SET LOCAL synchronous_commit = off";

  private static final String TRY_LOCK =
      "SELECT pg_catalog.pg_try_advisory_xact_lock(" + MirrorStore.LOCK + ") AS free";

  private QuietWrite() {}

  /**
   * Writes.
   *
   * @param news writes something down, and returns no row if it was known already
   * @param work what is done if it was not
   * @return false if a refresh is at work, which has to be waited for
   */
  static Future<Boolean> run(Pool pool, String news, Supplier<List<String>> work) {
    return pool.withConnection(
        connection ->
            run(connection, BEGIN)
                .compose(begun -> run(connection, TRY_LOCK))
                .map(rows -> rows.iterator().next().getBoolean("free"))
                .compose(
                    free ->
                        free
                            ? write(connection, news, work).map(true)
                            : run(connection, "ROLLBACK").map(false))
                .recover(
                    failure ->
                        run(connection, "ROLLBACK")
                            .transform(rolled -> Future.failedFuture(failure))));
  }

  private static Future<RowSet<Row>> write(
      SqlConnection connection, String news, Supplier<List<String>> work) {
    return run(connection, news)
        .map(rows -> rows.size() > 0 ? String.join("; ", work.get()) : "SELECT")
        .compose(statements -> run(connection, statements + "; COMMIT"));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String sql) {
    return connection.query(sql).execute();
  }
}
