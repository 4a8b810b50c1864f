package io.prestogres.presto;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A coordinator that answers each request with the next of the steps it was given. */
public final class FakeCoordinator {
  private final HttpServer server;
  private final Queue<Consumer<HttpServerRequest>> steps = new ArrayDeque<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile Consumer<HttpServerRequest> onDelete = request -> reply(request, 204, "");

  public FakeCoordinator(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Method and path of what was asked, in order. */
  List<String> requests() {
    return requests;
  }

  /** What was sent to each step, in order. */
  public List<String> bodies() {
    return bodies;
  }

  FakeCoordinator then(Consumer<HttpServerRequest> step) {
    synchronized (steps) {
      steps.add(step);
    }
    return this;
  }

  /** The next page, with a nextUri unless it is the last. */
  public FakeCoordinator thenPage(boolean last, String fields) {
    return then(request -> reply(request, 200, page(last, fields)));
  }

  public FakeCoordinator thenStatus(int status, String text) {
    return then(request -> reply(request, status, text));
  }

  FakeCoordinator onDelete(Consumer<HttpServerRequest> answer) {
    onDelete = answer;
    return this;
  }

  String page(boolean last, String fields) {
    return "{\"id\":\"q1\",\"infoUri\":\""
        + url()
        + "/ui\""
        + (last ? "" : ",\"nextUri\":\"" + url() + "/v1/statement/q1/" + requests.size() + "\"")
        + fields
        + ",\"stats\":{\"state\":\"RUNNING\"}}";
  }

  static void reply(HttpServerRequest request, int status, String body) {
    request.response().setStatusCode(status).end(body);
  }

  /** Sends the beginning of a body and closes the connection. */
  static void drop(HttpServerRequest request) {
    HttpServerResponse response = request.response().setChunked(true);
    response.write("{\"id\":\"q1\",").onComplete(sent -> request.connection().close());
  }

  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private void answer(HttpServerRequest request) {
    requests.add(request.method() + " " + request.path());
    if (request.method().name().equals("DELETE")) {
      onDelete.accept(request);
      return;
    }
    Consumer<HttpServerRequest> step;
    synchronized (steps) {
      step = steps.poll();
    }
    if (step == null) {
      return; // Silence.
    }
    Consumer<HttpServerRequest> next = step;
    request
        .body()
        .onSuccess(
            body -> {
              bodies.add(body.toString());
              next.accept(request);
            });
  }
}
