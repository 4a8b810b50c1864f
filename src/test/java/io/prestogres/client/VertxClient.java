package io.prestogres.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.RowStream;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** vertx-pg-client; it has no metadata of its own, and asks the information schema. */
final class VertxClient extends JvmClient {
  private static final int PORTION = 1000;

  private final Vertx vertx;
  private final PgConnection connection;
  private final boolean streams;

  /**
   * Connects.
   *
   * @param streams whether many rows are read by a RowStream, not by a cursor
   */
  VertxClient(PgConnectOptions options, boolean streams) throws Exception {
    this.vertx = Vertx.vertx();
    this.streams = streams;
    try {
      this.connection = await(PgConnection.connect(vertx, options));
    } catch (Exception failure) {
      await(vertx.close());
      throw failure;
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  PgConnection connection() {
    return connection;
  }

  @Override
  List<List<Object>> query(String sql, Object... values) throws Exception {
    Future<RowSet<Row>> rows =
        values.length == 0
            ? connection.query(sql).execute()
            : connection.preparedQuery(sql).execute(Tuple.from(values));
    return values(await(rows));
  }

  static List<List<Object>> values(RowSet<Row> rows) {
    List<List<Object>> lists = new ArrayList<>();
    for (Row row : rows) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(row.getValue(i));
      }
      lists.add(values);
    }
    return lists;
  }

  @Override
  void run(String sql) throws Exception {
    await(connection.query(sql).execute());
  }

  @Override
  void readOrders(Sum sum) throws Exception {
    run("begin");
    PreparedStatement statement = await(connection.prepare(ORDERS));
    if (streams) {
      stream(statement, sum);
    } else {
      Cursor cursor = statement.cursor();
      do {
        await(cursor.read(PORTION)).forEach(row -> sum.add(row.getLong(0), row.getDouble(1)));
      } while (cursor.hasMore());
      await(cursor.close());
    }
    await(statement.close());
    run("commit");
  }

  private static void stream(PreparedStatement statement, Sum sum) throws Exception {
    Promise<Void> end = Promise.promise();
    RowStream<Row> stream = statement.createStream(PORTION);
    stream.exceptionHandler(end::tryFail);
    stream.endHandler(done -> end.tryComplete());
    stream.handler(row -> sum.add(row.getLong(0), row.getDouble(1)));
    await(end.future());
  }

  @Override
  void requestCancel() throws Exception {
    await(connection.cancelRequest());
  }

  @Override
  String sqlState(Exception failure) {
    return failure instanceof PgException error ? error.getSqlState() : "";
  }

  @Override
  Object bytes(byte[] value) {
    return Buffer.buffer(value);
  }

  @Override
  public void close() {
    // One after the other: a future of the closed Vert.x never completes.
    connection.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
