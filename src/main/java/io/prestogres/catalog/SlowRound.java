package io.prestogres.catalog;

import io.prestogres.presto.PrestoException;
import io.prestogres.sql.Shell;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks Presto about the shells of one database, about each again after a while: a few at a time,
 * one after the other, in the background. Touched on the mirror's context only.
 */
final class SlowRound {
  private static final System.Logger LOG = System.getLogger(SlowRound.class.getName());

  /** Tables asked about in one round. */
  private static final int TABLES = 20;

  private final Clock clock;
  private final Map<Long, Instant> asked = new HashMap<>();
  private boolean running;

  SlowRound(Clock clock) {
    this.clock = clock;
  }

  /** Asks about one shell. */
  @FunctionalInterface
  interface Question {
    /** False if it has to be asked another time, and all others too. */
    Future<Boolean> ask(long oid, Shell shell);
  }

  /**
   * Another round, if one is due and none runs.
   *
   * @param age after which a shell is asked about again; zero is never
   */
  void advance(Map<Long, Shell> shells, Duration age, Question question) {
    if (running || age.isZero()) {
      return;
    }
    Instant now = clock.instant();
    List<Map.Entry<Long, Shell>> due = new ArrayList<>();
    for (Map.Entry<Long, Shell> shell : shells.entrySet()) {
      Instant last = asked.get(shell.getKey());
      if (due.size() < TABLES && (last == null || !last.plus(age).isAfter(now))) {
        due.add(shell);
      }
    }
    if (due.isEmpty()) {
      return;
    }
    running = true;
    next(due, 0, question)
        .onComplete(
            done -> {
              running = false;
              asked.keySet().retainAll(shells.keySet());
            });
  }

  private Future<Void> next(List<Map.Entry<Long, Shell>> due, int position, Question question) {
    if (position == due.size()) {
      return Future.succeededFuture();
    }
    long oid = due.get(position).getKey();
    Shell shell = due.get(position).getValue();
    return Future.succeededFuture()
        .compose(begin -> question.ask(oid, shell))
        .recover(failure -> passOver(shell, failure))
        .compose(
            goOn -> {
              if (!goOn) {
                return Future.succeededFuture();
              }
              asked.put(oid, clock.instant());
              return next(due, position + 1, question);
            });
  }

  /**
   * Not all is told of a view, and a table may be gone; but where nobody answers, nobody is asked.
   */
  private static Future<Boolean> passOver(Shell shell, Throwable failure) {
    LOG.log(
        System.Logger.Level.DEBUG,
        "nothing is told of {0}.{1}: {2}",
        shell.schema(),
        shell.name(),
        failure.getMessage());
    boolean unreachable =
        failure instanceof PrestoException error && error.sqlState().startsWith("08");
    return Future.succeededFuture(!unreachable);
  }
}
