package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.RedirectConfig;
import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What comes in over TLS: cancels, protocols that are not PostgreSQL's, certificates that change.
 */
class TlsEntryIT {
  private static final String ALPN = "postgresql";

  /** Files are looked at every ten seconds. */
  private static final Duration RELOADED = Duration.ofSeconds(13);

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

  @FunctionalInterface
  private interface Opening {
    RawClient open() throws Exception;
  }

  @Test
  void shouldTakeCancelRequestsOverTls() throws Exception {
    int port = TlsStack.port();
    SSLContext trust = stack.ours.trust();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.REQUIRE), plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      List<Opening> openings =
          List.of(
              () -> RawClient.encrypted(port, trust),
              () -> RawClient.direct(port, trust, ALPN),
              () -> new RawClient(port));
      for (Opening opening : openings) {
        try (RawClient session = RawClient.encrypted(port, trust)) {
          Backend.KeyData key = begin(session, "select pg_sleep(30)");
          try (RawClient canceling = opening.open()) {
            canceling.send(Frontend.cancelRequest(key.processId(), key.secret()));
            canceling.assertEnd();
          }
          ErrorFields error = session.readError();
          assertThat(error.sqlState()).isEqualTo("57014");
          session.readTo('Z');
          session.assertUsable();
        }
      }
    }
  }

  @Test
  void shouldIgnoreCancelRequestsOverTlsWithAWrongKeyOrProtocol() throws Exception {
    int port = TlsStack.port();
    SSLContext trust = stack.ours.trust();
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.REQUIRE), plain());
        RawClient session = RawClient.encrypted(port, trust)) {
      assertThat(proxy.adminPort()).isEmpty();
      Backend.KeyData key = begin(session, "select pg_sleep(2)");
      try (RawClient canceling = RawClient.encrypted(port, trust)) {
        Buffer wrong = key.secret().copy().setByte(0, (byte) ~key.secret().getByte(0));
        canceling.send(Frontend.cancelRequest(key.processId(), wrong));
        canceling.assertEnd();
      }
      try (RawClient canceling = RawClient.direct(port, trust)) {
        canceling.send(Frontend.cancelRequest(key.processId(), key.secret()));
        canceling.readAll();
      }
      assertThat(session.readTo('Z'))
          .extracting(RawClient.Frame::type)
          .containsExactly('T', 'D', 'C', 'Z');
    }
  }

  /** Logs in as presto and sends a query that takes long. */
  private static Backend.KeyData begin(RawClient session, String sql) throws Exception {
    session.send(RawClient.startup("user", "presto", "database", "plain"));
    List<RawClient.Frame> greeting = session.readTo('Z');
    Backend.KeyData key =
        greeting.stream()
            .filter(frame -> frame.type() == 'K')
            .map(frame -> Backend.KeyData.read(frame.bytes()))
            .findFirst()
            .orElseThrow();
    session.send(Frontend.query(sql));
    Thread.sleep(300);
    return key;
  }

  @Test
  void shouldRefuseDirectTlsForAnotherProtocol() throws Exception {
    int port = TlsStack.port();
    SSLContext trust = stack.ours.trust();
    Buffer startup = RawClient.startup("user", "presto", "database", "plain");
    try (Prestogres proxy = TlsStack.proxy(port, stack.tls(Mode.ALLOW), plain())) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThatThrownBy(() -> RawClient.direct(port, trust, "h2").send(startup).readTo('Z'))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("no_application_protocol");
      try (RawClient without = RawClient.direct(port, trust)) {
        without.send(startup);
        Buffer answer = without.readAll();
        assertThat(answer.toString(StandardCharsets.ISO_8859_1)).doesNotContain("server_version");
      }
      // One of several will do.
      try (RawClient several = RawClient.direct(port, trust, "h2", ALPN)) {
        several.send(startup).readTo('Z');
        several.assertUsable();
      }
    }
  }

  @Test
  void shouldTakeOverNewFilesWithoutALossOfSessions() throws Exception {
    Path certificate = stack.folder.resolve("current.pem");
    Path key = stack.folder.resolve("current.key");
    Path authority = stack.folder.resolve("authority.pem");
    replace(stack.ours.certificate(), certificate);
    replace(stack.ours.key(), key);
    replace(stack.client.certificate(), authority);
    TlsConfig tls =
        new TlsConfig(
            Mode.REQUIRE,
            certificate.toString(),
            key.toString(),
            ClientCertificates.REQUIRE,
            authority.toString());
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, tls, plain());
        Connection open = TlsStack.connect(port, "presto", shown(stack.ours, stack.client))) {
      assertThat(proxy.adminPort()).isEmpty();

      // A certificate without its key is not taken over.
      replace(stack.theirs.certificate(), certificate);
      replace(stack.theirs.certificate(), authority);
      Eventually.holds(RELOADED, () -> serves(port, shown(stack.ours, stack.theirs)));
      assertThat(serves(port, shown(stack.ours, stack.client))).isFalse();
      assertThat(serves(port, shown(stack.theirs, stack.theirs))).isFalse();

      replace(stack.theirs.key(), key);
      Eventually.holds(RELOADED, () -> serves(port, shown(stack.theirs, stack.theirs)));
      assertThat(serves(port, shown(stack.ours, stack.theirs))).isFalse();
      assertThat(Stack.rows(open, "select 1")).containsExactly("1");
    }
  }

  private static String shown(TestCertificate server, TestCertificate client) {
    return "sslmode=verify-ca&sslrootcert=%s&sslpassword=%s&sslkey=%s"
        .formatted(server.certificate(), TestCertificate.PASSWORD, client.store());
  }

  private static boolean serves(int port, String options) {
    try (Connection connection = TlsStack.connect(port, "presto", options)) {
      return Stack.rows(connection, "select 1").equals(List.of("1"));
    } catch (SQLException refused) {
      return false;
    }
  }

  private static void replace(Path source, Path target) throws Exception {
    Path next = target.resolveSibling(target.getFileName() + ".next");
    Files.copy(source, next, StandardCopyOption.REPLACE_EXISTING);
    Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
