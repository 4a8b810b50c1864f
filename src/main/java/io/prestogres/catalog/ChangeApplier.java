package io.prestogres.catalog;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Makes changes in one database, many in a transaction. Where one fails, its transaction is halved
 * until the one stands alone: it costs itself, and is not tried again for a while, because every
 * try leaves dead rows in PostgreSQL's catalogue. Used by one refresh at a time, on its context.
 */
final class ChangeApplier {
  /**
   * Changes in a transaction. A new table takes eight of the locks that max_locks_per_transaction
   * rations.
   */
  private static final int BATCH = 25;

  /** Bytes of SQL in a transaction, more or less: tables may be wide. */
  private static final int BATCH_LENGTH = 1 << 20;

  /** The longest wait for somebody who uses a table; others wait behind us. */
  private static final String BEGIN =
      "BEGIN; SET LOCAL ROLE prestogres_owner; SET LOCAL lock_timeout = '500ms';"
          // What is lost in a crash is made again.
          + " SET LOCAL synchronous_commit = off";

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Duration pause;
  private final Clock clock;
  private final Map<List<String>, Attempts> failed = new HashMap<>();

  private record Attempts(int count, Instant next, String reason) {}

  /** A change that was not made, and why. */
  record Failure(TableChange change, String reason) {}

  /**
   * Without any history.
   *
   * @param pause the least time between two attempts at the same change
   */
  ChangeApplier(Duration pause, Clock clock) {
    this.pause = pause;
    this.clock = clock;
  }

  /**
   * Makes them.
   *
   * @param lanes connections that work at the same time
   * @param insistent whether changes are tried that failed a short time ago
   * @return what could not be done; fails if PostgreSQL is lost
   */
  Future<List<Failure>> apply(
      List<? extends SqlConnection> lanes, List<TableChange> changes, boolean insistent) {
    if (insistent) {
      failed.clear();
    }
    failed.keySet().retainAll(changes.stream().map(TableChange::statements).toList());
    List<Failure> failures = new ArrayList<>();
    List<TableChange> schemas = new ArrayList<>();
    List<TableChange> tables = new ArrayList<>();
    for (TableChange change : changes) {
      Attempts attempts = failed.get(change.statements());
      if (attempts != null && attempts.next().isAfter(clock.instant())) {
        if (!attempts.reason().isEmpty()) {
          failures.add(new Failure(change, attempts.reason()));
        }
      } else {
        (change.kind() == TableChange.Kind.SCHEMA ? schemas : tables).add(change);
      }
    }
    return work(lanes.subList(0, 1), batches(schemas), failures)
        .compose(done -> work(lanes, batches(tables), failures))
        .map(failures);
  }

  private static Queue<List<TableChange>> batches(List<TableChange> changes) {
    Queue<List<TableChange>> batches = new ArrayDeque<>();
    List<TableChange> batch = new ArrayList<>();
    int length = 0;
    for (TableChange change : changes) {
      batch.add(change);
      length += change.statements().stream().mapToInt(String::length).sum();
      if (batch.size() == BATCH || length > BATCH_LENGTH) {
        batches.add(batch);
        batch = new ArrayList<>();
        length = 0;
      }
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private Future<Void> work(
      List<? extends SqlConnection> lanes,
      Queue<List<TableChange>> batches,
      List<Failure> failures) {
    return Future.join(lanes.stream().map(lane -> next(lane, batches, failures)).toList())
        .mapEmpty();
  }

  private Future<Void> next(
      SqlConnection lane, Queue<List<TableChange>> batches, List<Failure> failures) {
    List<TableChange> batch = batches.poll();
    return batch == null
        ? Future.succeededFuture()
        : make(lane, batch, failures).compose(done -> next(lane, batches, failures));
  }

  private Future<Void> make(SqlConnection lane, List<TableChange> batch, List<Failure> failures) {
    List<String> statements =
        batch.stream().flatMap(change -> change.statements().stream()).toList();
    return transaction(lane, statements)
        .recover(
            failure -> {
              if (!(failure instanceof PgException)) {
                return Future.failedFuture(failure);
              }
              if (batch.size() == 1) {
                return fallBack(lane, batch.get(0), reason(failure), failures);
              }
              int half = batch.size() / 2;
              return make(lane, batch.subList(0, half), failures)
                  .compose(done -> make(lane, batch.subList(half, batch.size()), failures));
            });
  }

  private Future<Void> fallBack(
      SqlConnection lane, TableChange change, String reason, List<Failure> failures) {
    if (change.fallback().isEmpty()) {
      remember(change, reason);
      failures.add(new Failure(change, reason));
      return Future.succeededFuture();
    }
    return transaction(lane, change.fallback())
        .onSuccess(
            done -> {
              remember(change, change.told() ? reason : "");
              if (change.told()) {
                failures.add(new Failure(change.fallenBack(), reason));
              }
            })
        .recover(
            failure -> {
              if (!(failure instanceof PgException)) {
                return Future.failedFuture(failure);
              }
              remember(change, reason(failure));
              failures.add(new Failure(change, reason(failure)));
              return Future.succeededFuture();
            });
  }

  private void remember(TableChange change, String reason) {
    int count =
        Optional.ofNullable(failed.get(change.statements())).map(Attempts::count).orElse(0) + 1;
    Duration wait = pause.multipliedBy(1L << Math.min(count, 12));
    Instant next = clock.instant().plus(wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE);
    failed.put(change.statements(), new Attempts(count, next, reason));
  }

  private static String reason(Throwable failure) {
    return failure instanceof PgException error
        ? "PostgreSQL says: " + error.getErrorMessage()
        : String.valueOf(failure.getMessage());
  }

  private static Future<Void> transaction(SqlConnection lane, List<String> statements) {
    return lane.query(BEGIN + "; " + String.join("; ", statements) + "; COMMIT")
        .execute()
        .<Void>mapEmpty()
        .recover(
            failure ->
                lane.query("ROLLBACK")
                    .execute()
                    .transform(
                        // Without an answer to that the connection is of no use.
                        rolled ->
                            Future.failedFuture(rolled.succeeded() ? failure : rolled.cause())));
  }
}
