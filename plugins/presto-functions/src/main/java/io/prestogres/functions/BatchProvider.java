package io.prestogres.functions;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postgresql.pljava.ResultSetProvider;

/**
 * The batches of a query as PL/Java fetches them, on PostgreSQL's own thread. That thread must be
 * back in PostgreSQL ten times a second, or a cancel, a time-out or a lost client goes unnoticed.
 */
final class BatchProvider implements ResultSetProvider.Large {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

  private final QueryWorker worker;
  private final Runnable onClose;

  BatchProvider(QueryWorker worker, Runnable onClose) {
    this.worker = worker;
    this.onClose = onClose;
  }

  @Override
  public boolean assignRowValues(ResultSet receiver, long row) throws SQLException {
    Optional<List<String>> batch = next();
    if (batch.isPresent()) {
      receiver.updateObject(1, batch.get().toArray(new String[0]));
    }
    return batch.isPresent();
  }

  /** The next batch, one without elements if none comes in time, or nothing at the end. */
  Optional<List<String>> next() {
    try {
      Optional<Handover> next = worker.poll(LONGEST_WAIT);
      return next.map(Handover::end).orElse(false)
          ? Optional.empty()
          : Optional.of(next.map(Handover::columns).orElse(List.of()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of(Failure.of("57014", "interrupted while waiting for Presto").toBatch());
    }
  }

  @Override
  public void close() {
    worker.cancel();
    onClose.run();
  }
}
