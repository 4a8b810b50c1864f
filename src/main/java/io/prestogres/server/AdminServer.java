package io.prestogres.server;

import io.prestogres.config.Address;
import io.prestogres.metrics.ProxyMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Metrics and health over HTTP, without authentication.
 *
 * <ul>
 *   <li>{@code GET /metrics}: Prometheus' text format.
 *   <li>{@code GET /health/live}: 200 as long as the event loop answers.
 *   <li>{@code GET /health/ready}: 200 if every check succeeds in time, otherwise 503; the JSON
 *       says which are up. Why one is down stands in the log, once per change.
 * </ul>
 */
final class AdminServer {

  private static final Logger LOG = System.getLogger(AdminServer.class.getName());

  private static final int CHECK_SECONDS = 5;
  private static final int IDLE_SECONDS = 60;
  private static final String CONTENT_TYPE = "content-type";
  private static final String PLAIN = "text/plain; charset=utf-8";

  private final Vertx vertx;
  private final ProxyMetrics metrics;
  private final SortedMap<String, Supplier<Future<Void>>> checks;
  private final Map<String, Function<HttpServerResponse, Future<Void>>> pages;
  private final HttpServer server;
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private volatile OptionalInt port = OptionalInt.empty();

  /** Serves nothing before {@link #listen}; each check fails its future if it is not well. */
  AdminServer(Vertx vertx, ProxyMetrics metrics, Map<String, Supplier<Future<Void>>> checks) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.checks = new TreeMap<>(checks);
    this.pages =
        Map.of("/metrics", this::metrics, "/health/live", this::live, "/health/ready", this::ready);
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(IDLE_SECONDS))
            .requestHandler(this::answer);
  }

  /** Listens; the future has the port that was really taken. */
  Future<Integer> listen(Address address) {
    return server
        .listen(address.port(), address.host())
        .map(HttpServer::actualPort)
        .onSuccess(actual -> port = OptionalInt.of(actual));
  }

  /** The port that was really taken; empty before that. */
  OptionalInt port() {
    return port;
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    Function<HttpServerResponse, Future<Void>> page = pages.get(request.path());
    if (page == null) {
      end(response.setStatusCode(404), PLAIN, "not found\n");
    } else if (!request.method().equals(HttpMethod.GET)) {
      end(response.setStatusCode(405).putHeader("allow", "GET"), PLAIN, "only GET\n");
    } else {
      page.apply(response)
          .onFailure(failure -> LOG.log(Level.DEBUG, "an admin request was not answered", failure));
    }
  }

  private Future<Void> metrics(HttpServerResponse response) {
    // Thousands of lines of text: not on a loop that carries sessions.
    return vertx
        .executeBlocking(metrics::scrape, false)
        .compose(text -> end(response, ProxyMetrics.CONTENT_TYPE, text));
  }

  private Future<Void> live(HttpServerResponse response) {
    return end(response, PLAIN, "live\n");
  }

  private Future<Void> ready(HttpServerResponse response) {
    SortedMap<String, Future<Boolean>> running = new TreeMap<>();
    checks.forEach((name, check) -> running.put(name, isUp(name, check)));
    return Future.all(List.copyOf(running.values()))
        .compose(
            all -> {
              JsonObject states = new JsonObject();
              running.forEach((name, up) -> states.put(name, up.result() ? "up" : "down"));
              boolean ready = running.values().stream().allMatch(Future::result);
              JsonObject body = new JsonObject().put("ready", ready).put("checks", states);
              response.setStatusCode(ready ? 200 : 503);
              return end(response, "application/json", body.encode() + "\n");
            });
  }

  private Future<Boolean> isUp(String name, Supplier<Future<Void>> check) {
    return Future.<Void>future(promise -> check.get().onComplete(promise))
        .timeout(CHECK_SECONDS, TimeUnit.SECONDS)
        .map(
            done -> {
              if (down.remove(name)) {
                LOG.log(Level.INFO, "check {0} succeeds again", name);
              }
              return true;
            })
        .otherwise(
            failure -> {
              if (down.add(name)) {
                LOG.log(Level.WARNING, "check {0} fails: {1}", name, failure);
              }
              return false;
            });
  }

  private static Future<Void> end(HttpServerResponse response, String type, String body) {
    return response.putHeader(CONTENT_TYPE, type).end(body);
  }
}
