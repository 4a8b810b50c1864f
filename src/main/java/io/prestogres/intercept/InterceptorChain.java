package io.prestogres.intercept;

import io.prestogres.intercept.Interceptors.Step;
import io.prestogres.metrics.PluginFailure;
import io.prestogres.plugin.ClientSession;
import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.ConnectInterceptor;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.QueryDecision;
import io.prestogres.plugin.QueryInterceptor;
import io.prestogres.plugin.Refusal;
import io.prestogres.plugin.Response;
import io.prestogres.plugin.ResponseInterceptor;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Asks the plugins on behalf of one session, one call after the other. To be used on the session's
 * context only; every future completes there. A plugin's failure is an error of the one thing it
 * was asked about, SQLSTATE 38000; of an observer it is counted and logged alone.
 */
public final class InterceptorChain {

  private static final Logger LOG = System.getLogger(InterceptorChain.class.getName());

  /** In the worst case three bytes a sign, which with the rest is less than a message may have. */
  private static final int MAX_TEXT = 1 << 28;

  /** Responses that observers have not been told of yet; one more is dropped, and counted. */
  private static final int MAX_UNTOLD = 1_000;

  private final Interceptors interceptors;
  private final Context context;
  private final String clientAddress;
  private final List<ConcurrentMap<String, Object>> attributes;
  private Map<String, String> parameters = Map.of();
  private Future<?> last = Future.succeededFuture();
  private int untold;

  InterceptorChain(Interceptors interceptors, Context context, String clientAddress) {
    this.interceptors = interceptors;
    this.context = context;
    this.clientAddress = clientAddress;
    this.attributes =
        Stream.generate(ConcurrentHashMap<String, Object>::new)
            .limit(interceptors.plugins())
            .<ConcurrentMap<String, Object>>map(map -> map)
            .toList();
  }

  /**
   * Asks about a client that connects; first of all calls of a chain, even without a connect
   * interceptor, because it tells the others who the client is.
   *
   * @return what is to be sent to PostgreSQL; fails with a FATAL {@link PgException} if the client
   *     is refused
   */
  public Future<StartupMessage> connect(StartupMessage startup) {
    parameters = startup.parameters();
    return inOrder(
            () -> {
              Future<StartupMessage> result = Future.succeededFuture(startup);
              for (Step<ConnectInterceptor> step : interceptors.connects()) {
                result = result.compose(message -> connect(step, message));
              }
              return result;
            })
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof PgException refused ? refused.asFatal() : failure));
  }

  private Future<StartupMessage> connect(Step<ConnectInterceptor> step, StartupMessage message) {
    ClientSession session = session(step);
    return call(step, interceptor -> interceptor.onConnect(session))
        .compose(decision -> follow(step, message, decision));
  }

  private Future<StartupMessage> follow(
      Step<?> step, StartupMessage message, ConnectDecision decision) {
    if (decision instanceof ConnectDecision.Refuse refuse) {
      return refused(refuse.refusal());
    }
    if (decision instanceof ConnectDecision.AcceptWith changed) {
      try {
        StartupMessage other = message.with(changed.parameters());
        parameters = other.parameters();
        return Future.succeededFuture(other);
      } catch (PgException e) {
        return failed(step, new PluginCallFailed(PluginFailure.INVALID_ANSWER, e));
      }
    }
    return Future.succeededFuture(message);
  }

  /**
   * Asks about a text.
   *
   * @return the text to go on with; fails with a {@link PgException} if the client has to be told
   *     an error instead
   */
  public Future<String> query(Query query) {
    if (interceptors.queries().isEmpty() && untold < MAX_UNTOLD / 2) {
      return Future.succeededFuture(query.text());
    }
    return inOrder(
        () -> {
          Future<String> result = Future.succeededFuture(query.text());
          for (Step<QueryInterceptor> step : interceptors.queries()) {
            result = result.compose(text -> query(step, new Query(text, query.protocol())));
          }
          return result;
        });
  }

  private Future<String> query(Step<QueryInterceptor> step, Query query) {
    ClientSession session = session(step);
    return call(step, interceptor -> interceptor.onQuery(session, query))
        .compose(
            decision -> {
              if (decision instanceof QueryDecision.Refuse refuse) {
                return refused(refuse.refusal());
              }
              if (!(decision instanceof QueryDecision.Replace replacement)) {
                return Future.succeededFuture(query.text());
              }
              return replacement.text().length() > MAX_TEXT
                  ? failed(step, new PluginCallFailed(PluginFailure.INVALID_ANSWER))
                  : Future.succeededFuture(replacement.text());
            });
  }

  /** Tells the observers how a statement ended. Nobody has to wait for them. */
  public void responded(Response response) {
    if (interceptors.responses().isEmpty()) {
      return;
    }
    if (untold == MAX_UNTOLD) {
      for (Step<ResponseInterceptor> step : interceptors.responses()) {
        report(step, new PluginCallFailed(PluginFailure.BUSY));
      }
      return;
    }
    untold++;
    inOrder(
            () -> {
              Future<Boolean> result = Future.succeededFuture(true);
              for (Step<ResponseInterceptor> step : interceptors.responses()) {
                result = result.transform(before -> tell(step, response));
              }
              return result;
            })
        .onComplete(told -> untold--);
  }

  private Future<Boolean> tell(Step<ResponseInterceptor> step, Response response) {
    ClientSession session = session(step);
    return call(
        step,
        interceptor -> {
          interceptor.onResponse(session, response);
          return CompletableFuture.completedFuture(true);
        });
  }

  private ClientSession session(Step<?> step) {
    return new ClientSession(
        interceptors.instance(), clientAddress, parameters, attributes.get(step.place()));
  }

  /** Runs what has to be asked when everything before has been answered, well or not. */
  private <T> Future<T> inOrder(Supplier<Future<T>> work) {
    Future<T> result = last.transform(before -> work.get());
    last = result;
    return result;
  }

  private <I, T> Future<T> call(Step<I> step, Function<I, CompletionStage<T>> code) {
    return interceptors
        .workers()
        .call(context, step.plugin(), () -> code.apply(step.interceptor()))
        .recover(
            failure ->
                failure instanceof PluginCallFailed known
                    ? failed(step, known)
                    : Future.failedFuture(failure));
  }

  private <T> Future<T> failed(Step<?> step, PluginCallFailed failure) {
    report(step, failure);
    long millis = step.plugin().config().timeout().toMillis();
    return Future.failedFuture(
        PgException.error(
            SqlState.EXTERNAL_ROUTINE_EXCEPTION, failure.message(step.plugin().name(), millis)));
  }

  private void report(Step<?> step, PluginCallFailed failure) {
    interceptors.metrics().pluginFailed(failure.reason());
    LOG.log(
        Level.WARNING,
        "plugin failed: instance=%s plugin=%s reason=%s"
            .formatted(interceptors.instance(), step.plugin().name(), failure.reason()),
        failure.getCause());
  }

  private static <T> Future<T> refused(Refusal refusal) {
    return Future.failedFuture(PgException.error(refusal.sqlState(), refusal.message()));
  }
}
