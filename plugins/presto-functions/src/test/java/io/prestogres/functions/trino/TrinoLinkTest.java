package io.prestogres.functions.trino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prestogres.functions.EngineRows;
import io.prestogres.functions.QuerySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the link makes of a coordinator's answers, of which each is given once. */
final class TrinoLinkTest {
  private static final String COLUMNS =
      "\"columns\": [{\"name\": \"n\", \"type\": \"bigint\","
          + " \"typeSignature\": {\"rawType\": \"bigint\", \"arguments\": []}}]";

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  private record Answer(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("DELETE")) {
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    Answer next = answers.poll();
    if (next == null) {
      // Nobody has told what to say: silence, until the test is over.
      await();
      exchange.close();
      return;
    }
    byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(next.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void await() {
    try {
      boolean unused = over.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void page(String rest, boolean more) {
    String next = more ? "\"nextUri\": \"http://" + address() + "/next\"," : "";
    answers.add(
        new Answer(
            200,
            "{\"id\": \"q1\", \"infoUri\": \"http://h/ui\", "
                + next
                + rest
                + ", \"stats\": {\"state\": \"RUNNING\"}}"));
  }

  private TrinoLink link() throws SQLException {
    return TrinoLink.open(
        new QuerySettings("jdbc:trino://" + address(), Map.of("user", "alice", "SSL", "false")));
  }

  private List<Object> read(TrinoLink link) throws SQLException, InterruptedException {
    List<Object> values = new ArrayList<>();
    EngineRows rows = link.execute("SELECT n").orElseThrow();
    while (rows.next()) {
      values.add(rows.value(0));
    }
    return values;
  }

  private void assertFails(String state, String message) throws SQLException {
    TrinoLink link = link();
    assertThatThrownBy(() -> read(link))
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @Test
  void shouldGoOnBehindPagesWithoutRows() throws Exception {
    page("\"data\": null", true);
    page(COLUMNS + ", \"data\": [[1], [null]]", true);
    page(COLUMNS, true);
    answers.add(new Answer(503, ""));
    page(COLUMNS + ", \"data\": [[2]]", true);
    page(COLUMNS, false);

    assertThat(read(link())).containsExactly("1", null, "2");
  }

  @ParameterizedTest
  @CsvSource({
    "TABLE_NOT_FOUND, USER_ERROR, 42P01",
    "SOME_CONNECTORS_OWN, EXTERNAL, 58000",
    "SOME_CONNECTORS_OWN, USER_ERROR, 38000",
    "SOMETHING_NEW, INTERNAL_ERROR, XX000"
  })
  void shouldNameSqlStateByTheErrorsName(String name, String type, String state) throws Exception {
    page(COLUMNS + ", \"data\": [[1]]", true);
    page(
        ("\"error\": {\"message\": \"line 1:8: no\", \"errorCode\": 1, \"errorName\": \"%s\","
                + " \"errorType\": \"%s\"}")
            .formatted(name, type),
        false);

    TrinoLink link = link();
    assertThatThrownBy(() -> read(link))
        .hasMessage("no")
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource({"404, 08006", "410, 08006", "401, 28000", "500, 58000"})
  void shouldNotTakeARefusalForTheEnd(int status, String state) throws Exception {
    page(COLUMNS + ", \"data\": [[1]]", true);
    answers.add(new Answer(status, "no"));

    assertFails(state, "Presto");
  }

  @Test
  void shouldFailOnWhatIsNoPage() throws Exception {
    page(COLUMNS + ", \"data\": [[1]]", true);
    answers.add(new Answer(200, "{\"id\": \"q1\", \"data\": [[1"));

    assertFails("08006", "Presto");
  }

  @Test
  void shouldFailOnRowsOfOtherLengths() throws Exception {
    page(COLUMNS + ", \"data\": [[1, 2]]", true);

    assertFails("58030", "1 columns");
  }

  @Test
  void shouldEndAtOnceWhenAborted() throws Exception {
    page(COLUMNS + ", \"data\": [[1]]", true);
    TrinoLink link = link();
    EngineRows rows = link.execute("SELECT n").orElseThrow();
    assertThat(rows.next()).isTrue();
    Thread reader = Thread.currentThread();
    threads.execute(
        () -> {
          link.abort();
          reader.interrupt();
        });

    long start = System.nanoTime();
    assertThatThrownBy(rows::next).isInstanceOf(InterruptedException.class);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
  }
}
