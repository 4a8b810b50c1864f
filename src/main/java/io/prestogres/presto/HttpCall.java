package io.prestogres.presto;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request, asked again while that may help.
 *
 * <p>A coordinator that is overloaded or being restarted behind a balancer says 429, 502, 503 or
 * 504: it is asked again, at growing distances, for as long as the settings allow. A lost
 * connection is tried again a few times at once, for that is what an idle connection closed by the
 * other side looks like. To repeat is safe: a poll is answered with the same page, and a posted
 * statement does not run until it is polled for the first time.
 *
 * <p>Lives on the Vert.x context that started it.
 */
final class HttpCall {
  private static final int LOST_CONNECTIONS = 3;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final HttpLink link;
  private final Request request;
  private final Promise<PageBytes> answer = Promise.promise();
  private final long deadlineNanos;

  private @Nullable HttpClientRequest running;
  private String authorization = "";
  private int attempts;
  private int lost;
  private boolean closed;

  /** What is asked: something that opens a conversation, or belongs to one. */
  record Request(HttpMethod method, URI uri, MultiMap headers, String body) {
    boolean opens() {
      return method.equals(HttpMethod.POST) || uri.getPath().endsWith("/v1/info");
    }
  }

  HttpCall(HttpLink link, Request request) {
    this.link = link;
    this.request = request;
    this.deadlineNanos = System.nanoTime() + link.coordinator().retryDuration().toNanos();
  }

  /** The body of the answer, once it is 2xx; fails with {@link PrestoException} only. */
  Future<PageBytes> start() {
    attempt();
    return answer.future();
  }

  /** Gives up; the answer fails with {@code cause} if it has not come. */
  void abort(PrestoException cause) {
    closed = true;
    HttpClientRequest sent = running;
    if (sent != null) {
      sent.reset();
    }
    answer.tryFail(cause);
  }

  private void attempt() {
    if (closed) {
      return;
    }
    attempts++;
    Optional<KerberosTickets> tickets = tickets();
    if (tickets.isEmpty()) {
      send(request.headers());
    } else {
      tickets
          .get()
          .authorization(request.uri().getHost())
          .onSuccess(
              token ->
                  send(
                      HttpHeaders.headers()
                          .addAll(request.headers())
                          .set(HttpHeaders.AUTHORIZATION, token)))
          .onFailure(answer::tryFail);
    }
  }

  /** A session that has a password of its own has its header already. */
  private Optional<KerberosTickets> tickets() {
    return request.headers().contains(HttpHeaders.AUTHORIZATION)
        ? Optional.empty()
        : link.coordinator().credentials().tickets();
  }

  private void send(MultiMap headers) {
    if (closed) {
      return;
    }
    authorization = Objects.requireNonNullElse(headers.get(HttpHeaders.AUTHORIZATION), "");
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setAbsoluteURI(request.uri().toString())
            .setHeaders(headers)
            .setTimeout(link.coordinator().requestTimeout().toMillis());
    link.http()
        .request(options)
        .onComplete(
            sent -> {
              running = sent;
              if (closed) {
                sent.reset();
              } else {
                exchange(sent);
              }
            },
            this::unreachable);
  }

  private void exchange(HttpClientRequest sent) {
    sent.send(request.body())
        .compose(response -> gather(response).map(bytes -> new Answer(response, bytes)))
        .onComplete(this::answered, this::interrupted);
  }

  private record Answer(HttpClientResponse response, PageBytes bytes) {}

  private static Future<PageBytes> gather(HttpClientResponse response) {
    PageBytes bytes = new PageBytes();
    Promise<PageBytes> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    response.handler(
        chunk -> {
          if (!bytes.append(chunk) && whole.tryFail(tooLarge())) {
            response.request().reset();
          }
        });
    response.endHandler(end -> whole.tryComplete(bytes));
    return whole.future();
  }

  private void answered(Answer answered) {
    running = null;
    int status = answered.response().statusCode();
    if (status / 100 == 2) {
      answer.tryComplete(answered.bytes());
    } else if (HttpFailures.isPassing(status) && retry(deadlineNanos)) {
      // The timer goes on from here.
    } else if (status == 401 && tickets().filter(KerberosTickets::renewAfterRefusal).isPresent()) {
      attempt();
    } else {
      // What is behind a coordinator's address may say in its refusal what it was sent.
      String sent = authorization.substring(authorization.indexOf(' ') + 1);
      answer.tryFail(
          HttpFailures.ofStatus(status, request.uri(), answered.bytes().firstLine(sent)));
    }
  }

  private void unreachable(Throwable cause) {
    // On the first attempt nobody is there; later, whoever was there is gone.
    boolean gone = attempts > 1 || !request.opens();
    if (!gone || !retryLost()) {
      answer.tryFail(
          gone ? HttpFailures.lost(request.uri()) : HttpFailures.unreachable(request.uri(), cause));
    }
  }

  private void interrupted(Throwable cause) {
    running = null;
    if (cause instanceof PrestoException failure) {
      answer.tryFail(failure);
    } else if (cause instanceof TimeoutException) {
      answer.tryFail(HttpFailures.silent(request.uri(), link.coordinator().requestTimeout()));
    } else if (!retryLost()) {
      answer.tryFail(HttpFailures.lost(request.uri()));
    }
  }

  private boolean retryLost() {
    return ++lost <= LOST_CONNECTIONS && retry(Long.MAX_VALUE);
  }

  private boolean retry(long deadline) {
    long pause = FIRST_PAUSE_MILLIS << Math.min(attempts - 1, 10);
    pause = Math.min(pause, LONGEST_PAUSE_MILLIS);
    if (closed
        || (deadline != Long.MAX_VALUE && System.nanoTime() + pause * 1_000_000 - deadline > 0)) {
      return false;
    }
    link.vertx().setTimer(pause, timer -> attempt());
    return true;
  }

  private static PrestoException tooLarge() {
    return new PrestoException(
        "54000", "a page of Presto's result exceeds " + (PageBytes.MAX_SIZE >> 20) + " MiB");
  }
}
