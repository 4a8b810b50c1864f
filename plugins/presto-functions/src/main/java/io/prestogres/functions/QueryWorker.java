package io.prestogres.functions;

import java.nio.charset.StandardCharsets;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs one query on a thread of its own and hands over its batches; a few of them are made before
 * they are asked for, so that PostgreSQL need not wait while the driver waits for a page. Whoever
 * takes may stop at any time without a word; after {@link #PATIENCE} the query is cancelled.
 */
final class QueryWorker implements Runnable {
  /** As Presto's own query.client.timeout, after which it gives up a query nobody reads. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Batches; together about what a page of Presto's gives. */
  private static final int MOST_WAITING = 8;

  /** Until it is known how the query ends: rows that stop are never taken for all of them. */
  private static final Failure WITHOUT_REASON =
      Failure.of("XX000", "the thread that reads from Presto has died");

  private final QuerySettings settings;
  private final String query;
  private final @Nullable String[] parameters;
  private final BlockingQueue<Handover> queue = new ArrayBlockingQueue<>(MOST_WAITING);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread = new Thread(this, "presto-query");

  private volatile boolean cancelled;
  private volatile @Nullable Failure failure;
  private volatile @Nullable EngineLink link;
  private volatile String queryId = "";

  QueryWorker(QuerySettings settings, String query, @Nullable String[] parameters) {
    this.settings = settings;
    this.query = query;
    this.parameters = parameters;
    // PostgreSQL's backend ends when its own thread does.
    thread.setDaemon(true);
  }

  /** One that has failed before it could begin. */
  static QueryWorker failed(Failure failure) {
    QueryWorker worker =
        new QueryWorker(new QuerySettings("", Map.of()), "", new @Nullable String[0]);
    worker.failure = failure;
    worker.ended.countDown();
    return worker;
  }

  /** Begins, unless the query has failed already. */
  void start() {
    if (failure == null) {
      thread.start();
    }
  }

  /**
   * What comes next, or nothing if nothing does in time. After the last batch, the failure or the
   * end is given again and again. For one thread at a time.
   */
  Handover poll(Duration wait) throws InterruptedException {
    // Looked at first: what was put before the end is there once the end is seen.
    boolean over = ended.getCount() == 0;
    Handover next = over ? queue.poll() : queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      return over ? atEnd() : new Handover.Nothing();
    }
    return next instanceof Handover.End ? atEnd() : next;
  }

  private Handover atEnd() {
    Failure why = failure;
    return why == null ? new Handover.End() : new Handover.Failed(why);
  }

  /** Ends the query on Presto. Returns at once; any thread, any number of times. */
  void cancel() {
    if (!cancelled) {
      cancelled = true;
      EngineLink waiting = link;
      if (waiting != null) {
        waiting.abort();
      }
      thread.interrupt();
    }
  }

  /** Waits until the query has ended, here and on Presto, but not for long. */
  void awaitEnd(long nanos) {
    if (!thread.isAlive()) {
      return;
    }
    try {
      boolean inTime = ended.await(nanos, TimeUnit.NANOSECONDS);
      cancelled |= !inTime;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * With this jar's own rights: a thread inherits those of the SQL function that began it, which
   * may not even connect to Presto.
   */
  @Override
  @SuppressWarnings("removal") // PL/Java enforces its policy with it wherever Java still can.
  public void run() {
    boolean unused =
        AccessController.doPrivileged(
            (PrivilegedAction<Boolean>)
                () -> {
                  runToItsEnd();
                  return true;
                });
  }

  private void runToItsEnd() {
    failure = WITHOUT_REASON;
    try {
      failure = outcome();
      endOnPresto();
    } finally {
      ended.countDown();
      // For one who waits already; all others see that it has ended.
      boolean unused = queue.offer(new Handover.End());
    }
  }

  /** Fetches everything; why that failed, or nothing. */
  private @Nullable Failure outcome() {
    try {
      fetch();
      return null;
    } catch (InterruptedException interrupted) {
      return Failure.of("57014", "canceling statement due to user request");
    } catch (SQLException e) {
      return PrestoFailures.translate(e, settings.authority()).ofQuery(queryId);
    } catch (RuntimeException | Error e) {
      return Failure.of("XX000", "Presto's driver failed: " + e);
    }
  }

  private void endOnPresto() {
    EngineLink open = link;
    if (cancelled && open != null && !queryId.isEmpty()) {
      // An interrupt would keep the request from being sent.
      boolean unused = Thread.interrupted();
      open.end(queryId);
    }
  }

  private void fetch() throws SQLException, InterruptedException {
    EngineLink open = settings.open();
    link = open;
    try (open) {
      open.onQueryId(id -> queryId = id);
      stopIfCancelled();
      String text = parameters.length == 0 ? query : bind(open);
      Optional<EngineRows> result = open.execute(text);
      if (result.isPresent()) {
        try (EngineRows rows = result.get()) {
          read(rows);
        }
      } else {
        String count = "{" + open.updateCount() + "}";
        give(new Handover.Batch(count.getBytes(StandardCharsets.US_ASCII)));
      }
    }
  }

  private void read(EngineRows rows) throws SQLException, InterruptedException {
    try {
      BatchBuilder batch = new BatchBuilder(rows.columns());
      while (rows.next()) {
        batch.add(rows);
        if (batch.isFull()) {
          give(batch.take());
        }
      }
      if (!batch.isEmpty()) {
        give(batch.take());
      }
    } catch (InterruptedException abandoned) {
      rows.cancel();
      throw abandoned;
    }
  }

  /** An EXECUTE with literals of the types that the parameters have. */
  private String bind(EngineLink open) throws SQLException, InterruptedException {
    List<String> types = open.prepare(query);
    if (types.size() != parameters.length) {
      throw new SQLException(
          String.format(
              "the statement has %d parameters on Presto, but %d values were given",
              types.size(), parameters.length),
          "08P01");
    }
    stopIfCancelled();
    StringBuilder execute = new StringBuilder("EXECUTE " + EngineLink.PREPARED + " USING ");
    for (int i = 0; i < parameters.length; i++) {
      execute.append(i == 0 ? "" : ", ");
      execute.append(ParameterLiterals.of(types.get(i), parameters[i]));
    }
    return execute.toString();
  }

  private void give(Handover.Batch batch) throws InterruptedException {
    stopIfCancelled();
    if (!queue.offer(batch, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("nobody reads");
    }
  }

  private void stopIfCancelled() throws InterruptedException {
    if (cancelled) {
      throw new InterruptedException("cancelled");
    }
  }
}
