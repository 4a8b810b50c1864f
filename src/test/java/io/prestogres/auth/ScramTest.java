package io.prestogres.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramInvalidServerSignatureException;
import io.prestogres.protocol.PgException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both sides of SCRAM, against each other and against a client of somebody else's. */
class ScramTest {
  private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  private static final int ITERATIONS = 4096;
  private static final byte[] CERTIFICATE = {42, 43, 44};
  private static final byte[] OTHER_CERTIFICATE = {45};

  private final ScramVerifier verifier = ScramVerifier.parse(stored("secret")).orElseThrow();

  private static byte[] salted(String password) {
    return ScramFunctions.saltedPassword(
        ScramMechanism.SCRAM_SHA_256,
        StringPreparation.POSTGRESQL_PREPARATION,
        password.toCharArray(),
        SALT,
        ITERATIONS);
  }

  private static String stored(String password) {
    byte[] clientKey = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted(password));
    return "SCRAM-SHA-256$%d:%s$%s:%s"
        .formatted(
            ITERATIONS,
            base64(SALT),
            base64(ScramFunctions.storedKey(ScramMechanism.SCRAM_SHA_256, clientKey)),
            base64(ScramFunctions.serverKey(ScramMechanism.SCRAM_SHA_256, salted(password))));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] bytes(Object text) {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Somebody's client logs in to a server; the ClientKey if its proof was right. */
  private Optional<byte[]> logIn(
      String password, Optional<byte[]> shown, Optional<byte[]> seen, Optional<ScramVerifier> known)
      throws Exception {
    ScramServer server = new ScramServer(shown);
    var builder =
        com.ongres.scram.client.ScramClient.builder()
            .advertisedMechanisms(server.mechanisms())
            .username("*")
            .password(password.toCharArray())
            .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION);
    seen.ifPresent(data -> builder.channelBinding("tls-server-end-point", data));
    com.ongres.scram.client.ScramClient client = builder.build();
    server.choose(client.getScramMechanism().getName());
    server.first(bytes(client.clientFirstMessage()));
    client.serverFirstMessage(text(server.challenge(base64(SALT), ITERATIONS)));
    Optional<byte[]> clientKey = server.clientKey(bytes(client.clientFinalMessage()), known);
    if (clientKey.isPresent()) {
      client.serverFinalMessage(text(server.confirmation(known.orElseThrow())));
    }
    return clientKey;
  }

  @Test
  void shouldTakeTheClientKeyFromARightProof() throws Exception {
    byte[] expected = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted("secret"));
    Optional<byte[]> bound = Optional.of(CERTIFICATE);

    assertThat(logIn("secret", bound, bound, Optional.of(verifier))).contains(expected);
    assertThat(logIn("secret", bound, Optional.empty(), Optional.of(verifier))).contains(expected);
    assertThat(logIn("secret", Optional.empty(), bound, Optional.of(verifier))).contains(expected);
  }

  @Test
  void shouldTakeNothingFromAWrongProof() throws Exception {
    Optional<byte[]> bound = Optional.of(CERTIFICATE);

    assertThat(logIn("Secret", bound, bound, Optional.of(verifier))).isEmpty();
    assertThat(logIn("secret", bound, bound, Optional.empty())).isEmpty();
  }

  @Test
  void shouldRefuseAClientThatSeesAnotherCertificate() {
    assertThatThrownBy(
            () ->
                logIn(
                    "secret",
                    Optional.of(CERTIFICATE),
                    Optional.of(OTHER_CERTIFICATE),
                    Optional.of(verifier)))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> assertThat(e.fields()).hasToString("28000: SCRAM channel binding check failed"));
  }

  @Test
  void shouldShowWhetherTheServerKnowsTheVerifier() {
    ScramVerifier other = ScramVerifier.parse(stored("other")).orElseThrow();

    assertThatThrownBy(
            () -> {
              ScramServer server = new ScramServer(Optional.empty());
              com.ongres.scram.client.ScramClient client =
                  com.ongres.scram.client.ScramClient.builder()
                      .advertisedMechanisms(server.mechanisms())
                      .username("*")
                      .password("secret".toCharArray())
                      .build();
              server.choose("SCRAM-SHA-256");
              server.first(bytes(client.clientFirstMessage()));
              client.serverFirstMessage(text(server.challenge(base64(SALT), ITERATIONS)));
              server.clientKey(bytes(client.clientFinalMessage()), Optional.of(verifier));
              client.serverFinalMessage(text(server.confirmation(other)));
            })
        .isInstanceOf(ScramInvalidServerSignatureException.class);
  }

  /** Our client with a ClientKey against a server; whether each convinced the other. */
  private boolean convinced(
      Optional<byte[]> shown, Optional<byte[]> seen, List<String> offered, byte[] clientKey) {
    ScramServer server = new ScramServer(shown);
    ScramClient client = new ScramClient(offered, true, seen);
    server.choose(client.mechanism());
    server.first(client.first());
    client.challenged(server.challenge(base64(SALT), ITERATIONS));
    assertThat(client.salt()).isEqualTo(base64(SALT));
    assertThat(client.iterations()).isEqualTo(ITERATIONS);
    boolean proven =
        server.clientKey(client.last(Optional.of(clientKey)), Optional.of(verifier)).isPresent();
    assertThat(client.confirms(bytes("v=" + base64(SALT)), verifier)).isFalse();
    return proven && client.confirms(server.confirmation(verifier), verifier);
  }

  @Test
  void shouldLogInWithAClientKey() {
    byte[] key = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted("secret"));
    byte[] wrong = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted("wrong"));
    List<String> plus = List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
    List<String> plain = List.of("SCRAM-SHA-256");
    Optional<byte[]> bound = Optional.of(CERTIFICATE);

    assertThat(convinced(bound, bound, plus, key)).isTrue();
    assertThat(convinced(Optional.empty(), bound, plain, key)).isTrue();
    assertThat(convinced(Optional.empty(), Optional.empty(), plain, key)).isTrue();
    assertThat(convinced(bound, bound, plus, wrong)).isFalse();
    // Somebody in between has taken PLUS out of the offer.
    assertThatThrownBy(() -> convinced(bound, bound, plain, key))
        .hasMessage("SCRAM channel binding negotiation error");
  }

  @Test
  void shouldBeRefusedWithoutAClientKey() {
    ScramServer server = new ScramServer(Optional.empty());
    ScramClient client = new ScramClient(server.mechanisms(), false, Optional.empty());
    server.choose(client.mechanism());
    server.first(client.first());
    client.challenged(server.challenge(base64(SALT), ITERATIONS));

    assertThat(server.clientKey(client.last(Optional.empty()), Optional.of(verifier))).isEmpty();
  }

  @Test
  void shouldReadNothingButVerifiers() {
    assertThat(ScramVerifier.parse("md5d8578edf8458ce06fbc5bb76a58c5ca4")).isEmpty();
    assertThat(ScramVerifier.parse("SCRAM-SHA-256$4096:AAAA$AAAA:AAAA")).isEmpty();
    assertThat(ScramVerifier.parse(stored("x").replace("=:", "*:"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SCRAM-SHA-256-PLUS | n,,n=,r=abc | 08P01: malformed SCRAM message",
        "SCRAM-SHA-256-PLUS | p=tls-unique,,n=,r=abc"
            + " | 08P01: unsupported SCRAM channel-binding type \"tls-unique\"",
        "SCRAM-SHA-256 | p=tls-server-end-point,,n=,r=abc | 08P01: malformed SCRAM message",
        "SCRAM-SHA-256 | y,,n=,r=abc | 28000: SCRAM channel binding negotiation error",
        "SCRAM-SHA-256 | n,a=joe,n=,r=abc"
            + " | 0A000: client uses authorization identity, but it is not supported",
        "SCRAM-SHA-256 | n,,m=x,n=,r=abc"
            + " | 0A000: client requires an unsupported SCRAM extension",
        "SCRAM-SHA-256 | n,,n=,r=a c | 08P01: non-printable characters in SCRAM nonce",
        "SCRAM-SHA-256 | n,,r=abc | 08P01: malformed SCRAM message",
        "SCRAM-SHA-256 | n,,n= | 08P01: malformed SCRAM message",
        "SCRAM-SHA-256 | n | 08P01: malformed SCRAM message",
        "SCRAM-SHA-256 | z,,n=,r=abc | 08P01: malformed SCRAM message",
        "SCRAM-SHA-1 | n,,n=,r=abc"
            + " | 08P01: client selected an invalid SASL authentication mechanism",
      })
  void shouldRefuseWhatIsNoFirstMessage(String mechanism, String message, String error) {
    ScramServer server = new ScramServer(Optional.of(CERTIFICATE));

    assertThatThrownBy(
            () -> {
              server.choose(mechanism);
              server.first(bytes(message));
            })
        .isInstanceOfSatisfying(PgException.class, e -> assertThat(e.fields()).hasToString(error));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c=biws,r=NONCE,p=AAAA | 08P01: malformed SCRAM message",
        "c=biws,r=NONCE | 08P01: malformed SCRAM message",
        "c=biws,r=abc,p=AAAA | 08P01: invalid SCRAM response",
        "c=eSws,r=NONCE,p=AAAA"
            + " | 08P01: unexpected SCRAM channel-binding attribute in client-final-message",
        "c=*,r=NONCE,p=AAAA | 08P01: malformed SCRAM message",
        "r=NONCE | 08P01: malformed SCRAM message",
      })
  void shouldRefuseWhatIsNoFinalMessage(String message, String error) {
    ScramServer server = new ScramServer(Optional.empty());
    server.choose("SCRAM-SHA-256");
    server.first(bytes("n,,n=,r=abc"));
    String challenge = text(server.challenge(base64(SALT), ITERATIONS));
    String nonce = challenge.substring(2, challenge.indexOf(','));

    assertThatThrownBy(
            () -> server.clientKey(bytes(message.replace("NONCE", nonce)), Optional.of(verifier)))
        .isInstanceOfSatisfying(PgException.class, e -> assertThat(e.fields()).hasToString(error));
  }
}
