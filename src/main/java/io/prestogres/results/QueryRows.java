package io.prestogres.results;

import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.metrics.QueryOutcome;
import io.prestogres.presto.PrestoQuery;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rows of a Presto query, encoded as they are asked for; what the next fetch will want is
 * prepared while the last one's rows are on their way. Belongs to the context of its connection.
 */
final class QueryRows implements RowSource {
  private final Supplier<Future<PrestoQuery>> start;
  private final RowEncoding encoding;
  private final InstanceMetrics metrics;
  private Optional<Future<PrestoQuery>> query = Optional.empty();
  private Optional<Ahead> ahead = Optional.empty();
  private boolean closed;
  private boolean counted;

  /** Rows that were asked for before postgres_fdw did. */
  private record Ahead(int max, Future<Rows> rows) {}

  private QueryRows(
      Supplier<Future<PrestoQuery>> start, RowEncoding encoding, InstanceMetrics metrics) {
    this.start = start;
    this.encoding = encoding;
    this.metrics = metrics;
  }

  /** The batches that the table function hands out. */
  static QueryRows batches(Supplier<Future<PrestoQuery>> start, InstanceMetrics metrics) {
    return new QueryRows(start, new BatchEncoding(metrics), metrics);
  }

  /** The rows of a scan. */
  static QueryRows scan(Supplier<Future<PrestoQuery>> start, InstanceMetrics metrics) {
    return new QueryRows(start, new ScanEncoding(metrics), metrics);
  }

  @Override
  public Future<Rows> fetch(int max) {
    Future<Rows> rows = ahead.map(Ahead::rows).orElseGet(() -> read(max));
    if (ahead.isPresent() && ahead.get().max() != max) {
      return Future.failedFuture(
          PgException.error(
              SqlState.FEATURE_NOT_SUPPORTED, "a cursor is fetched with one size only"));
    }
    ahead = Optional.empty();
    return rows.onSuccess(
        found -> {
          if (found.count() == max && !closed) {
            ahead = Optional.of(new Ahead(max, read(max)));
          }
        });
  }

  private Future<Rows> read(int max) {
    return started()
        .compose(running -> gather(running, Buffer.buffer(), 0, max))
        .onFailure(failure -> ended(QueryOutcome.FAILED));
  }

  private Future<PrestoQuery> started() {
    if (query.isEmpty()) {
      metrics.prestoQueryStarted();
      query = Optional.of(Future.succeededFuture().compose(begin -> start.get()));
    }
    return query.get();
  }

  /** Reads on until so many messages are there or the result is complete. */
  private Future<Rows> gather(PrestoQuery running, Buffer messages, int count, int max) {
    if (count == max) {
      return Future.succeededFuture(new Rows(messages, count));
    }
    Rows[] found = new Rows[1];
    return running
        .next((columns, rows) -> found[0] = encoding.encode(columns, rows, max - count))
        .compose(
            more -> {
              if (!more) {
                ended(QueryOutcome.FINISHED);
                return Future.succeededFuture(new Rows(messages, count));
              }
              Buffer all =
                  count == 0 ? found[0].messages() : messages.appendBuffer(found[0].messages());
              return gather(running, all, count + found[0].count(), max);
            });
  }

  private void ended(QueryOutcome outcome) {
    if (!counted) {
      counted = true;
      metrics.prestoQueryEnded(outcome);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    query.ifPresent(
        starting ->
            starting.onSuccess(
                running -> running.cancel().onComplete(canceled -> ended(QueryOutcome.CANCELLED))));
  }
}
