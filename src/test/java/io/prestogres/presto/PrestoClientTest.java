package io.prestogres.presto;

import static io.prestogres.presto.ClientOfFake.assertFails;
import static io.prestogres.presto.ClientOfFake.await;
import static io.prestogres.presto.ClientOfFake.collect;
import static io.prestogres.presto.ClientOfFake.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoCoordinator.Flavor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is read of a query, and what becomes of failures. */
class PrestoClientTest {
  private static final String COLUMNS = ",\"columns\":[{\"name\":\"a\",\"type\":\"integer\"}]";
  private static final PrestoSession SESSION = PrestoSession.of("alice");

  private final ClientOfFake fake = new ClientOfFake();
  private final FakeCoordinator presto = fake.coordinator();
  private final PrestoClient client = fake.client();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void shouldReadPagesPastEmptyOnes() {
    presto
        .thenPage(false, "")
        .thenPage(false, "")
        .thenPage(false, COLUMNS)
        .thenPage(false, COLUMNS + ",\"data\":[[1],[2]]")
        .thenPage(false, COLUMNS + ",\"data\":[]")
        .thenPage(false, COLUMNS + ",\"data\":null")
        .thenPage(true, COLUMNS + ",\"data\":[[3]]");

    PrestoQuery query = await(client.start("select a", SESSION));

    assertThat(await(query.columns()))
        .containsExactly(new PrestoColumn("a", PrestoType.parse("integer")));
    assertThat(readAll(query)).containsExactly("1", "2", "3");
    assertThat(query.id()).isEqualTo("q1");
    assertThat(presto.bodies().get(0)).isEqualTo("select a");
    assertThat(query.updateType()).isEmpty();
  }

  @Test
  void shouldTellUpdateCountAndColumnsBehindRows() {
    presto
        .thenPage(false, "")
        .thenPage(
            true, ",\"data\":[[5]]" + COLUMNS + ",\"updateType\":\"INSERT\",\"updateCount\":5");

    PrestoQuery query = await(client.start("insert", SESSION));

    assertThat(readAll(query)).containsExactly("5");
    assertThat(query.updateType()).contains("INSERT");
    assertThat(query.updateCount()).hasValue(5);
  }

  @Test
  void shouldGiveRestOfPageToNextReader() {
    presto.thenPage(false, "").thenPage(true, COLUMNS + ",\"data\":[[1],[2],[3]]");
    PrestoQuery query = await(client.start("select", SESSION));
    List<String> rows = new ArrayList<>();
    PageReader one =
        (columns, cursor) -> {
          if (cursor.nextRow() && cursor.nextValue()) {
            rows.add(cursor.text());
          }
        };

    while (await(query.next(one))) {
      rows.add("|");
    }

    assertThat(rows).containsExactly("1", "|", "2", "|", "3", "|", "|");
  }

  @Test
  void shouldFetchOnePageAheadOnly() throws Exception {
    presto.thenPage(false, "");
    for (int i = 0; i < 5; i++) {
      presto.thenPage(i == 4, COLUMNS + ",\"data\":[[" + i + "]]");
    }
    PrestoQuery query = await(client.start("select", SESSION));

    await(query.next((columns, cursor) -> collect(cursor, new ArrayList<>())));
    Thread.sleep(300);

    assertThat(presto.requests()).hasSize(3);
  }

  @Test
  void shouldAskAgainWhenUnavailable() {
    presto
        .thenStatus(503, "")
        .thenPage(false, "")
        .thenStatus(502, "")
        .thenStatus(504, "")
        .thenPage(true, COLUMNS + ",\"data\":[[1]]");

    assertThat(readAll(await(client.start("select", SESSION)))).containsExactly("1");
  }

  @Test
  void shouldGiveUpWhenUnavailableForTooLong() {
    for (int i = 0; i < 20; i++) {
      presto.thenStatus(503, "");
    }

    assertFails("57P03", "is not available (HTTP 503)", () -> await(client.start("x", SESSION)));
  }

  @Test
  void shouldAskAgainWhenConnectionDropsInPage() {
    presto
        .thenPage(false, "")
        .then(FakeCoordinator::drop)
        .thenPage(true, COLUMNS + ",\"data\":[[1]]");

    assertThat(readAll(await(client.start("select", SESSION)))).containsExactly("1");
  }

  @Test
  void shouldFailWhenConnectionKeepsDropping() {
    presto.thenPage(false, "");
    for (int i = 0; i < 6; i++) {
      presto.then(FakeCoordinator::drop);
    }
    PrestoQuery query = await(client.start("select", SESSION));

    assertFails("08006", "was lost", () -> readAll(query));
    assertFails("08006", "was lost", () -> readAll(query));
  }

  @Test
  void shouldFailWhenPageBreaksOff() {
    presto.thenPage(false, "").thenStatus(200, "{\"id\":\"q1\"" + COLUMNS + ",\"data\":[[1],[");
    PrestoQuery query = await(client.start("select", SESSION));

    assertFails("58030", "cannot be read", () -> readAll(query));
    assertFails("58030", "cannot be read", () -> readAll(query));
  }

  @Test
  void shouldFailWhenHeadIsNoJson() {
    presto.thenPage(false, "").thenStatus(200, "<html>login</html>");

    assertFails("58030", "cannot be read", () -> readAll(await(client.start("select", SESSION))));
  }

  @Test
  void shouldFailAfterRows() {
    presto
        .thenPage(false, "")
        .thenPage(
            true,
            COLUMNS
                + ",\"data\":[[1]],\"error\":{\"message\":\"/ by zero\",\"errorCode\":8,"
                + "\"errorName\":\"DIVISION_BY_ZERO\",\"errorType\":\"USER_ERROR\","
                + "\"failureInfo\":{\"stack\":[\"x\"]}}");
    PrestoQuery query = await(client.start("select", SESSION));

    assertThatThrownBy(() -> readAll(query))
        .isInstanceOfSatisfying(
            PrestoException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("22012");
              assertThat(e.errorName()).isEqualTo("DIVISION_BY_ZERO");
              assertThat(e.queryId()).contains("q1");
            });
  }

  @Test
  void shouldTellLocationOfError() {
    presto
        .thenPage(false, "")
        .thenPage(
            true,
            ",\"error\":{\"message\":\"line 1:8: Column 'x' cannot be resolved\","
                + "\"errorName\":\"SYNTAX_ERROR\",\"errorType\":\"USER_ERROR\","
                + "\"errorLocation\":{\"lineNumber\":1,\"columnNumber\":8}}");
    PrestoQuery query = await(client.start("select x", SESSION));

    assertThatThrownBy(() -> readAll(query))
        .hasMessage("Column 'x' cannot be resolved")
        .isInstanceOfSatisfying(
            PrestoException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("42703");
              assertThat(e.location()).contains(new PrestoException.Location(1, 8));
            });
  }

  @Test
  void shouldSayWhatPrestoRefused() {
    presto.thenStatus(400, "SQL statement is empty");

    assertFails("08P01", "SQL statement is empty", () -> await(client.start("", SESSION)));
  }

  @Test
  void shouldFailWhenNobodyListens() {
    PrestoClient lonely = fake.client(URI.create("http://127.0.0.1:1"), Flavor.PRESTO);

    assertFails(
        "08001",
        "Presto at 127.0.0.1:1 cannot be reached",
        () -> await(lonely.start("x", SESSION)));
    assertFails("08001", "cannot be reached", () -> await(lonely.ping()));
    await(lonely.close());
  }

  @Test
  void shouldFailWhenPrestoIsSilent() {
    presto.thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));

    assertFails("08006", "did not answer within 1500 ms", () -> readAll(query));
  }
}
