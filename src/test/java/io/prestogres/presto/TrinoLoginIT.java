package io.prestogres.presto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.ConfigLoader;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.EngineCondition;
import io.prestogres.it.InstalledPljava;
import io.prestogres.it.TestCertificate;
import io.prestogres.server.Prestogres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Trino that wants to know who asks, over https alone. Its plug-in for passwords is not in {@code
 * trino-server-core}.
 */
@ExtendWith(EngineCondition.class)
@EnabledIfSystemProperty(
    named = "engine",
    matches = "trino",
    disabledReason = "PrestoLoginIT is Presto's; ./mvnw -Ptrino verify runs it")
class TrinoLoginIT {
  private static final byte[] TOKEN_SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  @TempDir private static Path folder;

  private static EmbeddedPresto trino;
  private static int httpsPort;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate server = TestCertificate.make(folder, "trino");
    TestCertificate client = TestCertificate.make(folder, "proxy");
    Path secret = folder.resolve("token.secret");
    Files.writeString(secret, Base64.getEncoder().encodeToString(TOKEN_SECRET));
    httpsPort = LoopbackPort.claim(0);
    trino =
        EmbeddedPresto.start(
            EmbeddedPresto.Options.defaults()
                .withSetting("http-server.https.enabled", "true")
                .withSetting("http-server.https.port", Integer.toString(httpsPort))
                .withSetting("http-server.https.keystore.path", server.store().toString())
                .withSetting("http-server.https.keystore.key", TestCertificate.PASSWORD)
                .withSetting("http-server.https.truststore.path", client.store().toString())
                .withSetting("http-server.https.truststore.key", TestCertificate.PASSWORD)
                .withSetting("http-server.authentication.type", "CERTIFICATE,JWT")
                .withSetting("http-server.authentication.jwt.key-file", secret.toString())
                // For the test itself, which looks at what has run.
                .withSetting("http-server.authentication.allow-insecure-over-http", "true")
                .withSetting("internal-communication.shared-secret", "0123456789abcdef"));
  }

  @AfterAll
  static void stop() {
    trino.close();
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

  private static List<String> rows(
      EmbeddedPostgresql behind, String tableFunction, String login, String sql) throws Exception {
    int port = LoopbackPort.claim(0);
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file,
        """
        settings: {log-level: error}
        instances:
          - listen: {name: login, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            presto: {url: "https://127.0.0.1:%d", flavor: trino, login: {%s}}
            catalog: {include: [tiny]}
            table-function: %s
            results: {port: %d}
        """
            .formatted(
                port, behind.port(), httpsPort, login, tableFunction, LoopbackPort.claim(0)));
    Prestogres proxy = Prestogres.start(new ConfigLoader(Map.of()).load(file));
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/tpch?user=alice".formatted(port));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    } finally {
      proxy.close();
    }
  }

  private static void assertAll(EmbeddedPostgresql behind, String tableFunction) throws Exception {
    behind.createRole("alice", "");
    behind.createDatabase("tpch", "postgres");
    String certificate = "certificate: proxy.pem, key: proxy.key";
    int key = 0;
    for (String login : List.of("access-token: \"" + token() + "\"", certificate)) {
      String mine = "nationkey = -" + tableFunction.length() + ++key;
      String query = "select max(name) from tiny.nation where nationkey < 3 or " + mine;
      assertThat(rows(behind, tableFunction, login + ", ca: trino.pem", query))
          .as(login)
          .containsExactly("BRAZIL");
      assertThat(trino.queries())
          .anySatisfy(
              ran -> {
                assertThat(ran.user()).isEqualTo("alice");
                assertThat(ran.query()).contains("-" + tableFunction.length());
              });
    }
    String who =
        "select b[1] from (select prestogres.fetch_presto_query_results('select current_user')"
            + " as b offset 0) t";
    assertThatThrownBy(
            () -> rows(behind, tableFunction, "access-token: \"no\", ca: trino.pem", who))
        .hasMessageContaining("Presto refused the user's credentials")
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
    assertThatThrownBy(() -> rows(behind, tableFunction, certificate, who))
        .hasMessageContaining("TLS cannot be agreed upon")
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
  }

  @Test
  void shouldRunQueriesOfOthers() throws Exception {
    try (EmbeddedPostgresql behind = EmbeddedPostgresql.start()) {
      assertAll(behind, "loopback");
    }
  }

  @Test
  @ExtendWith(InstalledPljava.Condition.class)
  void shouldRunQueriesOfOthersOverPljava() throws Exception {
    try (EmbeddedPostgresql behind = EmbeddedPostgresql.start(InstalledPljava.options())) {
      assertAll(behind, "pljava");
    }
  }
}
