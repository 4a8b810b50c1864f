package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a coordinator is told, by one that only listens. */
final class EngineLinkTest {
  private final Map<String, Headers> requests = new ConcurrentHashMap<>();
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
    requests.put(exchange.getRequestMethod(), exchange.getRequestHeaders());
    byte[] page =
        """
        {"id": "q1", "infoUri": "http://127.0.0.1/ui", "columns": [{"name": "n", "type": "bigint",
         "typeSignature": {"rawType": "bigint", "arguments": [], "typeArguments": [],
         "literalArguments": []}}], "data": [[7]],
         "stats": {"state": "FINISHED", "queued": false, "scheduled": true, "nodes": 1,
         "totalSplits": 1, "queuedSplits": 0, "runningSplits": 0, "completedSplits": 1,
         "cpuTimeMillis": 1, "wallTimeMillis": 1, "queuedTimeMillis": 0, "elapsedTimeMillis": 1,
         "processedRows": 1, "processedBytes": 1, "peakMemoryBytes": 1}}
        """
            .getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }

  private String url(String engine) {
    return "jdbc:" + engine + "://127.0.0.1:" + server.getAddress().getPort();
  }

  @ParameterizedTest
  @CsvSource({
    "presto, X-Presto-, legacy_timestamp=false",
    "trino, X-Trino-, query_max_run_time=17m"
  })
  void shouldTellTheCoordinatorAllThatTheProxyWould(String engine, String prefix, String property)
      throws Exception {
    QueryWorker worker =
        PrestoFunctions.worker(
            url(engine),
            new String[] {
              "user=alice",
              "catalog=hive",
              "source=reports",
              "clientInfo=psql é",
              "clientTags=nightly,bi",
              "timeZone=Asia/Tokyo",
              "session.query_max_run_time=17m",
              "role.hive=ROLE{admin}",
              "role.system=NONE",
              "credential.token=a b:c;d=é,",
              "authorization=Basic c2VjcmV0",
              "SSL=false"
            },
            "SELECT 7 AS n",
            new String[0]);
    worker.start();
    BatchProvider batches = new BatchProvider(worker, () -> {});
    Handover next = batches.next();
    while (next instanceof Handover.Nothing) {
      next = batches.next();
    }

    assertThat(next).isInstanceOf(Handover.Batch.class);
    Headers sent = requests.get("POST");
    assertThat(sent.getFirst(prefix + "User")).isEqualTo("alice");
    assertThat(sent.getFirst(prefix + "Catalog")).isEqualTo("hive");
    assertThat(sent.getFirst(prefix + "Source")).startsWith("reports");
    assertThat(sent.getFirst(prefix + "Client-Info")).isEqualTo("psql ?");
    assertThat(sent.getFirst(prefix + "Client-Tags")).isEqualTo("nightly,bi");
    assertThat(sent.getFirst(prefix + "Time-Zone")).isEqualTo("Asia/Tokyo");
    assertThat(sent.get(prefix + "Session")).contains("query_max_run_time=17m", property);
    assertThat(sent.get(prefix + "Role"))
        .containsExactlyInAnyOrder("hive=ROLE%7Badmin%7D", "system=NONE");
    assertThat(sent.get(prefix + "Extra-Credential"))
        .isEqualTo(List.of("token=a+b%3Ac%3Bd%3D%C3%A9%2C"));
    // It would be in clear text.
    assertThat(sent).doesNotContainKey("Authorization");
  }

  @ParameterizedTest
  @CsvSource({"presto, X-Presto-User", "trino, X-Trino-User"})
  void shouldAskTheCoordinatorToEndAQuery(String engine, String header) throws Exception {
    String[] settings = {"user=alice", "SSL=false"};
    EngineLink link = QuerySettings.parse(url(engine), settings).open();

    link.end("20261129_1");

    assertThat(requests.get("DELETE").getFirst(header)).isEqualTo("alice");
  }
}
