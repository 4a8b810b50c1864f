package io.prestogres.presto;

import static io.prestogres.presto.ClientOfFake.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoCoordinator.Credentials;
import io.prestogres.presto.PrestoCoordinator.Flavor;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to the coordinator. */
class PrestoRequestTest {
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
  void shouldSendSession() {
    List<HttpServerRequest> seen = new ArrayList<>();
    presto.then(
        request -> {
          seen.add(request);
          FakeCoordinator.reply(request, 200, presto.page(true, ""));
        });
    PrestoSession session =
        new PrestoSession(
            "bob",
            "web",
            "main",
            "Asia/Tokyo",
            "psql",
            "ünfo",
            List.of("x", "y"),
            Map.of("query_max_run_time", "2h, 5%"),
            Map.of("hive", "ROLE{admin}"),
            Password.NONE);

    await(client.start("select", session));

    var headers = seen.get(0).headers();
    assertThat(headers.get("X-Presto-User")).isEqualTo("bob");
    assertThat(headers.get("X-Presto-Catalog")).isEqualTo("web");
    assertThat(headers.get("X-Presto-Schema")).isEqualTo("main");
    assertThat(headers.get("X-Presto-Time-Zone")).isEqualTo("Asia/Tokyo");
    assertThat(headers.get("X-Presto-Client-Info")).isEqualTo("?nfo");
    assertThat(headers.get("X-Presto-Client-Tags")).isEqualTo("x,y");
    assertThat(headers.getAll("X-Presto-Session"))
        .containsExactlyInAnyOrder(
            "legacy_timestamp=false",
            "offset_clause_enabled=true",
            "query_max_run_time=2h%2c+5%25");
    assertThat(headers.getAll("X-Presto-Role")).containsExactly("hive=ROLE{admin}");
    assertThat(headers.contains("Authorization")).isFalse();
    assertThat(headers.get("Accept-Encoding")).isEqualTo("identity");
  }

  @ParameterizedTest
  @CsvSource({"proxy,s3cret,'',Basic cHJveHk6czNjcmV0", "'','',a.b.c,Bearer a.b.c"})
  void shouldProveWhoAsks(String user, String password, String token, String authorization) {
    List<HttpServerRequest> seen = new ArrayList<>();
    presto.then(
        request -> {
          seen.add(request);
          FakeCoordinator.reply(request, 200, presto.page(true, ""));
        });
    Credentials credentials =
        new Credentials(user, password, token, Optional.empty(), Map.of("s3.key", "a b"));
    PrestoClient proving = fake.client(presto.url(), Flavor.PRESTO, credentials);

    await(proving.start("select", SESSION));

    var headers = seen.get(0).headers();
    assertThat(headers.get("Authorization")).isEqualTo(authorization);
    assertThat(headers.get("X-Presto-User")).isEqualTo("alice");
    assertThat(headers.getAll("X-Presto-Extra-Credential")).containsExactly("s3.key=a+b");
    assertThat(credentials.toString()).doesNotContain("s3cret", "a.b.c", "a b");
    await(proving.close());
  }

  @Test
  void shouldSpeakTrino() {
    List<HttpServerRequest> seen = new ArrayList<>();
    presto.then(
        request -> {
          seen.add(request);
          FakeCoordinator.reply(request, 200, presto.page(true, ""));
        });
    PrestoClient trino = fake.client(presto.url(), Flavor.TRINO);

    await(trino.start("select", SESSION));

    var headers = seen.get(0).headers();
    assertThat(headers.get("X-Trino-User")).isEqualTo("alice");
    assertThat(headers.get("X-Trino-Client-Capabilities")).isEqualTo("PARAMETRIC_DATETIME");
    assertThat(headers.contains("X-Trino-Session")).isFalse();
    await(trino.close());
  }

  @Test
  void shouldDescribe() {
    presto
        .thenPage(false, "")
        .thenPage(true, COLUMNS + ",\"data\":[[\"n\",\"\",\"\",\"\",\"decimal(12,2)\",0,false]]");

    assertThat(await(client.describe("select n", SESSION)))
        .containsExactly(new PrestoColumn("n", PrestoType.parse("decimal(12,2)")));
    assertThat(presto.bodies().get(0)).isEqualTo("DESCRIBE OUTPUT prestogres");
  }

  @Test
  void shouldDescribeLongStatementWithoutHeader() {
    String sql = "select " + "a, ".repeat(4000) + "a";
    presto.thenPage(false, "").thenPage(false, COLUMNS);

    assertThat(await(client.describe(sql, SESSION))).hasSize(1);

    assertThat(presto.bodies().get(0)).startsWith("SELECT * FROM (select").contains("LIMIT 0");
  }

  @Test
  void shouldCastParametersToTheirTypes() {
    presto
        .thenPage(false, "")
        .thenPage(true, COLUMNS + ",\"data\":[[0,\"bigint\"],[1,\"varchar\"],[2,\"date\"]]")
        .thenPage(true, "");

    await(
        client.start(
            "select ?, ?, ?",
            List.of(Optional.of("1"), Optional.of("it's"), Optional.empty()),
            SESSION));

    assertThat(presto.bodies().get(2))
        .isEqualTo(
            "EXECUTE prestogres USING CAST('1' AS bigint), CAST('it''s' AS varchar),"
                + " CAST(NULL AS date)");
  }

  @Test
  void shouldPing() {
    presto.thenStatus(
        200,
        "{\"nodeVersion\":{\"version\":\"0.296\"},\"environment\":\"test\","
            + "\"coordinator\":true,\"starting\":false,\"uptime\":\"1m\"}");

    assertThat(await(client.ping())).isEqualTo(new PrestoInfo("0.296", "test", false));
  }

  @Test
  void shouldNotRepeatCredentialsThatARefusalRepeats() {
    presto.thenStatus(401, "bad token a.b.c of alice");
    Credentials credentials = new Credentials("", "", "a.b.c", Optional.empty(), Map.of());
    PrestoClient proving = fake.client(presto.url(), Flavor.PRESTO, credentials);

    assertThatThrownBy(() -> await(proving.start("select", SESSION)))
        .hasMessageContaining("bad token … of alice");
    await(proving.close());
  }

  @Test
  void shouldNotRepeatTheBeginningOfLongCredentials() {
    String token = "t0ken".repeat(400);
    presto.thenStatus(401, "bad token " + token);
    Credentials credentials = new Credentials("", "", token, Optional.empty(), Map.of());
    PrestoClient proving = fake.client(presto.url(), Flavor.PRESTO, credentials);

    assertThatThrownBy(() -> await(proving.start("select", SESSION)))
        .hasMessageContaining("bad token …")
        .hasMessageNotContaining("t0ken");
    await(proving.close());
  }
}
