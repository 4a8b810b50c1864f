package io.prestogres.presto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.EngineCondition;
import io.prestogres.it.InstalledPljava;
import io.prestogres.it.Stack;
import io.prestogres.it.TestCertificate;
import io.prestogres.server.Prestogres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that wants to know who asks, and a proxy that tells it. */
@ExtendWith(EngineCondition.class)
class PrestoLoginIT {
  private static final byte[] TOKEN_SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  @TempDir private static Path folder;

  private static SecuredEngine presto;
  private static LoginProxy proxies;
  private static EmbeddedPostgresql postgresql;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate client = TestCertificate.make(folder, "proxy");
    Path secret = folder.resolve("token.secret");
    Files.writeString(secret, Base64.getEncoder().encodeToString(TOKEN_SECRET));
    presto =
        SecuredEngine.start(
            folder,
            Map.of(
                "http-server.https.truststore.path",
                client.store().toString(),
                "http-server.https.truststore.key",
                TestCertificate.PASSWORD,
                "http-server.authentication.type",
                "CERTIFICATE,JWT,PASSWORD",
                "http.authentication.jwt.key-file",
                secret.toString(),
                "one-password.user",
                "gateway",
                "one-password.password",
                "s3cret"));
    proxies = LoginProxy.of(folder, "https://127.0.0.1:" + presto.port());
    postgresql = EmbeddedPostgresql.start();
    LoginProxy.prepare(postgresql);
  }

  @AfterAll
  static void stop() {
    postgresql.close();
    presto.close();
  }

  private static String token() throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String signed =
        base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
            + "."
            + base64.encodeToString("{\"sub\":\"gateway\"}".getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TOKEN_SECRET, "HmacSHA256"));
    return signed + "." + base64.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
  }

  private static void assertAsAlice(String text) {
    assertThat(presto.engine().queries())
        .anySatisfy(
            ran -> {
              assertThat(ran.user()).isEqualTo("alice");
              assertThat(ran.query()).contains(text);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user: gateway, password: s3cret, ca: presto.pem",
        "access-token: \"%s\", ca: presto.pem",
        "certificate: proxy.pem, key: proxy.key, ca: presto.pem"
      })
  void shouldRunQueriesOfOthers(String login) throws Exception {
    String query = "select max(name) from tiny.nation where nationkey < 3";
    proxies.through(
        postgresql,
        "loopback",
        login.formatted(token()),
        connection -> assertThat(Stack.rows(connection, query)).containsExactly("BRAZIL"));
    assertAsAlice("nation");
  }

  @Test
  @EnabledIfSystemProperty(
      named = "engine",
      matches = "trino",
      disabledReason = "Presto lets logins ask for others unless told not to; -Ptrino runs it")
  void shouldSayForWhomTrinoForbidsToAsk() throws Exception {
    postgresql.createRole("mallory", "");
    int port = LoopbackPort.claim(0);
    String login = "user: gateway, password: s3cret, ca: presto.pem";
    Prestogres proxy = proxies.start(port, postgresql, "loopback", login);
    try (Connection mallory = LoginProxy.connect(port, "mallory", "")) {
      assertForbidden(mallory, "gateway");
    } finally {
      proxy.close();
    }
  }

  private static void assertForbidden(Connection mallory, String login) {
    assertThatThrownBy(() -> Stack.rows(mallory, LoginProxy.WHO))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"))
        .hasMessageContaining("Access Denied: User " + login + " cannot impersonate user mallory");
  }

  @Test
  void shouldForwardPasswords() throws Exception {
    assertForwardsPasswords(postgresql, "loopback");
  }

  /** Presto knows the password of gateway alone; the mirror logs in with a token. */
  private static void assertForwardsPasswords(EmbeddedPostgresql behind, String tableFunction)
      throws Exception {
    behind.createRole("gateway", "PASSWORD 's3cret'");
    behind.createRole("bob", "PASSWORD 'other'");
    behind.createRole("carol", "PASSWORD 'secret'");
    askForPasswords(behind);
    int port = LoopbackPort.claim(0);
    String login = "access-token: \"" + token() + "\", ca: presto.pem, forward-password: true";
    Prestogres proxy = proxies.start(port, behind, tableFunction, login);
    try (Connection gateway = LoginProxy.connect(port, "gateway", "s3cret");
        Connection bob = LoginProxy.connect(port, "bob", "other");
        Connection around = behind.connect("alice", "tpch")) {
      assertThat(Stack.rows(gateway, LoginProxy.PROVIDER))
          .containsExactly(tableFunction.equals("pljava") ? "t" : "f");
      String whole = "select max(name) from tiny.nation where nationkey < 3 or nationkey = -77";
      String scan = whole.replace("-77", "-78") + " and pg_backend_pid() > 0";
      assertThat(Stack.rows(gateway, whole)).containsExactly("BRAZIL");
      assertThat(Stack.rows(gateway, scan)).containsExactly("BRAZIL");
      for (String sql : List.of(whole, scan)) {
        assertThatThrownBy(() -> Stack.rows(bob, sql))
            .hasMessageContaining("Presto refused the user's credentials");
      }
      assertThatThrownBy(() -> Stack.rows(around, LoginProxy.WHO))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
      for (String unasked : List.of("carol", "alice")) {
        assertThatThrownBy(() -> LoginProxy.connect(port, unasked, "secret").close())
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"))
            .hasMessageContaining("there is no password of role \"" + unasked + "\" to forward");
      }
      assertThatThrownBy(() -> LoginProxy.connect(port, "gateway", "wrong").close())
          .hasMessageContaining("password authentication failed for user \"gateway\"");
    } finally {
      proxy.close();
    }
    assertThat(presto.engine().queries())
        .filteredOn(query -> query.query().contains("-77") || query.query().contains("-78"))
        .isNotEmpty()
        .allSatisfy(query -> assertThat(query.user()).isEqualTo("gateway"));
  }

  private static void askForPasswords(EmbeddedPostgresql behind) throws Exception {
    try (Connection administrator = behind.connect("postgres", "postgres")) {
      Path rules = Path.of(Stack.rows(administrator, "show hba_file").get(0));
      Files.writeString(
          rules,
          """
          host all gateway,bob 127.0.0.1/32 password
          host all carol 127.0.0.1/32 scram-sha-256
          host all all 127.0.0.1/32 trust
          """);
      Stack.rows(administrator, "select pg_reload_conf()");
    }
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < end) {
      try {
        behind.connect("gateway", "postgres").close();
        Thread.sleep(50);
      } catch (SQLException asked) {
        return;
      }
    }
  }

  /** One PostgreSQL and one Presto for all: each is a JVM of seconds. */
  @Test
  @ExtendWith(InstalledPljava.Condition.class)
  void shouldRunQueriesOfOthersOverPljava() throws Exception {
    Path log = folder.resolve("postgresql.log");
    try (EmbeddedPostgresql behind = EmbeddedPostgresql.start(InstalledPljava.logging(log))) {
      LoginProxy.prepare(behind);
      int key = 0;
      for (String login :
          List.of(
              "user: gateway, password: s3cret",
              "access-token: \"" + token() + "\"",
              "certificate: proxy.pem, key: proxy.key")) {
        String query = "select max(name) from tiny.nation where nationkey < 3 or nationkey = -";
        String mine = query + ++key;
        proxies.through(
            behind,
            "pljava",
            login + ", ca: presto.pem",
            connection -> {
              assertThat(Stack.rows(connection, LoginProxy.PROVIDER))
                  .as(login)
                  .containsExactly("t");
              assertThat(Stack.rows(connection, mine)).as(login).containsExactly("BRAZIL");
            });
        assertAsAlice("-" + key);
      }
      // Around the proxy a client runs as itself, too.
      try (Connection direct = behind.connect("alice", "tpch")) {
        assertThat(Stack.rows(direct, LoginProxy.WHO)).containsExactly("{\"alice\"}");
        assertEndsOnPresto(direct);
      }
      if (Engine.chosen() == Engine.TRINO) {
        behind.createRole("mallory", "");
        try (Connection mallory = behind.connect("mallory", "tpch")) {
          assertForbidden(mallory, "CN=proxy");
        }
      }
      assertThat(refused(behind, "user: gateway, password: wr0ng, ca: presto.pem"))
          .contains("credentials");
      assertThat(refused(behind, "user: gateway, password: s3cret"))
          .contains("TLS cannot be agreed upon");
      assertForwardsPasswords(behind, "pljava");
      String privateKey =
          Files.readString(folder.resolve("proxy.key")).lines().skip(1).findFirst().orElseThrow();
      String logged =
          Files.readString(log, UTF_8)
              .lines()
              .filter(line -> !line.contains("CREATE ROLE"))
              .collect(Collectors.joining("\n"));
      assertThat(logged)
          .contains("INSERT INTO prestogres.session")
          .doesNotContain("s3cret", token(), privateKey, "Basic ")
          .doesNotContain(Base64.getEncoder().encodeToString("gateway:s3cret".getBytes(UTF_8)));
    }
  }

  private static void assertEndsOnPresto(Connection connection) throws Exception {
    Stack.rows(connection, "select set_config('statement_timeout', '4s', false)");
    assertThatThrownBy(
            () ->
                Stack.rows(
                    connection,
                    "select prestogres.fetch_presto_query_results('select count(*) from"
                        + " sf1000.lineitem')"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (presto.engine().queries().stream()
        .anyMatch(query -> query.query().contains("sf1000.lineitem") && !query.ended())) {
      assertThat(System.nanoTime()).as("Presto has not ended the query").isLessThan(end);
      Thread.sleep(100);
    }
  }

  /** What a query is told, run by hand: without its catalogue nothing is rewritten. */
  private static String refused(EmbeddedPostgresql behind, String login) throws Exception {
    StringBuilder told = new StringBuilder();
    proxies.through(
        behind,
        "pljava",
        login,
        connection ->
            assertThatThrownBy(() -> Stack.rows(connection, LoginProxy.WHO))
                .isInstanceOfSatisfying(
                    SQLException.class,
                    e -> {
                      assertThat(e.getSQLState()).isIn("28000", "08001");
                      told.append(e.getMessage());
                    }));
    return told.toString();
  }
}
