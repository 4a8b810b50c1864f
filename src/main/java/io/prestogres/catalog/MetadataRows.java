package io.prestogres.catalog;

import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoQuery;
import io.prestogres.presto.PrestoSession;
import io.prestogres.presto.RowCursor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The rows of a metadata query, whose values are all text; NULL is "". */
final class MetadataRows {
  private MetadataRows() {}

  static Future<List<List<String>>> read(PrestoClient presto, String sql, PrestoSession session) {
    return presto.start(sql, session).compose(query -> readOn(query, new ArrayList<>()));
  }

  /**
   * The rows, if Presto tells them in time; if not, the query is canceled.
   *
   * @return fails with SQLSTATE 57014 when the time is over
   */
  static Future<List<List<String>>> read(
      Vertx vertx, PrestoClient presto, String sql, PrestoSession session, Duration limit) {
    Promise<List<List<String>>> promise = Promise.promise();
    AtomicBoolean late = new AtomicBoolean();
    Future<PrestoQuery> starting = presto.start(sql, session);
    long timer =
        vertx.setTimer(
            Math.max(1, limit.toMillis()),
            over -> {
              late.set(true);
              promise.tryFail(
                  new PrestoException(
                      "57014", "Presto took longer than " + limit.toMillis() + " ms"));
              starting.onSuccess(PrestoQuery::cancel);
            });
    starting
        .compose(
            query ->
                late.get()
                    ? Future.<List<List<String>>>succeededFuture(List.of())
                    : readOn(query, new ArrayList<>()))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              if (done.succeeded()) {
                promise.tryComplete(done.result());
              } else {
                promise.tryFail(done.cause());
              }
            });
    return promise.future();
  }

  private static Future<List<List<String>>> readOn(PrestoQuery query, List<List<String>> rows) {
    return query
        .next(
            (columns, page) -> {
              while (page.nextRow()) {
                List<String> row = new ArrayList<>(columns.size());
                while (page.nextValue()) {
                  row.add(page.kind() == RowCursor.Kind.NULL ? "" : page.text());
                }
                rows.add(row);
              }
            })
        .compose(more -> more ? readOn(query, rows) : Future.succeededFuture(rows));
  }
}
