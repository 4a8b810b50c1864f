package io.prestogres.presto;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The requests that a query makes after its first. */
final class QueryWire {
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(2);
  private static final long CANCEL_PAUSE_MILLIS = 100;

  private final Vertx vertx;
  private final HttpLink results;
  private final HttpLink control;
  private final WorkerExecutor workers;
  private final MultiMap headers;

  /**
   * @param results where pages come from
   * @param control a link of its own, for a cancel must not stand in the queue behind polls
   * @param headers of the session
   */
  QueryWire(HttpLink results, HttpLink control, WorkerExecutor workers, MultiMap headers) {
    this.vertx = results.vertx();
    this.results = results;
    this.control = control;
    this.workers = workers;
    this.headers = headers;
  }

  WorkerExecutor workers() {
    return workers;
  }

  HttpCall poll(URI uri) {
    PrestoCoordinator coordinator = results.coordinator();
    requireTrusted(coordinator, uri);
    String size = "targetResultSize=" + coordinator.targetResultSize() + "B";
    URI sized = URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + size);
    return new HttpCall(results, new HttpCall.Request(HttpMethod.GET, sized, headers, ""));
  }

  /**
   * Tells Presto to stop a query: by its next page, and where that is refused, by its id. A query
   * whose first poll is still on the way answers the first with a failure of its own (HTTP 500, a
   * NullPointerException), and does not exist for the second; it is told again until that poll has
   * been {@code answered}.
   */
  Future<Void> cancel(URI nextUri, String id, BooleanSupplier answered) {
    Promise<Void> told = Promise.promise();
    long limit = CANCEL_LIMIT.toMillis();
    long timer =
        vertx.setTimer(
            limit, late -> told.tryFail(HttpFailures.silent(nextUri, CANCEL_LIMIT).ofQuery(id)));
    String root = nextUri.toString().split("/v1/", 2)[0];
    new Cancel(told, nextUri, URI.create(root + "/v1/query/" + id), answered).attempt();
    return told.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private final class Cancel {
    private final Promise<Void> told;
    private final URI nextUri;
    private final URI byId;
    private final BooleanSupplier answered;

    Cancel(Promise<Void> told, URI nextUri, URI byId, BooleanSupplier answered) {
      this.told = told;
      this.nextUri = nextUri;
      this.byId = byId;
      this.answered = answered;
    }

    void attempt() {
      if (told.future().isComplete()) {
        return;
      }
      delete(nextUri)
          .recover(refused -> delete(byId))
          .onSuccess(told::tryComplete)
          .onFailure(
              refused -> {
                if (answered.getAsBoolean() && HttpFailures.isUnknownQuery(refused)) {
                  told.tryComplete();
                } else {
                  vertx.setTimer(CANCEL_PAUSE_MILLIS, again -> attempt());
                }
              });
    }

    private Future<Void> delete(URI uri) {
      return new HttpCall(control, new HttpCall.Request(HttpMethod.DELETE, uri, headers, ""))
          .start()
          .mapEmpty();
    }
  }

  private static void requireTrusted(PrestoCoordinator coordinator, URI uri) {
    if (!coordinator.credentials().equals(PrestoCoordinator.Credentials.NONE)
        && "https".equals(coordinator.url().getScheme())
        && !"https".equals(uri.getScheme())) {
      throw new PrestoException(
          "08P01",
          "Presto asks for the next page without TLS, and a password is not sent that way");
    }
  }
}
