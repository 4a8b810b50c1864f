package io.prestogres.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.Address;
import io.prestogres.metrics.EndCause;
import io.prestogres.metrics.ProxyMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {

  private final Vertx vertx = Vertx.vertx();
  private final ProxyMetrics metrics = new ProxyMetrics();
  private final Map<String, Supplier<Future<Void>>> checks = new LinkedHashMap<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile Supplier<Future<Void>> prestoCheck = Future::succeededFuture;
  private int port;

  @BeforeEach
  void start() throws Exception {
    checks.put("one.presto", () -> prestoCheck.get());
    checks.put("one.postgresql", Future::succeededFuture);
    port =
        new AdminServer(vertx, metrics, checks)
            .listen(new Address("127.0.0.1", 0))
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    metrics.close();
  }

  @Test
  void shouldShowWhatWasCounted() throws Exception {
    metrics.instance("one").sessionClosed(EndCause.CLIENT, 1, 2);

    HttpResponse<String> response = request("GET", "/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("prestogres_sessions_ended_total{cause=\"client\",instance=\"one\"} 1.0\n");
  }

  @Test
  void shouldBeLive() throws Exception {
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldBeReadyWhenAllChecksSucceed() throws Exception {
    HttpResponse<String> response = request("GET", "/health/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"ready\":true,\"checks\":{\"one.postgresql\":\"up\",\"one.presto\":\"up\"}}\n");
  }

  @Test
  void shouldNotBeReadyWhenOneCheckFailsAndBecomeReadyAgain() throws Exception {
    prestoCheck = () -> Future.failedFuture("presto.internal refused the password");
    HttpResponse<String> failed = request("GET", "/health/ready");
    prestoCheck = Future::succeededFuture;
    HttpResponse<String> recovered = request("GET", "/health/ready");

    assertThat(failed.statusCode()).isEqualTo(503);
    assertThat(failed.body())
        .isEqualTo(
            "{\"ready\":false,\"checks\":{\"one.postgresql\":\"up\",\"one.presto\":\"down\"}}\n");
    assertThat(recovered.statusCode()).isEqualTo(200);
  }

  @Test
  void shouldNotBeReadyWhenACheckThrows() throws Exception {
    prestoCheck =
        () -> {
          throw new IllegalStateException("a defect");
        };

    assertThat(request("GET", "/health/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void shouldRefuseOtherPathsAndMethods() throws Exception {
    HttpResponse<String> post = request("POST", "/metrics");

    assertThat(request("GET", "/").statusCode()).isEqualTo(404);
    assertThat(request("POST", "/metrics/").statusCode()).isEqualTo(404);
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET");
    assertThat(request("GET", "/health/live?verbose=1").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> request(String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
