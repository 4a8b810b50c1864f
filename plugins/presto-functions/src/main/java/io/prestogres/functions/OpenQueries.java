package io.prestogres.functions;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.postgresql.pljava.SavepointListener;
import org.postgresql.pljava.Session;
import org.postgresql.pljava.SessionManager;
import org.postgresql.pljava.TransactionListener;

/**
 * The queries that run for this backend, so that they end with the transaction or the savepoint in
 * which they began: PL/Java closes no provider after an error or a rollback. Belongs to
 * PostgreSQL's thread.
 */
final class OpenQueries implements TransactionListener, SavepointListener {
  /**
   * How long a rollback waits for its queries to be cancelled on Presto: the rollback may be the
   * backend's last act, and then nobody else would.
   */
  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private final Map<QueryWorker, Integer> depths = new HashMap<>();

  /** Savepoints that are open now, of those that began since the backend's first query. */
  private int depth;

  private boolean listening;

  /** Has PL/Java tell of rollbacks, once for all queries of the backend. */
  void listen() throws SQLException {
    if (!listening) {
      Session session = SessionManager.current();
      session.addTransactionListener(this);
      session.addSavepointListener(this);
      listening = true;
    }
  }

  /** Cancels the query if what it runs in is rolled back. */
  void add(QueryWorker query) {
    depths.put(query, depth);
  }

  void remove(QueryWorker query) {
    depths.remove(query);
  }

  @Override
  public void onAbort(Session session) {
    depth = 0;
    cancel(any -> true);
  }

  @Override
  public void onCommit(Session session) {
    depth = 0;
  }

  @Override
  public void onStart(Session session, Savepoint savepoint, Savepoint parent) {
    depth++;
  }

  /** What began inside now belongs to what is around it. */
  @Override
  public void onCommit(Session session, Savepoint savepoint, Savepoint parent) {
    depth = Math.max(0, depth - 1);
    depths.replaceAll((query, since) -> Math.min(since, depth));
  }

  /** At depth 0 a savepoint ends that is older than our listening, and all that we know with it. */
  @Override
  public void onAbort(Session session, Savepoint savepoint, Savepoint parent) {
    int ended = depth;
    depth = Math.max(0, depth - 1);
    cancel(since -> since >= ended);
  }

  private void cancel(IntPredicate which) {
    Map<QueryWorker, Integer> ended = new HashMap<>(depths);
    ended.values().removeIf(since -> !which.test(since));
    ended.keySet().forEach(QueryWorker::cancel);
    long end = System.nanoTime() + PATIENCE.toNanos();
    ended.keySet().forEach(query -> query.awaitEnd(end - System.nanoTime()));
    depths.keySet().removeAll(ended.keySet());
  }
}
