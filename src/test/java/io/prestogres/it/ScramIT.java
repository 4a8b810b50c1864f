package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.ControlConfig;
import io.prestogres.config.RedirectConfig;
import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.config.Secret;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Logging in by SCRAM through a proxy that ends TLS: pgjdbc, psql, and a client that is neither.
 */
class ScramIT {
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

  private static RedirectConfig encrypted() {
    return stack.redirect(Tls.VERIFY_FULL, stack.theirs.certificate().toString());
  }

  private static TlsConfig showing(TestCertificate shown) {
    return stack.tls(Mode.ALLOW, shown, ClientCertificates.NONE);
  }

  /** How many clients a refusal is told to. */
  private static int clients() {
    return Psql.isInstalled() ? 2 : 1;
  }

  /** What pgjdbc and psql, if it is installed, are told; empty if they are let in. */
  private static List<String> refusals(int port, String user, String password, String binding)
      throws Exception {
    List<String> refusals = new ArrayList<>();
    String jdbc = "password=" + password + "&sslmode=require&channelBinding=" + binding;
    try (Connection connection = TlsStack.connect(port, user, jdbc)) {
      assertThat(Stack.rows(connection, "select current_user")).containsExactly(user);
    } catch (SQLException e) {
      refusals.add("pgjdbc: " + e.getMessage());
    }
    if (Psql.isInstalled()) {
      String output =
          Psql.run(
              port,
              "user=%s password=%s sslmode=require channel_binding=%s"
                  .formatted(user, password, binding));
      if (!output.equals("7")) {
        refusals.add("psql: " + output);
      }
    }
    return refusals;
  }

  /** The combinations of docs/tls.md. */
  @Test
  void shouldLetClientsInWithEverySettingOfChannelBinding() throws Exception {
    for (RedirectConfig redirect : List.of(stack.redirect(Tls.DISABLE, ""), encrypted())) {
      for (TestCertificate shown : List.of(stack.ours, stack.theirs)) {
        int port = TlsStack.port();
        try (Prestogres proxy = TlsStack.proxy(port, showing(shown), redirect)) {
          assertThat(proxy.adminPort()).isEmpty();
          for (String binding : List.of("disable", "prefer", "require")) {
            assertThat(refusals(port, "scram", "secret", binding))
                .as("%s, %s, %s", redirect.tls(), shown.certificate().getFileName(), binding)
                .isEmpty();
          }
          TlsStack.connect(port, "scram", "password=secret&sslmode=disable").close();
        }
      }
    }
  }

  @Test
  void shouldLeaveRefusalsToPostgresql() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, showing(stack.ours), encrypted())) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThat(refusals(port, "scram", "wrong", "prefer"))
          .hasSize(clients())
          .allSatisfy(
              refusal ->
                  assertThat(refusal)
                      .contains("password authentication failed for user \"scram\""));
      // pg_hba.conf asks these for passwords by SCRAM; PostgreSQL does not say that there are none.
      for (String user : List.of("scram-unknown", "scram-none", "scram-md5", "scram-expired")) {
        assertThat(refusals(port, user, "secret", "require"))
            .hasSize(clients())
            .allSatisfy(
                refusal ->
                    assertThat(refusal)
                        .contains("password authentication failed for user \"" + user + "\""));
      }
    }
  }

  @Test
  void shouldSayWhatToDoWhereTheControlRoleCannotReadPasswords() throws Exception {
    ControlConfig control = new ControlConfig("plain-control", Secret.NONE, 2);
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, showing(stack.ours), encrypted(), control)) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThat(refusals(port, "scram", "secret", "prefer"))
          .hasSize(clients())
          .allSatisfy(refusal -> assertThat(refusal).contains("channel_binding=disable"));
      assertThat(refusals(port, "scram", "secret", "disable")).isEmpty();
    }
  }

  @Test
  void shouldTellAClientThatAnswersInAWrongWay() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, showing(stack.ours), encrypted())) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThat(answer(port, "SCRAM-SHA-256-PLUS", "n,,n=,r=abc"))
          .contains("08P01: malformed SCRAM message");
      assertThat(answer(port, "SCRAM-SHA-256", "y,,n=,r=abc"))
          .contains("28000: SCRAM channel binding negotiation error");
      assertThat(answer(port, "PLAIN", "secret"))
          .contains("08P01: client selected an invalid SASL authentication mechanism");
      assertThat(answer(port, "SCRAM-SHA-256", "n,,n=,r=abc")).isEmpty();
    }
  }

  @Test
  void shouldRefuseWhatIsNoPasswordWhereOneIsAskedFor() throws Exception {
    int port = TlsStack.port();
    try (Prestogres proxy = TlsStack.proxy(port, showing(stack.ours), encrypted());
        RawClient client = RawClient.encrypted(port, stack.ours.trust())) {
      assertThat(proxy.adminPort()).isEmpty();
      client.send(
          RawClient.startup("user", "scram", "database", "plain")
              .appendBuffer(Frontend.query("select 1")));
      assertThat(client.readError())
          .hasToString("08P01: expected password response, got message type 0x51");
      client.assertEnd();
    }
  }

  /** The error for a SASLInitialResponse; empty if the exchange goes on. */
  private static Optional<String> answer(int port, String mechanism, String data) throws Exception {
    try (RawClient client = RawClient.encrypted(port, stack.ours.trust())) {
      // The answer is sent before the question is there, and is held until it is.
      Buffer body =
          Buffer.buffer(mechanism).appendByte((byte) 0).appendInt(data.length()).appendString(data);
      client.send(
          RawClient.startup("user", "scram", "database", "plain")
              .appendBuffer(RawClient.message('p', body.getBytes())));
      RawClient.Frame offer = client.read().orElseThrow();
      assertThat(offer.bytes().toString(StandardCharsets.ISO_8859_1))
          .contains("SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0");
      RawClient.Frame frame = client.read().orElseThrow();
      if (frame.type() == 'R') {
        assertThat(frame.bytes().getInt(5)).isEqualTo(11);
        assertThat(frame.bytes().toString(StandardCharsets.ISO_8859_1)).contains("r=abc");
        return Optional.empty();
      }
      assertThat(frame.type()).isEqualTo('E');
      return Optional.of(ErrorFields.read(frame.bytes()).toString());
    }
  }
}
