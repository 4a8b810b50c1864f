package io.prestogres.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.prestogres.protocol.PgException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzz targets for what is read of SCRAM: a message is understood, or refused with an error. */
class ScramFuzzTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<byte[]> firstMessages() {
    return Stream.of(
        bytes("n,,n=,r=abc"), bytes("y,,n=*,r=abc,x=1"), bytes("n,"), new byte[] {'n', ',', 0});
  }

  @MethodSource("firstMessages")
  @FuzzTest
  void shouldUnderstandAFirstMessageOrRefuseIt(byte[] message) {
    ScramServer server = new ScramServer(Optional.empty());
    server.choose(ScramBinding.PLAIN);
    try {
      server.first(message);
    } catch (PgException refused) {
      assertThat(refused.fields().isFatal()).isTrue();
      return;
    }

    assertThat(text(message)).matches("(?s)[ny],,n=.*,r=.*");
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  static Stream<byte[]> finalMessages() {
    return Stream.of(
        bytes("c=biws,r=abc,p=AAAA"), bytes("c=biws"), bytes("c="), new byte[] {'c', '=', -1});
  }

  @MethodSource("finalMessages")
  @FuzzTest
  void shouldFindNoKeyInAMessageOfAnotherExchange(byte[] message) {
    ScramServer server = new ScramServer(Optional.empty());
    server.choose(ScramBinding.PLAIN);
    server.first(bytes("n,,n=,r=abc"));
    server.challenge("AAAA", 1);
    boolean refused;
    try {
      server.clientKey(message, Optional.empty());
      refused = false;
    } catch (PgException e) {
      refused = e.fields().isFatal();
    }

    assertThat(refused).isTrue();
  }
}
