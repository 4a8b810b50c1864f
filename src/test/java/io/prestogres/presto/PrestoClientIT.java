package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.QueryInfo;
import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(StackExtension.class)
class PrestoClientIT {
  private static final PrestoSession SESSION =
      new PrestoSession(
          "it", "tpch", "tiny", "UTC", "it", "", List.of(), Map.of(), Map.of(), Password.NONE);
  private static final String LONG_QUERY =
      "select count(*) from tpch.sf100.lineitem a, tpch.sf100.lineitem b where a.tax > b.tax";

  private static EmbeddedPresto presto;
  private static Vertx vertx;
  private static PrestoClient client;

  @BeforeAll
  static void start(Stack stack) {
    presto = stack.presto();
    vertx = Vertx.vertx();
    client = new PrestoClient(vertx, PrestoCoordinator.of(presto.uri(), Flavor.PRESTO));
  }

  @AfterAll
  static void stop() {
    await(client.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static List<String> rows(PrestoQuery query) {
    List<String> rows = new ArrayList<>();
    PageReader reader =
        (columns, cursor) -> {
          while (cursor.nextRow()) {
            while (cursor.nextValue()) {
              rows.add(cursor.kind() == RowCursor.Kind.NULL ? "NULL" : cursor.text());
            }
          }
        };
    while (await(query.next(reader))) {}
    return rows;
  }

  /** What makes it safe to send a POST again whose answer was lost. */
  @Test
  void shouldFindThatPrestoRunsNothingBeforeItIsPolled() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(presto.uri().resolve("/v1/statement"))
            .header("X-Presto-User", "it")
            .POST(
                HttpRequest.BodyPublishers.ofString("create table memory.default.unpolled (a int)"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("nextUri");

    Thread.sleep(3_000);

    assertThat(rows(await(client.start("show tables from memory.default", SESSION))))
        .doesNotContain("unpolled");
    assertThat(presto.queries()).noneMatch(query -> query.query().contains("unpolled"));
  }

  @Test
  void shouldCountRowsOfManyPages() {
    PrestoQuery query = await(client.start("select orderkey, comment from lineitem", SESSION));
    AtomicLong count = new AtomicLong();

    while (await(
        query.next(
            (columns, cursor) -> {
              while (cursor.nextRow()) {
                count.incrementAndGet();
              }
            }))) {}

    assertThat(count).hasValue(60_175);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select name, nationkey from nation",
        "show tables",
        "show catalogs",
        "describe nation",
        "show columns from nation",
        "explain select 1",
        "select 'a,b=c%+\"é' as \"x y\" -- comment",
      })
  void shouldDescribeAsItRuns(String sql) {
    List<PrestoColumn> described = await(client.describe(sql, SESSION));
    PrestoQuery query = await(client.start(sql, SESSION));

    assertThat(described).isNotEmpty();
    assertThat(described.stream().map(PrestoColumn::name))
        .isEqualTo(await(query.columns()).stream().map(PrestoColumn::name).toList());
    await(query.cancel());
  }

  @Test
  void shouldDescribeLongStatement() {
    String sql = "select name as n, " + "1, ".repeat(4000) + "2 as z from nation -- end";

    List<PrestoColumn> columns = await(client.describe(sql, SESSION));

    assertThat(columns).hasSize(4002);
    assertThat(columns.get(0)).isEqualTo(new PrestoColumn("n", PrestoType.parse("varchar(25)")));
  }

  @Test
  void shouldBindParameters() {
    PrestoQuery query =
        await(
            client.start(
                "select ? || '!', nationkey from nation where nationkey = ? and ? is null"
                    + " and date '2024-01-01' < cast(? as date) and ? = x'00ff'"
                    + " and ? > timestamp '2020-01-01 00:00:00 UTC'",
                List.of(
                    Optional.of("it's"),
                    Optional.of("3"),
                    Optional.empty(),
                    Optional.of("2024-02-01"),
                    Optional.of("\\x00ff"),
                    Optional.of("2024-01-01 00:00:00+05:30")),
                SESSION));

    assertThat(rows(query)).containsExactly("it's!", "3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "selec 1 | 42601",
        "select nope from nation | 42703",
        "select * from nope | 42P01",
        "select * from nope.x | 3F000",
        "select * from nope.x.y | 3D000",
        "select nope(1) | 42883",
        "select 1 / (nationkey - nationkey) from nation | 22012",
        "select cast(name as integer) from nation | 22018",
        "select 2147483647 + cast(nationkey + 1 as integer) from nation | 22003",
      })
  void shouldMapErrors(String sql, String sqlState) {
    assertThatThrownBy(() -> rows(await(client.start(sql, SESSION))))
        .isInstanceOfSatisfying(
            PrestoException.class,
            e -> assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(sqlState));
  }

  @Test
  void shouldCancelRightAfterStart() {
    PrestoQuery query = await(client.start(LONG_QUERY, SESSION));

    await(query.cancel());

    assertEnded(query.id());
  }

  @Test
  void shouldCancelWhileWaiting() throws InterruptedException {
    PrestoQuery query = await(client.start(LONG_QUERY, SESSION));
    Future<Boolean> reading = query.next((columns, cursor) -> {});
    Thread.sleep(1_000);

    await(query.cancel());

    assertThatThrownBy(() -> await(reading))
        .isInstanceOfSatisfying(
            PrestoException.class, e -> assertThat(e.sqlState()).isEqualTo("57014"));
    assertEnded(query.id());
  }

  @Test
  void shouldPing() {
    // The embedded server says that it is starting for ever.
    assertThat(await(client.ping()).version()).isNotEmpty();
  }

  private static void assertEnded(String id) {
    for (int i = 0; i < 20; i++) {
      Optional<QueryInfo> info =
          presto.queries().stream().filter(query -> query.id().equals(id)).findFirst();
      if (info.isEmpty() || info.get().ended()) {
        return;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError("the query goes on");
  }
}
