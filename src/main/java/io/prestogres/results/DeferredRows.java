package io.prestogres.results;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Rows whose source is found when the first of them are asked for. */
final class DeferredRows implements RowSource {
  private final Supplier<Future<RowSource>> open;
  private Optional<Future<RowSource>> source = Optional.empty();

  DeferredRows(Supplier<Future<RowSource>> open) {
    this.open = open;
  }

  @Override
  public Future<Rows> fetch(int max) {
    if (source.isEmpty()) {
      source = Optional.of(Future.succeededFuture().compose(begin -> open.get()));
    }
    return source.get().compose(rows -> rows.fetch(max));
  }

  @Override
  public void close() {
    source.ifPresent(opening -> opening.onSuccess(RowSource::close));
  }
}
