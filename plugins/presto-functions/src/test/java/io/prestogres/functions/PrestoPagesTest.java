package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results of several pages, from a coordinator that gives what it is told to. */
final class PrestoPagesTest {
  private static final String COLUMNS =
      "\"columns\":[{\"name\":\"n\",\"type\":\"bigint\",\"typeSignature\":{\"rawType\":\"bigint\","
          + "\"arguments\":[],\"typeArguments\":[],\"literalArguments\":[]}}],";
  private static final String STATS =
      "\"stats\":{\"state\":\"RUNNING\",\"queued\":false,\"scheduled\":true,\"nodes\":1,"
          + "\"totalSplits\":1,\"queuedSplits\":0,\"runningSplits\":0,\"completedSplits\":1,"
          + "\"cpuTimeMillis\":1,\"wallTimeMillis\":1,\"queuedTimeMillis\":0,\"elapsedTimeMillis\":1,"
          + "\"processedRows\":1,\"processedBytes\":1,\"peakMemoryBytes\":1}";
  private static final String ERROR =
      "\"error\":{\"message\":\"out of luck\",\"errorCode\":65536,\"errorName\":\"GENERIC\","
          + "\"errorType\":\"INTERNAL_ERROR\",\"failureInfo\":{\"type\":\"x\",\"message\":\"y\","
          + "\"suppressed\":[],\"stack\":[]}},";
  private static final String UNAUTHORIZED = "401";
  private static final String UNAVAILABLE = "503";
  private static final int HTTP_OK = 200;

  /** What is answered to the requests of a path, one after the other. */
  private final Map<String, Queue<String>> answers = new ConcurrentHashMap<>();

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String text = answers.get(exchange.getRequestURI().getPath()).remove();
    if (text.equals(UNAVAILABLE) || text.equals(UNAUTHORIZED)) {
      exchange.sendResponseHeaders(Integer.parseInt(text), -1);
    } else {
      byte[] page = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      // One that does not end as a page does breaks off.
      exchange.sendResponseHeaders(HTTP_OK, page.length + (text.endsWith("}") ? 0 : 1));
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(page);
      } catch (IOException brokenOff) {
        // As it was meant to be.
      }
    }
    exchange.close();
  }

  private void given(String path, String... pages) {
    answers.put(path, new ConcurrentLinkedQueue<>(List.of(pages)));
  }

  private String page(String next, String content) {
    String uri = "http://127.0.0.1:" + server.getAddress().getPort() + next;
    return "{\"id\":\"q1\",\"infoUri\":\"http://127.0.0.1:"
        + server.getAddress().getPort()
        + "/ui\","
        + (next.isEmpty() ? "" : "\"nextUri\":\"" + uri + "\",")
        + content
        + STATS
        + "}";
  }

  private static String rows(String rows) {
    return COLUMNS + "\"data\":[" + rows + "],";
  }

  private BatchProvider begin() {
    QueryWorker worker =
        PrestoFunctions.worker(
            "jdbc:presto://127.0.0.1:" + server.getAddress().getPort(),
            new String[] {"user=alice", "SSL=false"},
            "SELECT n FROM t",
            new String[0]);
    worker.start();
    return new BatchProvider(worker, () -> {});
  }

  /** Batches, and a failure behind them if there is one. */
  private Queue<Handover> fetch() {
    BatchProvider batches = begin();
    Queue<Handover> all = new ArrayDeque<>();
    Handover next = batches.next();
    while (!(next instanceof Handover.End || next instanceof Handover.Failed)) {
      if (!(next instanceof Handover.Nothing)) {
        all.add(next);
      }
      next = batches.next();
    }
    if (next instanceof Handover.Failed) {
      all.add(next);
    }
    return all;
  }

  private static List<String> literals(Iterable<Handover> handed) {
    List<String> literals = new ArrayList<>();
    for (Handover each : handed) {
      assertThat(each).isInstanceOf(Handover.Batch.class);
      literals.add(new String(((Handover.Batch) each).literals(), StandardCharsets.UTF_8));
    }
    return literals;
  }

  @Test
  void shouldGiveRowsOnceWhenPagesBreakOffOrAreToBeAskedForAgain() {
    String second = page("/2", rows("[3],[4]"));
    given("/v1/statement", page("/0", ""));
    given("/0", page("/1", rows("[1],[2]")));
    given("/1", second.substring(0, second.length() - 2), UNAVAILABLE, second);
    given("/2", page("/3", COLUMNS));
    given("/3", page("", rows("[5]")));

    assertThat(literals(fetch())).containsExactly("{1,2,3,4,5}");
  }

  @Test
  void shouldKeepTheOrderWhenThePageBetweenIsLeftToTheDriver() {
    given("/v1/statement", page("/1", rows("[1],[2]")));
    // Rows before the columns are no rows for us.
    given("/1", page("/2", "\"data\":[[3],[null]]," + COLUMNS));
    given("/2", page("", rows("[null],[6]")));

    assertThat(literals(fetch())).containsExactly("{1,2,3,NULL,NULL,6}");
  }

  @Test
  void shouldFailWhenTheQueryFailsBehindItsRows() {
    given("/v1/statement", page("/1", rows("[1]")));
    given("/1", page("", ERROR));

    assertThat(fetch())
        .last()
        .isInstanceOfSatisfying(
            Handover.Failed.class,
            failed -> assertThat(failed.failure().message()).isEqualTo("out of luck"));
  }

  @Test
  void shouldFailWhenAPageIsNoJson() {
    given("/v1/statement", page("/1", rows("[1]")));
    given("/1", "{\"data\":[[2]}");

    assertThat(fetch()).last().isInstanceOf(Handover.Failed.class);
  }

  @Test
  void shouldFailWhenCredentialsAreRefusedBehindTheFirstRows() {
    given("/v1/statement", page("/1", rows("[1]")));
    given("/1", UNAUTHORIZED);

    assertThat(fetch())
        .last()
        .isInstanceOfSatisfying(
            Handover.Failed.class,
            failed -> assertThat(failed.failure().sqlState()).isEqualTo("28000"));
  }

  @Test
  void shouldFailAgainWhenPostgresqlAsksForMoreAfterAFailure() throws SQLException {
    given("/v1/statement", page("", ERROR));
    BatchProvider batches = begin();
    List<String> failure = new ArrayList<>();
    while (failure.isEmpty()) {
      assertThat(batches.assignRowValues(failureTo(failure), 0)).isTrue();
    }

    assertThat(failure).contains("out of luck");
    assertThatThrownBy(() -> batches.assignRowValues(failureTo(failure), 1))
        .isInstanceOf(SQLException.class)
        .hasMessage("out of luck");
  }

  /** A row of which only the second column may be set. */
  private static ResultSet failureTo(List<String> failure) {
    return (ResultSet)
        Proxy.newProxyInstance(
            PrestoPagesTest.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("updateObject");
              assertThat(arguments[0]).isEqualTo(2);
              failure.addAll(List.of((String[]) arguments[1]));
              return null;
            });
  }
}
