package io.prestogres.presto;

import static io.prestogres.presto.ClientOfFake.assertFails;
import static io.prestogres.presto.ClientOfFake.await;
import static io.prestogres.presto.ClientOfFake.collect;
import static io.prestogres.presto.ClientOfFake.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrestoCancelTest {
  private static final String COLUMNS = ",\"columns\":[{\"name\":\"a\",\"type\":\"integer\"}]";
  private static final PrestoSession SESSION = PrestoSession.of("alice");

  private final ClientOfFake fake = new ClientOfFake();
  private final FakeCoordinator presto = fake.coordinator();
  private final PrestoClient client = fake.client();

  @AfterEach
  void close() {
    fake.close();
  }

  @Test
  void shouldFailWithReadersExceptionAndCancel() {
    presto.thenPage(false, "").thenPage(false, COLUMNS + ",\"data\":[[1]]");
    PrestoQuery query = await(client.start("select", SESSION));

    assertThatThrownBy(
            () ->
                await(
                    query.next(
                        (columns, cursor) -> {
                          throw new IllegalArgumentException("bad");
                        })))
        .hasMessage("bad");
    await(query.cancel());

    assertThat(presto.requests()).anyMatch(request -> request.startsWith("DELETE /v1/statement"));
  }

  @Test
  void shouldCancelWhileWaitingForPage() {
    presto.thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));
    Future<Boolean> reading = query.next((columns, cursor) -> {});

    await(query.cancel());
    await(query.cancel());

    assertFails("57014", "user request", () -> await(reading));
    assertFails("57014", "user request", () -> await(query.next((columns, cursor) -> {})));
    assertThat(presto.requests().stream().filter(r -> r.startsWith("DELETE"))).hasSize(1);
  }

  @Test
  void shouldCancelByIdWhenPageRefuses() {
    presto
        .onDelete(
            request ->
                FakeCoordinator.reply(
                    request, request.path().startsWith("/v1/query/q1") ? 204 : 500, "NPE"))
        .thenPage(false, "");

    await(await(client.start("select", SESSION)).cancel());

    assertThat(presto.requests()).contains("DELETE /v1/query/q1");
  }

  @Test
  void shouldCancelBetweenPagesAndWhileReading() {
    presto
        .thenPage(false, "")
        .thenPage(false, COLUMNS + ",\"data\":[[1],[2]]")
        .thenPage(false, COLUMNS + ",\"data\":[[3]]");
    PrestoQuery query = await(client.start("select", SESSION));

    Future<Boolean> reading =
        query.next(
            (columns, cursor) -> {
              query.cancel();
              collect(cursor, new ArrayList<>());
            });

    assertFails("57014", "user request", () -> await(reading));
    await(query.cancel());
  }

  @Test
  void shouldNotFailWhenCancelledAfterTheEnd() {
    presto.thenPage(false, "").thenPage(true, COLUMNS + ",\"data\":[[1]]");
    PrestoQuery query = await(client.start("select", SESSION));
    readAll(query);

    await(query.cancel());

    assertThat(await(query.next((columns, cursor) -> {}))).isFalse();
    assertThat(presto.requests()).noneMatch(request -> request.startsWith("DELETE"));
  }

  @Test
  void shouldSayWhenCancelDoesNotReachPresto() {
    presto.onDelete(request -> {}).thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));

    assertFails("08006", "did not answer", () -> await(query.cancel()));
  }

  @Test
  void shouldRefuseTwoReadersAtOnce() {
    presto.thenPage(false, "");
    PrestoQuery query = await(client.start("select", SESSION));
    Future<Boolean> first = query.next((columns, cursor) -> {});

    assertThatThrownBy(() -> await(query.next((columns, cursor) -> {})))
        .isInstanceOf(IllegalStateException.class);
    await(query.cancel());
    assertFails("57014", "", () -> await(first));
  }
}
