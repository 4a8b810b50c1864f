package io.prestogres.functions;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a query as PL/Java fetches them, on PostgreSQL's own thread. That thread must be
 * back in PostgreSQL ten times a second, or a cancel, a time-out or a lost client goes unnoticed.
 */
final class BatchIterator implements Iterator<String[]>, AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
  private static final Handover NOTHING_YET = Handover.batch(List.of());

  private final QueryWorker worker;
  private @Nullable Handover next;

  BatchIterator(QueryWorker worker) {
    this.worker = worker;
  }

  @Override
  public boolean hasNext() {
    try {
      Handover current = next;
      if (current == null) {
        current = worker.poll(LONGEST_WAIT).orElse(NOTHING_YET);
        next = current;
      }
      current.failure().ifPresent(BatchIterator::raise);
      return !current.end();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      raise(new SQLException("interrupted while waiting for Presto", "57014"));
      return false;
    }
  }

  @Override
  public String[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Handover current = Objects.requireNonNull(next);
    next = null;
    return current.columns().toArray(new String[0]);
  }

  /** Cancels the query, for an end that the iterator itself never hears of. */
  @Override
  public void close() {
    worker.cancel();
  }

  /** PL/Java takes the SQLSTATE from an SQLException only, which an Iterator cannot declare. */
  private static void raise(SQLException failure) {
    BatchIterator.<RuntimeException>rethrow(failure);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // The cast is to nothing.
  private static <T extends Throwable> void rethrow(Throwable failure) throws T {
    throw (T) failure;
  }
}
