package io.prestogres.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.PgException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointTransactionTest {

  private final List<String> closed = new ArrayList<>();
  private final List<Optional<String>> bound = new ArrayList<>();
  private int closings;
  private final EndpointTransaction transaction =
      new EndpointTransaction(new EndpointCursors(this::open, () -> closings++));

  private OpenCursor open(String query, List<Optional<String>> parameters) {
    bound.addAll(parameters);
    return OpenCursor.of(1, new NoRows(query));
  }

  /** The rows of a query, of which there are none. */
  private final class NoRows implements RowSource {
    private final String query;

    private NoRows(String query) {
      this.query = query;
    }

    @Override
    public Future<Rows> fetch(int max) {
      return Future.succeededFuture(new Rows(Buffer.buffer(), 0));
    }

    @Override
    public void close() {
      closed.add(query);
    }
  }

  /** What postgres_fdw sends, one after the other; the tags of CommandComplete. */
  private List<String> run(String... statements) {
    List<String> tags = new ArrayList<>();
    for (String text : statements) {
      Buffer answer = transaction.answer(EndpointStatement.read(text), text, List.of());
      tags.add(answer.getString(5, answer.length() - 1));
    }
    return tags;
  }

  private boolean isOpen(String cursor) {
    return transaction.cursor(cursor).isPresent();
  }

  private void assertRefused(String statement, String sqlState) {
    assertThatThrownBy(() -> run(statement))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.fields().toString()).startsWith(sqlState));
  }

  @Test
  void shouldOpenAndCloseCursors() {
    List<String> tags =
        run(
            "START TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "DECLARE c1 CURSOR FOR one",
            "DECLARE c2 CURSOR FOR two",
            "CLOSE c1");

    assertThat(tags)
        .containsExactly("START TRANSACTION", "DECLARE CURSOR", "DECLARE CURSOR", "CLOSE CURSOR");
    assertThat(isOpen("c1")).isFalse();
    assertThat(isOpen("c2")).isTrue();
    assertThat(closed).containsExactly("one");
  }

  @Test
  void shouldCloseEveryCursorWhenTheTransactionEnds() {
    run(
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "DECLARE c1 CURSOR FOR one",
        "SAVEPOINT s2",
        "DECLARE c2 CURSOR FOR two");

    run("COMMIT TRANSACTION");

    assertThat(closed).containsExactlyInAnyOrder("one", "two");
    assertThat(closings).isEqualTo(2);
    assertThat(transaction.status()).isEqualTo(Backend.IDLE);
  }

  @Test
  void shouldCloseCursorsOfSubtransactionsThatAreRolledBack() {
    run(
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "DECLARE c1 CURSOR FOR one",
        "SAVEPOINT s2",
        "DECLARE c2 CURSOR FOR two",
        "SAVEPOINT s3",
        "DECLARE c3 CURSOR FOR three",
        "RELEASE SAVEPOINT s3",
        "DECLARE c4 CURSOR FOR four",
        "ROLLBACK TO SAVEPOINT s2; RELEASE SAVEPOINT s2");

    assertThat(closed).containsExactlyInAnyOrder("two", "three", "four");
    assertThat(isOpen("c1")).isTrue();
  }

  @Test
  void shouldKeepCursorsOfSubtransactionsThatWereReleased() {
    run(
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "SAVEPOINT s2",
        "DECLARE c1 CURSOR FOR one",
        "RELEASE SAVEPOINT s2",
        "SAVEPOINT s2",
        "ROLLBACK TO SAVEPOINT s2; RELEASE SAVEPOINT s2");

    assertThat(closed).isEmpty();
    assertThat(isOpen("c1")).isTrue();
  }

  @Test
  void shouldDoNothingInAFailedTransactionButRollBack() {
    run("START TRANSACTION ISOLATION LEVEL REPEATABLE READ", "DECLARE c1 CURSOR FOR one");

    transaction.fail();

    assertThat(transaction.status()).isEqualTo(Backend.FAILED_TRANSACTION);
    assertThat(isOpen("c1")).isFalse();
    assertRefused("DECLARE c2 CURSOR FOR two", "25P02");
    assertThat(run("ABORT TRANSACTION")).containsExactly("ROLLBACK");
    assertThat(closed).containsExactly("one");
  }

  @Test
  void shouldGoOnBehindASavepointWhenTheTransactionFailed() {
    run("START TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SAVEPOINT s2");
    transaction.fail();

    run("ROLLBACK TO SAVEPOINT s2; RELEASE SAVEPOINT s2");

    assertThat(transaction.status()).isEqualTo(Backend.IN_TRANSACTION);
  }

  @Test
  void shouldRefuseWhatItCannotDo() {
    run("DECLARE c1 CURSOR FOR one");

    assertRefused("DECLARE c1 CURSOR FOR two", "42P03");
    assertRefused("CLOSE c2", "34000");
    assertRefused("DELETE FROM t", "0A000");
    assertThat(transaction.status()).isEqualTo(Backend.IDLE);
  }

  @Test
  void shouldOpenCursorsWithParameters() {
    String text = "DECLARE c1 CURSOR FOR one";

    transaction.answer(
        EndpointStatement.read(text), text, List.of(Optional.of("1"), Optional.empty()));

    assertThat(bound).containsExactly(Optional.of("1"), Optional.empty());
  }
}
