package io.prestogres.presto;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A query on Presto whose result is read page by page. At most one page is fetched ahead of the one
 * being read.
 *
 * <p>May be called from any thread; its futures complete on the Vert.x context that called, or on
 * the query's own if there was none. They fail with {@link PrestoException}, or with what a {@link
 * PageReader} threw. A query that is not read to its end must be cancelled.
 */
public final class PrestoQuery {
  private final QueryWire wire;
  private final Context context;
  private final String id;
  private final URI infoUri;

  // All below is touched on the context only, but for the volatile ones, which anybody may read.
  private @Nullable URI nextUri;
  private @Nullable HttpCall call;
  private @Nullable Future<StatementPage> fetched;
  private @Nullable StatementPage reading;
  private @Nullable Promise<Boolean> waiting;
  private Future<Void> cancelling = Future.succeededFuture();
  private @Nullable PrestoException failure;
  private boolean answered;
  private volatile @Nullable List<PrestoColumn> columns;
  private volatile String updateType = "";
  private volatile long updateCount = -1;

  PrestoQuery(QueryWire wire, Context context, StatementPage first) {
    this.wire = wire;
    this.context = context;
    this.id = first.id();
    this.infoUri = infoUri(first);
    accept(first);
    if (nextUri != null && failure == null) {
      // Not to lose the time until the first next(): Presto starts when it is first polled.
      fetch(nextUri);
    }
  }

  private static URI infoUri(StatementPage first) {
    try {
      return URI.create(first.infoUri());
    } catch (IllegalArgumentException e) {
      throw PrestoException.malformed("its infoUri is none");
    }
  }

  /** Presto's id of the query. */
  public String id() {
    return id;
  }

  /** Presto's page about the query, for people. */
  public URI infoUri() {
    return infoUri;
  }

  /**
   * The columns, as soon as Presto tells them, without reading a row. Empty for a result without
   * any.
   */
  public Future<List<PrestoColumn>> columns() {
    return ContextHop.call(context, this::awaitColumns);
  }

  /**
   * Reads rows: waits for a page that has some and gives it to {@code reader}; or, if the reader
   * left rows of the last page, gives it those.
   *
   * @return true when the reader was called; false when the result is complete
   * @throws IllegalStateException in the future, if the last {@code next} has not completed
   */
  public Future<Boolean> next(PageReader reader) {
    return ContextHop.call(
        context,
        () -> {
          if (waiting != null) {
            return Future.failedFuture(new IllegalStateException("next is under way"));
          }
          Promise<Boolean> promise = Promise.promise();
          waiting = promise;
          advance(reader)
              .onComplete(
                  (more, cause) -> {
                    if (waiting == promise) {
                      waiting = null;
                    }
                    ContextHop.settle(promise, more, cause);
                  });
          return promise.future();
        });
  }

  /**
   * Stops the query. A {@code next} that is under way fails at once, later ones too, with 57014; a
   * query that is complete stays so. May be called again.
   *
   * @return completes when Presto knows; fails after two seconds if it cannot be told
   */
  public Future<Void> cancel() {
    return ContextHop.call(context, this::cancelOnce);
  }

  /** Such as {@code INSERT}, known when the result is complete; empty for a query. */
  public Optional<String> updateType() {
    return updateType.isEmpty() ? Optional.empty() : Optional.of(updateType);
  }

  /** The rows that were changed, known when the result is complete. */
  public OptionalLong updateCount() {
    return updateCount < 0 ? OptionalLong.empty() : OptionalLong.of(updateCount);
  }

  private Future<List<PrestoColumn>> awaitColumns() {
    List<PrestoColumn> known = columns;
    if (known != null) {
      return Future.succeededFuture(known);
    }
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    if (fetched == null && nextUri == null) {
      return Future.succeededFuture(List.of());
    }
    return peek()
        .compose(
            page -> {
              if (page.columns() == null && page.rows() == null) {
                take(page);
              }
              return awaitColumns();
            });
  }

  private Future<Boolean> advance(PageReader reader) {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    StatementPage open = reading;
    if (open != null) {
      return read(open, reader);
    }
    if (fetched == null && nextUri == null) {
      return Future.succeededFuture(false);
    }
    return peek()
        .compose(
            page -> {
              take(page);
              return advance(reader);
            });
  }

  /** The next page; it stays where it is until it is taken. */
  private Future<StatementPage> peek() {
    URI uri = nextUri;
    Future<StatementPage> page = fetched;
    if (page == null) {
      if (uri == null) {
        throw new IllegalStateException("there is no page");
      }
      page = fetch(uri);
    }
    return page.compose(
        arrived -> {
          List<PrestoColumn> told = arrived.columns();
          if (columns == null && told != null) {
            columns = told;
          }
          return failure == null ? Future.succeededFuture(arrived) : Future.failedFuture(failure);
        },
        cause -> {
          // The page cannot be had, but the query may well go on without us.
          stop(cause);
          return Future.failedFuture(failure == null ? cause : failure);
        });
  }

  private void take(StatementPage page) {
    if (fetched == null || fetched.result() != page) {
      return;
    }
    fetched = null;
    call = null;
    accept(page);
    URI uri = nextUri;
    if (reading != null && uri != null && failure == null) {
      fetch(uri);
    }
  }

  private void accept(StatementPage page) {
    nextUri = page.nextUri();
    reading = page.rows() == null ? null : page;
    if (page.columns() != null && columns == null) {
      columns = page.columns();
    }
    acceptTail(page);
  }

  private void acceptTail(StatementPage page) {
    if (!page.updateType().isEmpty()) {
      updateType = page.updateType();
    }
    if (page.updateCount() >= 0) {
      updateCount = page.updateCount();
    }
    PrestoException error = page.error();
    if (error != null) {
      fail(error);
    }
  }

  private Future<StatementPage> fetch(URI uri) {
    HttpCall poll = wire.poll(uri);
    boolean known = columns != null;
    Future<StatementPage> page =
        poll.start()
            .onComplete(any -> answered = true)
            .compose(bytes -> work(() -> StatementPage.parse(bytes, known)));
    call = poll;
    fetched = page;
    return page;
  }

  private Future<Boolean> read(StatementPage page, PageReader reader) {
    List<PrestoColumn> known = columns == null ? List.of() : columns;
    return work(() -> {
          RowCursor rows = page.rows();
          if (rows != null) {
            reader.read(known, rows);
            if (rows.isEnded()) {
              page.readTail();
            }
          }
          return page;
        })
        .compose(
            read -> {
              if (read.rows() == null) {
                reading = null;
                if (fetched == null && failure == null) {
                  // Presto writes it before the rows, but that is nobody's promise.
                  nextUri = read.nextUri();
                }
                acceptTail(read);
              }
              return failure == null ? Future.succeededFuture(true) : Future.failedFuture(failure);
            },
            cause -> {
              // The rest of the result is of no use to anybody.
              stop(cause);
              return Future.failedFuture(cause);
            });
  }

  private <T> Future<T> work(Callable<T> task) {
    // The worker's future completes on the context that asked, which is this query's.
    return wire.workers().executeBlocking(task, false);
  }

  private PrestoException fail(Throwable cause) {
    nextUri = null;
    PrestoException first = failure;
    if (first == null) {
      first = cause instanceof PrestoException known ? known.ofQuery(id) : unexpected(cause);
      failure = first;
    }
    return first;
  }

  private PrestoException unexpected(Throwable cause) {
    return new PrestoException("XX000", "reading Presto's result failed: " + cause).ofQuery(id);
  }

  private Future<Void> cancelOnce() {
    boolean complete = nextUri == null && reading == null;
    if (complete || failure != null) {
      return cancelling;
    }
    PrestoException cause = PrestoException.cancelled(id);
    stop(cause);
    Promise<Boolean> reader = waiting;
    waiting = null;
    if (reader != null) {
      reader.tryFail(cause);
    }
    return cancelling;
  }

  /** Reads no more, and tells Presto if it does not know. */
  private void stop(Throwable cause) {
    URI uri = nextUri;
    PrestoException first = fail(cause);
    HttpCall running = call;
    if (uri == null) {
      return;
    }
    cancelling = wire.cancel(uri, id, () -> answered).onFailure(ignored -> {});
    if (running != null) {
      // Not before Presto has been told: it takes the cancel of a query that it does not yet
      // know, because its first poll is still on the way, for a mistake.
      cancelling.onComplete(told -> running.abort(first));
    }
  }
}
