package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoCoordinator.Credentials;
import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A client of a coordinator that a test scripts; both end with it. */
final class ClientOfFake implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final FakeCoordinator coordinator = new FakeCoordinator(vertx);
  private final PrestoClient client = client(coordinator.url(), Flavor.PRESTO);

  FakeCoordinator coordinator() {
    return coordinator;
  }

  PrestoClient client() {
    return client;
  }

  /** Another client, which is not patient. */
  PrestoClient client(URI url, Flavor flavor) {
    return client(url, flavor, Credentials.NONE);
  }

  /** As {@link #client(URI, Flavor)}, with something to prove. */
  PrestoClient client(URI url, Flavor flavor, Credentials credentials) {
    return new PrestoClient(
        vertx,
        new PrestoCoordinator(
            url,
            flavor,
            credentials,
            PrestoCoordinator.Tls.DEFAULT,
            Duration.ofMillis(1500),
            Duration.ofMillis(800),
            1 << 20,
            4));
  }

  @Override
  public void close() {
    await(client.close());
    coordinator.close();
    await(vertx.close());
  }

  /** What the future gives, or the failure it fails with. */
  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** The values of all rows that are left. */
  static List<String> readAll(PrestoQuery query) {
    List<String> rows = new ArrayList<>();
    while (await(query.next((columns, cursor) -> collect(cursor, rows)))) {}
    return rows;
  }

  static void collect(RowCursor cursor, List<String> rows) {
    while (cursor.nextRow()) {
      while (cursor.nextValue()) {
        rows.add(cursor.text());
      }
    }
  }

  static void assertFails(String sqlState, String text, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            PrestoException.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState))
        .hasMessageContaining(text);
  }
}
