package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoCoordinator.Credentials;
import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrestoClientTest {
  private static final String COLUMNS = ",\"columns\":[{\"name\":\"a\",\"type\":\"integer\"}]";
  private static final PrestoSession SESSION = PrestoSession.of("alice");

  private Vertx vertx;
  private FakeCoordinator presto;
  private PrestoClient client;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    presto = new FakeCoordinator(vertx);
    client = clientOf(presto.url(), Flavor.PRESTO);
  }

  @AfterEach
  void stop() {
    await(client.close());
    presto.close();
    await(vertx.close());
  }

  private PrestoClient clientOf(URI url, Flavor flavor) {
    return new PrestoClient(
        vertx,
        new PrestoCoordinator(
            url,
            flavor,
            Credentials.NONE,
            Duration.ofMillis(1500),
            Duration.ofMillis(800),
            1 << 20,
            4));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private List<String> readAll(PrestoQuery query) {
    List<String> rows = new ArrayList<>();
    while (await(query.next((columns, cursor) -> collect(cursor, rows)))) {}
    return rows;
  }

  private static void collect(RowCursor cursor, List<String> rows) {
    while (cursor.nextRow()) {
      while (cursor.nextValue()) {
        rows.add(cursor.text());
      }
    }
  }

  private static void assertFails(String sqlState, String text, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            PrestoException.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState))
        .hasMessageContaining(text);
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
    PrestoClient lonely = clientOf(URI.create("http://127.0.0.1:1"), Flavor.PRESTO);

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

  @Test
  void shouldFailWithReadersExceptionAndCancel() {
    presto.thenPage(false, "").thenPage(false, COLUMNS + ",\"data\":[[1]]");
    PrestoQuery query = await(client.start("select", SESSION));

    assertThatThrownBy(
            () ->
                await(
                    query.next(
                        (columns, cursor) -> {
                          throw new IllegalArgumentException("bad");
                        })))
        .hasMessage("bad");
    await(query.cancel());

    assertThat(presto.requests()).anyMatch(request -> request.startsWith("DELETE /v1/statement"));
  }

  @Test
  void shouldCancelWhileWaitingForPage() {
    presto.thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));
    Future<Boolean> reading = query.next((columns, cursor) -> {});

    await(query.cancel());
    await(query.cancel());

    assertFails("57014", "user request", () -> await(reading));
    assertFails("57014", "user request", () -> await(query.next((columns, cursor) -> {})));
    assertThat(presto.requests().stream().filter(r -> r.startsWith("DELETE"))).hasSize(1);
  }

  @Test
  void shouldCancelByIdWhenPageRefuses() {
    presto
        .onDelete(
            request ->
                FakeCoordinator.reply(
                    request, request.path().startsWith("/v1/query/q1") ? 204 : 500, "NPE"))
        .thenPage(false, "");

    await(await(client.start("select", SESSION)).cancel());

    assertThat(presto.requests()).contains("DELETE /v1/query/q1");
  }

  @Test
  void shouldCancelBetweenPagesAndWhileReading() {
    presto
        .thenPage(false, "")
        .thenPage(false, COLUMNS + ",\"data\":[[1],[2]]")
        .thenPage(false, COLUMNS + ",\"data\":[[3]]");
    PrestoQuery query = await(client.start("select", SESSION));

    Future<Boolean> reading =
        query.next(
            (columns, cursor) -> {
              query.cancel();
              collect(cursor, new ArrayList<>());
            });

    assertFails("57014", "user request", () -> await(reading));
    await(query.cancel());
  }

  @Test
  void shouldNotFailWhenCancelledAfterTheEnd() {
    presto.thenPage(false, "").thenPage(true, COLUMNS + ",\"data\":[[1]]");
    PrestoQuery query = await(client.start("select", SESSION));
    readAll(query);

    await(query.cancel());

    assertThat(await(query.next((columns, cursor) -> {}))).isFalse();
    assertThat(presto.requests()).noneMatch(request -> request.startsWith("DELETE"));
  }

  @Test
  void shouldSayWhenCancelDoesNotReachPresto() {
    presto.onDelete(request -> {}).thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));

    assertFails("08006", "did not answer", () -> await(query.cancel()));
  }

  @Test
  void shouldRefuseTwoReadersAtOnce() {
    presto.thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));
    Future<Boolean> first = query.next((columns, cursor) -> {});

    assertThatThrownBy(() -> await(query.next((columns, cursor) -> {})))
        .isInstanceOf(IllegalStateException.class);
    await(query.cancel());
    assertFails("57014", "", () -> await(first));
  }

  @Test
  void shouldSendSession() {
    List<HttpServerRequest> seen = new ArrayList<>();
    presto.then(
        request -> {
          seen.add(request);
          FakeCoordinator.reply(request, 200, presto.page(true, ""));
        });
    PrestoSession session =
        new PrestoSession(
            "bob",
            "web",
            "main",
            "Asia/Tokyo",
            "psql",
            "ünfo",
            List.of("x", "y"),
            Map.of("query_max_run_time", "2h, 5%"));

    await(client.start("select", session));

    var headers = seen.get(0).headers();
    assertThat(headers.get("X-Presto-User")).isEqualTo("bob");
    assertThat(headers.get("X-Presto-Catalog")).isEqualTo("web");
    assertThat(headers.get("X-Presto-Schema")).isEqualTo("main");
    assertThat(headers.get("X-Presto-Time-Zone")).isEqualTo("Asia/Tokyo");
    assertThat(headers.get("X-Presto-Client-Info")).isEqualTo("?nfo");
    assertThat(headers.get("X-Presto-Client-Tags")).isEqualTo("x,y");
    assertThat(headers.getAll("X-Presto-Session"))
        .containsExactlyInAnyOrder(
            "legacy_timestamp=false",
            "offset_clause_enabled=true",
            "query_max_run_time=2h%2c+5%25");
    assertThat(headers.get("Accept-Encoding")).isEqualTo("identity");
  }

  @Test
  void shouldSpeakTrino() {
    List<HttpServerRequest> seen = new ArrayList<>();
    presto.then(
        request -> {
          seen.add(request);
          FakeCoordinator.reply(request, 200, presto.page(true, ""));
        });
    PrestoClient trino = clientOf(presto.url(), Flavor.TRINO);

    await(trino.start("select", SESSION));

    var headers = seen.get(0).headers();
    assertThat(headers.get("X-Trino-User")).isEqualTo("alice");
    assertThat(headers.get("X-Trino-Client-Capabilities")).isEqualTo("PARAMETRIC_DATETIME");
    assertThat(headers.contains("X-Trino-Session")).isFalse();
    await(trino.close());
  }

  @Test
  void shouldDescribe() {
    presto
        .thenPage(false, "")
        .thenPage(true, COLUMNS + ",\"data\":[[\"n\",\"\",\"\",\"\",\"decimal(12,2)\",0,false]]");

    assertThat(await(client.describe("select n", SESSION)))
        .containsExactly(new PrestoColumn("n", PrestoType.parse("decimal(12,2)")));
    assertThat(presto.bodies().get(0)).isEqualTo("DESCRIBE OUTPUT prestogres");
  }

  @Test
  void shouldDescribeLongStatementWithoutHeader() {
    String sql = "select " + "a, ".repeat(4000) + "a";
    presto.thenPage(false, "").thenPage(false, COLUMNS);

    assertThat(await(client.describe(sql, SESSION))).hasSize(1);

    assertThat(presto.bodies().get(0)).startsWith("SELECT * FROM (select").contains("LIMIT 0");
  }

  @Test
  void shouldCastParametersToTheirTypes() {
    presto
        .thenPage(false, "")
        .thenPage(true, COLUMNS + ",\"data\":[[0,\"bigint\"],[1,\"varchar\"],[2,\"date\"]]")
        .thenPage(true, "");

    await(
        client.start(
            "select ?, ?, ?",
            List.of(Optional.of("1"), Optional.of("it's"), Optional.empty()),
            SESSION));

    assertThat(presto.bodies().get(2))
        .isEqualTo(
            "EXECUTE prestogres USING CAST('1' AS bigint), CAST('it''s' AS varchar),"
                + " CAST(NULL AS date)");
  }

  @Test
  void shouldPing() {
    presto.thenStatus(
        200,
        "{\"nodeVersion\":{\"version\":\"0.296\"},\"environment\":\"test\","
            + "\"coordinator\":true,\"starting\":false,\"uptime\":\"1m\"}");

    assertThat(await(client.ping())).isEqualTo(new PrestoInfo("0.296", "test", false));
  }
}
