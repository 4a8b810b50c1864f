package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A statement that nobody waits for any more ends everywhere within two seconds. */
@ExtendWith(StackExtension.class)
class CancelIT {
  private final Stack stack;

  CancelIT(Stack stack) {
    this.stack = stack;
  }

  /** The error of a statement that runs elsewhere, empty if it has none. */
  private static CompletableFuture<Optional<SQLException>> execute(
      Statement statement, String sql) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            statement.execute(sql);
            return Optional.empty();
          } catch (SQLException e) {
            return Optional.of(e);
          }
        });
  }

  private void assertCanceled(Connection connection, String table, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      CompletableFuture<Optional<SQLException>> running = execute(statement, sql);
      awaitRunning(table);

      statement.cancel();

      assertThat(running.get(2, TimeUnit.SECONDS))
          .hasValueSatisfying(e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertEndedOnPresto(table);
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
    }
  }

  /** A cancel that comes before its statement has begun hits nothing, as in PostgreSQL. */
  private static void cancelUntilEnded(Statement statement, CompletableFuture<?> running)
      throws Exception {
    for (int i = 0; i < 5 && !running.isDone(); i++) {
      statement.cancel();
      try {
        running.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException notYet) {
        // Once more, as a user would.
      }
    }
  }

  private void awaitRunning(String table) throws InterruptedException {
    for (int i = 0; i < 400 && !running(table); i++) {
      Thread.sleep(50);
    }
    assertThat(running(table)).as("a query on %s runs", table).isTrue();
  }

  private boolean running(String table) {
    return stack.prestoQueries("\"" + table + "\"").stream().anyMatch(query -> !query.ended());
  }

  private void assertEndedOnPresto(String table) {
    Eventually.holds(() -> !running(table));
  }

  @Test
  void shouldCancelARewrittenQuery() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertCanceled(connection, "lineitem", "select count(*) from sf100.lineitem");
      assertCanceled(
          connection,
          "lineitem",
          "select partkey, sum(quantity) from sf100.lineitem group by partkey order by 2 limit 3");
    }
  }

  @Test
  void shouldCancelAScan() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "create temp view seen as select orderkey k from sf100.orders");
      assertCanceled(connection, "orders", "select count(*), sum(k) from seen");
    }
  }

  @Test
  void shouldCancelAQueryInsideAFunction() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create function pg_temp.items() returns bigint language plpgsql as"
              + " $$ begin return (select max(suppkey) from sf100.lineitem); end $$");
      assertCanceled(connection, "lineitem", "select pg_temp.items()");
    }
  }

  @Test
  void shouldCancelAQueryWhoseConditionsPostgresqlEvaluates() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "create temp view odd as"
              + " select partkey from sf100.partsupp where comment ~ '^zz(a|b)+\\d'");
      assertCanceled(connection, "partsupp", "select count(*) from odd");
    }
  }

  @Test
  void shouldLoseNoStatementAfterACancel() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 10; i++) {
        CompletableFuture<Optional<SQLException>> running =
            execute(statement, "select count(*) from sf100.customer");
        Thread.sleep(20L * i);
        cancelUntilEnded(statement, running);
        assertThat(running.get(5, TimeUnit.SECONDS))
            .hasValueSatisfying(e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        for (int j = 0; j < 5; j++) {
          assertThat(Stack.rows(connection, "select pg_sleep(0.01)")).hasSize(1);
        }
      }
    }
    Eventually.holds(Duration.ofSeconds(10), () -> !running("customer"));
  }

  /** A cancel is sent again when its statement does not end; PostgreSQL is asked about another. */
  @Test
  void shouldSpareAStatementThatIsPlannedAfterACancel() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement();
        Connection owner = stack.direct("postgres", "tpch")) {
      CompletableFuture<Optional<SQLException>> running =
          execute(statement, "select pg_sleep(60) /* to be canceled */");
      Eventually.holds(() -> stack.backends("%to be canceled%") == 1);
      owner.setAutoCommit(false);
      Stack.run(owner, "LOCK TABLE tiny.region IN ACCESS EXCLUSIVE MODE");

      statement.cancel();
      assertThat(running.get(2, TimeUnit.SECONDS))
          .hasValueSatisfying(e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      CompletableFuture<Optional<SQLException>> next =
          execute(statement, "select count(*) from tiny.region");
      Thread.sleep(1_500);
      assertThat(next).as("waits for the lock").isNotDone();
      owner.rollback();

      // Over PL/Java it starts a JVM as well.
      assertThat(next.get(60, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void shouldEndAtTheStatementTimeout() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "set statement_timeout = '700ms'");
      assertThatThrownBy(() -> Stack.rows(connection, "select count(*) from sf100.lineitem"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertEndedOnPresto("lineitem");
      Stack.run(connection, "reset statement_timeout");
      assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
    }
  }

  @Test
  void shouldEndACursorsQueryWhenItIsClosed() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      for (String end : new String[] {"close c", "rollback", "rollback to savepoint s"}) {
        Stack.run(
            connection,
            "begin",
            "savepoint s",
            "declare c cursor for select orderkey from sf100.orders");
        assertThat(Stack.rows(connection, "fetch 10 from c")).hasSize(10);
        assertThat(running("orders")).as(end).isTrue();
        Stack.run(connection, end);
        assertEndedOnPresto("orders");
        Stack.run(connection, "rollback");
      }
    }
  }

  @Test
  void shouldEndAScansQueryWithItsCursor() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "create temp view scanned as select orderkey from sf100.orders");
      for (String end : new String[] {"close c", "rollback to savepoint s"}) {
        Stack.run(connection, "begin", "savepoint s", "declare c cursor for select * from scanned");
        assertThat(Stack.rows(connection, "fetch 10 from c")).hasSize(10);
        assertThat(running("orders")).as(end).isTrue();
        Stack.run(connection, end);
        assertEndedOnPresto("orders");
        Stack.run(connection, "rollback");
      }
    }
  }

  /** Of a client that has gone for lunch, and whose session PostgreSQL ends for that. */
  @Test
  void shouldEndTheQueryOfAnIdlePortal() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "set idle_in_transaction_session_timeout = '2s'",
          "begin",
          "declare c cursor for select orderkey from sf100.orders");
      assertThat(Stack.rows(connection, "fetch 10 from c")).hasSize(10);
      assertThat(running("orders")).isTrue();
      Thread.sleep(2_000);
      assertEndedOnPresto("orders");
    }
  }

  @Test
  void shouldEndTheQueryBehindALimit() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(connection, "create temp view few as select orderkey from sf100.orders");
      assertThat(Stack.rows(connection, "select * from few limit 5")).hasSize(5);
      assertEndedOnPresto("orders");
    }
  }

  @Test
  void shouldCancelNobodyForAWrongSecret() throws Exception {
    try (RawClient client = new RawClient(stack.proxyPort())) {
      client.send(RawClient.startup("user", "presto", "database", "plain"));
      Backend.KeyData key =
          Backend.KeyData.read(
              client.readTo('Z').stream()
                  .filter(frame -> frame.type() == 'K')
                  .findFirst()
                  .orElseThrow()
                  .bytes());
      Buffer wrong = key.secret().copy();
      wrong.setByte(0, (byte) (wrong.getByte(0) + 1));

      client.send(Frontend.query("select pg_sleep(1)"));
      for (Buffer request :
          List.of(
              Frontend.cancelRequest(key.processId(), wrong),
              Frontend.cancelRequest(key.processId(), key.secret().getBuffer(0, 3)),
              Frontend.cancelRequest(key.processId(), key.secret().copy().appendByte((byte) 0)),
              Frontend.cancelRequest(key.processId() + 100_000, key.secret()),
              Frontend.cancelRequest(0, key.secret()))) {
        try (RawClient canceling = new RawClient(stack.proxyPort())) {
          canceling.send(request);
          canceling.assertEnd();
        }
      }

      assertThat(client.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('T', 'D', 'C', 'Z');
    }
  }

  @Test
  void shouldCancelOnlyTheOwnStatementOfManySessions() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(100);
    try {
      List<Future<Void>> sessions = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        boolean canceled = i % 2 == 0;
        sessions.add(
            threads.submit(
                () -> {
                  sleepAndCancel(canceled);
                  return null;
                }));
      }
      for (Future<Void> session : sessions) {
        session.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void sleepAndCancel(boolean canceled) throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Connection connection = stack.connect("presto", "plain");
        Statement statement = connection.createStatement()) {
      for (int round = 0; round < 2; round++) {
        if (canceled) {
          Future<?> cancel =
              other.submit(
                  () -> {
                    Thread.sleep(1_000);
                    statement.cancel();
                    return null;
                  });
          assertThatThrownBy(() -> statement.execute("select pg_sleep(50)"))
              .isInstanceOfSatisfying(
                  SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
          cancel.get(10, TimeUnit.SECONDS);
        } else {
          statement.execute("select pg_sleep(2)");
        }
        assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
      }
    } finally {
      other.shutdownNow();
    }
  }
}
