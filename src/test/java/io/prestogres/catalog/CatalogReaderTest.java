package io.prestogres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.CatalogConfig;
import io.prestogres.presto.FakeCoordinator;
import io.prestogres.presto.PrestoClient;
import io.prestogres.presto.PrestoCoordinator;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogReaderTest {
  private static final String ERROR =
      ",\"error\":{\"message\":\"no such function\",\"errorCode\":1,"
          + "\"errorName\":\"FUNCTION_NOT_FOUND\",\"errorType\":\"USER_ERROR\"}";

  private Vertx vertx;
  private FakeCoordinator presto;
  private PrestoClient client;
  private CatalogReader reader;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    presto = new FakeCoordinator(vertx);
    client =
        new PrestoClient(
            vertx, PrestoCoordinator.of(presto.url(), PrestoCoordinator.Flavor.PRESTO));
    reader =
        new CatalogReader(
            vertx,
            client,
            PrestoSession.of("mirror"),
            SchemaReader.Dialect.PRESTO,
            CatalogConfig.DEFAULT);
  }

  @AfterEach
  void stop() {
    await(client.close());
    presto.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static List<PrestoTable> tables(PrestoMetadata metadata) {
    return metadata.schemas().stream().flatMap(schema -> schema.tables().stream()).toList();
  }

  private static String rows(int columns, String rows) {
    String column = "{\"name\":\"c\",\"type\":\"varchar\"}";
    return ",\"columns\":["
        + String.join(",", Collections.nCopies(columns, column))
        + "],\"data\":["
        + rows
        + "]";
  }

  /** The answers about a catalog of one schema with one table, and about NaN. */
  private void thenCatalog(String nan) {
    presto
        .thenPage(true, rows(1, "[\"information_schema\"],[\"s\"]"))
        .thenPage(true, nan)
        .thenPage(true, rows(5, "[\"t\",\"d\",\"double\",\"YES\",null]"));
  }

  @Test
  void shouldReadTablesAndHowNanIsCompared() {
    thenCatalog(rows(1, "[\"true\"]"));

    PrestoMetadata metadata = await(reader.read("web", schema -> true));

    assertThat(metadata.nanIsGreatest()).isTrue();
    assertThat(metadata.schemaNames()).containsExactly("s");
    assertThat(tables(metadata)).extracting(PrestoTable::name).containsExactly("t");
    assertThat(presto.bodies().get(1)).isEqualTo(NanOrder.QUESTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"false\"]", "[null]", ""})
  void shouldTakeNanForUnlikePostgresqlsUnlessPrestoSaysSo(String answer) {
    thenCatalog(rows(1, answer));

    assertThat(await(reader.read("web", schema -> true)).nanIsGreatest()).isFalse();
  }

  @Test
  void shouldReadTablesWhenPrestoCannotSayHowNanIsCompared() {
    thenCatalog(ERROR);

    PrestoMetadata metadata = await(reader.read("web", schema -> true));

    assertThat(metadata.nanIsGreatest()).isFalse();
    assertThat(tables(metadata)).hasSize(1);
  }
}
