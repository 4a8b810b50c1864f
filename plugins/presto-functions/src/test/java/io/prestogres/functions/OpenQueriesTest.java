package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Savepoint;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postgresql.pljava.Session;

final class OpenQueriesTest {
  /** Nothing asks them anything. */
  private static final Session SESSION = nobody(Session.class);

  private static final Savepoint SAVEPOINT = nobody(Savepoint.class);

  private final OpenQueries open = new OpenQueries();

  private static <T> T nobody(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  /** A query that ends at once: cancelled, or because nobody listens on port 1. */
  private QueryWorker query() {
    QueryWorker query =
        PrestoFunctions.worker(
            "jdbc:presto://127.0.0.1:1", new String[] {"user=test"}, "SELECT 1", new String[0]);
    open.add(query);
    return query;
  }

  private static boolean cancelled(QueryWorker query) throws InterruptedException {
    query.start();
    Handover next = query.poll(Duration.ofSeconds(1));
    while (!(next instanceof Handover.Failed)) {
      next = query.poll(Duration.ofSeconds(1));
    }
    String state = ((Handover.Failed) next).failure().sqlState();
    assertThat(state).isIn("57014", "08001");
    return state.equals("57014");
  }

  @Test
  void shouldCancelEverythingWhenTheTransactionIsRolledBack() throws Exception {
    QueryWorker outer = query();
    open.onStart(SESSION, SAVEPOINT, SAVEPOINT);
    QueryWorker inner = query();

    open.onAbort(SESSION);

    assertThat(cancelled(outer)).isTrue();
    assertThat(cancelled(inner)).isTrue();
  }

  @Test
  void shouldCancelWhatBeganInTheSavepointThatIsRolledBack() throws Exception {
    QueryWorker outer = query();
    open.onStart(SESSION, SAVEPOINT, SAVEPOINT);
    QueryWorker inner = query();
    open.onStart(SESSION, SAVEPOINT, SAVEPOINT);
    QueryWorker innermost = query();
    open.onCommit(SESSION, SAVEPOINT, SAVEPOINT);

    open.onAbort(SESSION, SAVEPOINT, SAVEPOINT);

    assertThat(cancelled(outer)).isFalse();
    assertThat(cancelled(inner)).isTrue();
    assertThat(cancelled(innermost)).isTrue();
  }

  @Test
  void shouldKeepWhatBeganInASavepointThatWasReleased() throws Exception {
    open.onStart(SESSION, SAVEPOINT, SAVEPOINT);
    QueryWorker released = query();
    open.onCommit(SESSION, SAVEPOINT, SAVEPOINT);
    open.onStart(SESSION, SAVEPOINT, SAVEPOINT);

    open.onAbort(SESSION, SAVEPOINT, SAVEPOINT);

    assertThat(cancelled(released)).isFalse();
  }

  @Test
  void shouldCancelEverythingWhenASavepointEndsThatIsOlderThanTheFirstQuery() throws Exception {
    QueryWorker query = query();

    open.onAbort(SESSION, SAVEPOINT, SAVEPOINT);

    assertThat(cancelled(query)).isTrue();
  }

  @Test
  void shouldForgetQueriesThatWereRead() throws Exception {
    QueryWorker read = query();
    open.remove(read);

    open.onAbort(SESSION);

    assertThat(cancelled(read)).isFalse();
  }
}
