package io.prestogres.intercept;

import io.prestogres.metrics.PluginFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads on which plugins are called, one pool for the whole program; they come and go with
 * the calls. May be used by every thread.
 */
final class PluginWorkers implements AutoCloseable {

  private final ThreadPoolExecutor threads;

  /**
   * Starts no thread yet.
   *
   * @param most how many calls run at a time
   * @param waiting how many more may wait; a session has one call at a time
   */
  PluginWorkers(int most, int waiting) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            most,
            most,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "plugin-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Calls a plugin, within its time limit; a thread that is in the call for longer is interrupted.
   *
   * @param context where the future completes
   * @return fails with {@link PluginCallFailed} only
   */
  <T> Future<T> call(Context context, LoadedPlugin plugin, Supplier<CompletionStage<T>> code) {
    Promise<T> promise = Promise.promise();
    AtomicBoolean begun = new AtomicBoolean();
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              begun.set(true);
              run(plugin, code, context, promise);
              return true;
            });
    long millis = plugin.config().timeout().toMillis();
    long timer =
        context
            .owner()
            .setTimer(
                millis,
                late -> {
                  // Before the interrupt, which the plugin may answer by an exception of its own.
                  fail(
                      context,
                      promise,
                      new PluginCallFailed(
                          begun.get() ? PluginFailure.TIMEOUT : PluginFailure.BUSY));
                  task.cancel(true);
                  threads.remove(task);
                });
    try {
      threads.execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      // Not here and now: a thousand waiting calls would fail inside each other, on one stack.
      fail(context, promise, new PluginCallFailed(PluginFailure.BUSY));
    }
    return promise.future().onComplete(done -> context.owner().cancelTimer(timer));
  }

  /** Plugins are foreign code: they may return null, and throw what they do not declare. */
  private static <T> void run(
      LoadedPlugin plugin, Supplier<CompletionStage<T>> code, Context context, Promise<T> promise) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(plugin.loader());
    try {
      CompletionStage<T> stage = code.get();
      if (stage == null) {
        fail(context, promise, new PluginCallFailed(PluginFailure.NO_ANSWER));
      } else {
        stage.whenComplete(
            (value, failure) -> {
              if (failure != null) {
                fail(context, promise, new PluginCallFailed(PluginFailure.THREW, failure));
              } else if (value == null) {
                fail(context, promise, new PluginCallFailed(PluginFailure.NO_ANSWER));
              } else {
                context.runOnContext(v -> promise.tryComplete(value));
              }
            });
      }
    } catch (Throwable e) {
      fail(context, promise, new PluginCallFailed(PluginFailure.THREW, e));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void fail(Context context, Promise<?> promise, PluginCallFailed failure) {
    context.runOnContext(v -> promise.tryFail(failure));
  }

  /** Interrupts every call. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
