package io.prestogres.functions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.pljava.ResultSetProvider;

/**
 * The batches of a query as PL/Java fetches them, on PostgreSQL's own thread. That thread must be
 * back in PostgreSQL ten times a second, or a cancel, a time-out or a lost client goes unnoticed.
 */
final class BatchProvider implements ResultSetProvider.Large {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final QueryWorker worker;
  private final Runnable onClose;
  private boolean failed;

  BatchProvider(QueryWorker worker, Runnable onClose) {
    this.worker = worker;
    this.onClose = onClose;
  }

  @Override
  public boolean assignRowValues(ResultSet receiver, long row) throws SQLException {
    Handover next = next();
    if (next instanceof Handover.Batch batch) {
      receiver.updateObject(1, batch.literals());
    } else if (next instanceof Handover.Failed last) {
      tell(last.failure(), receiver);
    }
    return !(next instanceof Handover.End);
  }

  /**
   * PostgreSQL raises it. Should it ask for more instead, the failure must not pass for the end.
   */
  private void tell(Failure failure, ResultSet receiver) throws SQLException {
    if (failed) {
      throw new SQLException(failure.message(), failure.sqlState());
    }
    failed = true;
    receiver.updateObject(2, failure.toArray());
  }

  /** What comes next, in time for PostgreSQL. */
  Handover next() {
    try {
      return worker.poll(LONGEST_WAIT);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Handover.Failed(Failure.of("57014", "interrupted while waiting for Presto"));
    }
  }

  @Override
  public void close() {
    worker.cancel();
    onClose.run();
  }
}
