package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.RedirectConfig;
import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** TLS on both sides of the proxy, with real clients and a real PostgreSQL. */
class TlsIT {
  private static final String SSL_IN_USE =
      "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static TlsStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = TlsStack.start();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static RedirectConfig plain() {
    return stack.redirect(Tls.DISABLE, "");
  }

  private static void assertServed(int port, String user, String options) throws SQLException {
    try (Connection connection = TlsStack.connect(port, user, options)) {
      assertThat(Stack.rows(connection, "select current_user")).containsExactly(user);
    }
  }

  private static void assertRefused(int port, String user, String options, String message) {
    assertThatThrownBy(() -> TlsStack.connect(port, user, options).close())
        .as(options)
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining(message);
  }

  @Test
  void shouldServeClientsOverTls() throws Exception {
    int port = TlsStack.port();
    Path certificate = stack.ours.certificate();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.ALLOW), plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      assertServed(port, "presto", "sslmode=disable");
      assertServed(port, "presto", "sslmode=require");
      assertServed(port, "presto", "sslmode=verify-full&sslrootcert=" + certificate);
      assertServed(port, "presto", "sslmode=require&sslNegotiation=direct");
      String other = stack.theirs.certificate().toString();
      assertRefused(port, "presto", "sslmode=verify-ca&sslrootcert=" + other, "PKIX");
      if (Psql.isInstalled()) {
        assertThat(Psql.run(port, "user=presto sslmode=disable")).isEqualTo("7");
        assertThat(Psql.run(port, "user=presto sslmode=verify-full sslrootcert=" + certificate))
            .isEqualTo("7");
      }
    }
  }

  @Test
  void shouldServeTheVertxClientOverTls() throws Exception {
    int port = TlsStack.port();
    Vertx vertx = Vertx.vertx();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.REQUIRE), plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      PgConnectOptions options =
          new PgConnectOptions()
              .setHost("127.0.0.1")
              .setPort(port)
              .setUser("scram")
              .setPassword("secret")
              .setDatabase("plain")
              .setSslMode(SslMode.VERIFY_FULL)
              .setSslOptions(
                  new ClientSSLOptions()
                      .setHostnameVerificationAlgorithm("HTTPS")
                      .setTrustOptions(
                          new PemTrustOptions().addCertPath(stack.ours.certificate().toString())));
      int rows =
          PgConnection.connect(vertx, options)
              .compose(connection -> connection.query("select 1").execute())
              .toCompletionStage()
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS)
              .size();
      assertThat(rows).isEqualTo(1);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldRefuseClientsWithoutTlsWhenItIsRequired() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.REQUIRE), plain());
        RawClient client = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(RawClient.startup("user", "presto", "database", "plain"));
      ErrorFields error = client.readError();
      assertThat(error.sqlState()).isEqualTo("28000");
      assertThat(error.isFatal()).isTrue();
      assertThat(error.message())
          .isEqualTo(
              "no pg_hba.conf entry for host \"127.0.0.1\", user \"presto\", database \"plain\","
                  + " no encryption");
      client.assertEnd();
      assertServed(port, "presto", "sslmode=prefer");
    }
  }

  @Test
  void shouldRefuseWhatIsNoPasswordWhereOneIsAskedFor() throws Exception {
    int port = TlsStack.port();
    TlsConfig tls = stack.tls(Mode.ALLOW, stack.ours, ClientCertificates.NONE);
    try (Prestogres proxy = TlsStack.proxy(port, tls, stack.redirect(Tls.DISABLE, ""));
        RawClient early = new RawClient(port);
        RawClient late = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      Buffer startup = RawClient.startup("user", "scram", "database", "postgres");
      early.send(startup.copy().appendBuffer(Frontend.query("select 1")));
      assertThat(early.readError().sqlState()).isEqualTo("08P01");

      late.send(startup).readTo('R');
      late.send(Frontend.query("select 1"));
      assertThat(late.readError().sqlState()).isEqualTo("08P01");
    }
  }

  @Test
  void shouldAskForClientCertificates() throws Exception {
    String good = "sslmode=require&sslpassword=changeit&sslkey=" + stack.client.store().toString();
    for (ClientCertificates asked :
        List.of(ClientCertificates.REQUEST, ClientCertificates.REQUIRE)) {
      int port = TlsStack.port();
      TlsConfig tls = stack.tls(Mode.REQUIRE, stack.ours, asked);
      try (Prestogres proxy = TlsStack.proxy(port, tls, plain())) {
        assertThat(proxy.adminPort()).isEmpty();
        assertServed(port, "presto", good);
        if (asked == ClientCertificates.REQUIRE) {
          assertRefused(
              port, "presto", "sslmode=require", "connection requires a valid client certificate");
        } else {
          assertServed(port, "presto", "sslmode=require");
        }
        if (Psql.isInstalled()) {
          TestCertificate bad = stack.theirs;
          String output =
              Psql.run(port, "user=presto sslcert=" + bad.certificate() + " sslkey=" + bad.key());
          assertThat(output).contains("psql: error").doesNotEndWith("7");
        }
      }
    }
  }

  @Test
  void shouldRefuseClearTextBehindAnEncryptionRequest() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.ALLOW), plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      for (int code : new int[] {80877103, 80877104}) {
        try (RawClient client = new RawClient(port)) {
          client.send(RawClient.packet(code).appendBuffer(RawClient.startup("user", "presto")));
          ErrorFields error = client.readError();
          assertThat(error.sqlState()).isEqualTo("08P01");
          assertThat(error.message()).startsWith("received unencrypted data after ");
          client.assertEnd();
        }
      }
      try (RawClient client = new RawClient(port)) {
        // Behind the answer, as if it were part of the handshake.
        client.send(Frontend.sslRequest());
        assertThat((char) client.readByte()).isEqualTo('S');
        client.send(RawClient.startup("user", "presto", "database", "plain"));
        Buffer answer = client.readAll();
        assertThat(answer.toString(StandardCharsets.ISO_8859_1)).doesNotContain("server_version");
      }
    }
  }

  @Test
  void shouldAcceptGssapiThenTlsOnceEach() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, TlsConfig.DEFAULT, plain());
        RawClient client = new RawClient(port)) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(RawClient.packet(80877104));
      assertThat((char) client.readByte()).isEqualTo('N');
      client.send(Frontend.sslRequest());
      assertThat((char) client.readByte()).isEqualTo('N');
      client.send(Frontend.sslRequest());
      assertThat(client.readError().message())
          .isEqualTo("unsupported frontend protocol 1234.5679: server supports 3.0 to 3.2");
      client.assertEnd();
    }
  }

  @Test
  void shouldUseTlsToPostgresql() throws Exception {
    String ca = stack.theirs.certificate().toString();
    List<RedirectConfig> encrypted =
        List.of(
            stack.redirect(Tls.PREFER, ""),
            stack.redirect(Tls.REQUIRE, ""),
            stack.redirect(Tls.REQUIRE, ca),
            stack.redirect(Tls.VERIFY_CA, ca),
            stack.redirect(Tls.VERIFY_FULL, ca));
    for (RedirectConfig redirect : encrypted) {
      int port = TlsStack.port();
      try (Prestogres proxy = TlsStack.proxy(port, TlsConfig.DEFAULT, redirect);
          Connection connection = TlsStack.connect(port, "secure", "sslmode=disable")) {
        assertThat(proxy.adminPort()).isEmpty();
        assertThat(Stack.rows(connection, SSL_IN_USE)).as("%s", redirect).containsExactly("t");
      }
    }
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, TlsConfig.DEFAULT, plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      assertRefused(port, "secure", "sslmode=disable", "no encryption");
    }
  }

  @Test
  void shouldRefuseAPostgresqlThatOthersHaveSigned() throws Exception {
    String other = stack.ours.certificate().toString();
    for (Tls tls : List.of(Tls.REQUIRE, Tls.VERIFY_CA, Tls.VERIFY_FULL)) {
      int port = TlsStack.port();
      try (Prestogres proxy = TlsStack.proxy(port, TlsConfig.DEFAULT, stack.redirect(tls, other))) {
        assertThat(proxy.adminPort()).isEmpty();
        assertRefused(port, "presto", "sslmode=disable", "TLS failed");
      }
    }
  }

  @Test
  void shouldRefuseAPostgresqlWithoutTlsUnlessItIsOnlyPreferred() throws Exception {
    try (io.prestogres.demo.engines.EmbeddedPostgresql postgresql =
        io.prestogres.demo.engines.EmbeddedPostgresql.start()) {
      postgresql.createRole("presto", "");
      postgresql.createDatabase("plain", "presto");
      for (Tls tls : List.of(Tls.PREFER, Tls.REQUIRE)) {
        int port = TlsStack.port();
        RedirectConfig redirect =
            new RedirectConfig(
                "postgresql", "127.0.0.1", postgresql.port(), tls, "", WarmBackendsConfig.DEFAULT);
        try (Prestogres proxy = TlsStack.proxy(port, TlsConfig.DEFAULT, redirect)) {
          assertThat(proxy.adminPort()).isEmpty();
          if (tls == Tls.PREFER) {
            assertServed(port, "presto", "sslmode=disable");
          } else {
            assertRefused(port, "presto", "sslmode=disable", "server does not support SSL");
          }
        }
      }
    }
  }
}
