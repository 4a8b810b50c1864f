package io.prestogres.presto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.ConfigLoader;
import io.prestogres.config.ProxyConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.TestCertificate;
import io.prestogres.server.Prestogres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Presto that wants to know who asks, and a proxy that tells it. */
class PrestoLoginIT {
  private static final byte[] TOKEN_SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

  @TempDir private static Path folder;

  private static EmbeddedPresto presto;
  private static EmbeddedPostgresql postgresql;
  private static int httpsPort;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate server = TestCertificate.make(folder, "presto");
    TestCertificate client = TestCertificate.make(folder, "proxy");
    Path secret = folder.resolve("token.secret");
    Files.writeString(secret, Base64.getEncoder().encodeToString(TOKEN_SECRET));
    httpsPort = LoopbackPort.claim(0);
    presto =
        EmbeddedPresto.start(
            EmbeddedPresto.Options.defaults()
                .withSetting("http-server.https.enabled", "true")
                .withSetting("http-server.https.port", Integer.toString(httpsPort))
                .withSetting("http-server.https.keystore.path", server.store().toString())
                .withSetting("http-server.https.keystore.key", TestCertificate.PASSWORD)
                .withSetting("http-server.https.truststore.path", client.store().toString())
                .withSetting("http-server.https.truststore.key", TestCertificate.PASSWORD)
                .withSetting("http-server.authentication.type", "CERTIFICATE,JWT,PASSWORD")
                .withSetting("http.authentication.jwt.key-file", secret.toString())
                .withSetting("one-password.user", "gateway")
                .withSetting("one-password.password", "s3cret"));
    postgresql = EmbeddedPostgresql.start();
    postgresql.createRole("alice", "");
    postgresql.createDatabase("tpch", "postgres");
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

  /** What a query of alice's gives on a proxy with that login. */
  private static String query(String login) throws Exception {
    int port = LoopbackPort.claim(0);
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file,
        """
        settings: {log-level: error}
        instances:
          - listen: {name: login, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            presto: {url: "https://127.0.0.1:%d", login: {%s}}
            results: {port: %d}
        """
            .formatted(port, postgresql.port(), httpsPort, login, LoopbackPort.claim(0)));
    ProxyConfig config = new ConfigLoader(Map.of()).load(file);
    Prestogres proxy = Prestogres.start(config);
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/tpch?user=alice");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select max(name) from tiny.nation where nationkey < 3")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    } finally {
      proxy.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user: gateway, password: s3cret, ca: presto.pem",
        "access-token: \"%s\", ca: presto.pem",
        "certificate: proxy.pem, key: proxy.key, ca: presto.pem"
      })
  void shouldRunQueriesOfOthers(String login) throws Exception {
    assertThat(query(login.formatted(token()))).isEqualTo("BRAZIL");
    assertThat(presto.queries())
        .anySatisfy(
            ran -> {
              assertThat(ran.user()).isEqualTo("alice");
              assertThat(ran.query()).contains("nation");
            });
  }
}
