package io.prestogres.presto;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls from one Vert.x context into another, whose outcome comes back to the first. */
final class ContextHop {
  private ContextHop() {}

  /** Runs {@code action} on {@code context}; the future completes where the caller is. */
  static <T> Future<T> call(Context context, Supplier<Future<T>> action) {
    Context caller = Vertx.currentContext();
    if (caller == context) {
      return action.get();
    }
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        go ->
            run(action)
                .onComplete(
                    (value, cause) -> {
                      if (caller == null) {
                        settle(promise, value, cause);
                      } else {
                        caller.runOnContext(back -> settle(promise, value, cause));
                      }
                    }));
    return promise.future();
  }

  private static <T> Future<T> run(Supplier<Future<T>> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  static <T> void settle(Promise<T> promise, @Nullable T value, @Nullable Throwable cause) {
    if (cause != null) {
      promise.tryFail(cause);
    } else {
      promise.tryComplete(value);
    }
  }
}
