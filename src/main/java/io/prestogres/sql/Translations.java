package io.prestogres.sql;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** Translates on threads of its own, so that no event loop waits for the parser. Thread-safe. */
public final class Translations implements AutoCloseable {
  private static final int WAITING = 1_000;

  private final ExecutorService workers;

  /** Starts the threads and has the parser loaded, which would cost the first client 0.2 s. */
  public Translations(int threads) {
    workers = SqlParser.workers(threads, WAITING);
    workers.execute(SqlParser::warmUp);
  }

  /** Translates a query without parameters. */
  public CompletableFuture<Translation> translate(
      String query, ShellResolver resolver, TranslationOptions options) {
    return translate(query, List.of(), resolver, options);
  }

  /**
   * Translates a query.
   *
   * @param parameterTypes as {@link Translator#translate} takes them
   * @return fails with {@link Untranslatable} if Presto might answer it otherwise than PostgreSQL,
   *     also when too many are waiting
   */
  public CompletableFuture<Translation> translate(
      String query,
      List<String> parameterTypes,
      ShellResolver resolver,
      TranslationOptions options) {
    return work(() -> Translator.translate(query, parameterTypes, resolver, options));
  }

  /**
   * Translates a statement that writes.
   *
   * @return fails with {@link Untranslatable} if Presto has no counterpart of it
   */
  public CompletableFuture<PrestoWrite> translate(
      WriteStatement write, WriteTarget target, WriteInput input) {
    return work(() -> WriteTranslator.translate(write, target, input));
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws Untranslatable;
  }

  private <T> CompletableFuture<T> work(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      workers.execute(
          () -> {
            try {
              result.complete(work.run());
            } catch (Untranslatable | RuntimeException | StackOverflowError e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new Untranslatable("too many statements wait for translation"));
    }
    return result;
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
