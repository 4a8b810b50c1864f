package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.protocol.StartupPacket.CancelRequest;
import io.prestogres.protocol.StartupPacket.GssEncRequest;
import io.prestogres.protocol.StartupPacket.SslRequest;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupReaderTest {
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final Buffer SSL_REQUEST = packet(80877103, "");
  private static final Buffer GSS_REQUEST = packet(80877104, "");

  /** A packet; {@code |} stands for the zero byte. */
  private static Buffer packet(int code, String body) {
    return new WireWriter()
        .startUntyped()
        .writeInt(code)
        .writeBytes(body.replace('|', '\0').getBytes(StandardCharsets.UTF_8))
        .finish()
        .toBuffer();
  }

  private static Buffer cancel(int secretBytes) {
    return new WireWriter()
        .startUntyped()
        .writeInt(80877102)
        .writeInt(4711)
        .writeBytes(new byte[secretBytes])
        .finish()
        .toBuffer();
  }

  private static void assertRefused(String sqlState, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.fields().sqlState()).isEqualTo(sqlState));
  }

  private static StartupPacket read(Buffer bytes) {
    return new StartupReader().feed(bytes).orElseThrow();
  }

  @Test
  void shouldReadEachPacketWhereverItIsCut() {
    for (Buffer packet :
        List.of(
            SSL_REQUEST,
            GSS_REQUEST,
            cancel(4),
            packet(PROTOCOL_3_0, "user|me|database|d|application_name||" + "|"))) {
      StartupPacket whole = read(packet.copy());
      for (int cut = 0; cut < packet.length(); cut++) {
        StartupReader reader = new StartupReader();

        Optional<StartupPacket> first = reader.feed(packet.getBuffer(0, cut));
        Optional<StartupPacket> second = reader.feed(packet.getBuffer(cut, packet.length()));

        assertThat(first).isEmpty();
        assertThat(second).contains(whole);
        assertThat(reader.rest().length()).isZero();
      }
    }
  }

  @Test
  void shouldReadParameters() {
    StartupMessage message =
        (StartupMessage) read(packet(PROTOCOL_3_0, "user|me|application_name|é||"));

    assertThat(message.parameters()).isEqualTo(Map.of("user", "me", "application_name", "é"));
    assertThat(message.user()).isEqualTo("me");
    assertThat(message.database()).isEqualTo("me");
    assertThat(message.replication()).isFalse();
    assertThat(
            ((StartupMessage)
                    read(packet(PROTOCOL_3_0, "user|me|database|d|replication|database||")))
                .replication())
        .isTrue();
  }

  @Test
  void shouldWriteAMessageWithOtherParameters() {
    StartupMessage message = (StartupMessage) read(packet(PROTOCOL_3_0, "user|me||"));
    Map<String, String> changed = new LinkedHashMap<>();
    changed.put("user", "me");
    changed.put("application_name", "é");

    StartupMessage written = message.with(changed);

    assertThat(read(written.packet())).isEqualTo(written);
    assertThat(written.packet()).isEqualTo(packet(PROTOCOL_3_0, "user|me|application_name|é||"));
    assertRefused("08P01", () -> message.with(Map.of("user", "u".repeat(10_000))));
  }

  @Test
  void shouldKeepWhatFollowsAStartupMessage() {
    StartupReader reader = new StartupReader();
    Buffer startup = packet(PROTOCOL_3_0, "user|me||");

    assertThat(reader.feed(startup.copy().appendString("more"))).isPresent();

    assertThat(reader.rest()).isEqualTo(Buffer.buffer("more"));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 7, 10_005, Integer.MAX_VALUE})
  void shouldRefuseLengthsThatNoPacketHas(int length) {
    assertRefused("08P01", () -> read(Buffer.buffer().appendInt(length)));
  }

  @Test
  void shouldTakeTheLargestPacket() {
    Buffer packet = packet(PROTOCOL_3_0, "user|" + "u".repeat(10_004 - 15) + "||");
    assertThat(packet.length()).isEqualTo(10_004);

    assertThat(read(packet)).isInstanceOf(StartupMessage.class);
  }

  @Test
  void shouldRefuseBytesThatCameWithAnEncryptionRequest() {
    assertRefused("08P01", () -> read(SSL_REQUEST.copy().appendByte((byte) 0)));
    assertRefused("08P01", () -> read(GSS_REQUEST.copy().appendBuffer(SSL_REQUEST)));
  }

  @Test
  void shouldTakeTwoEncryptionRequestsAndNoThird() {
    StartupReader reader = new StartupReader();

    assertThat(reader.feed(GSS_REQUEST)).contains(new GssEncRequest());
    assertThat(reader.feed(SSL_REQUEST)).contains(new SslRequest());

    assertRefused("0A000", () -> reader.feed(SSL_REQUEST));
  }

  @Test
  void shouldTakeNoEncryptionRequestWhenThereIsEncryption() {
    for (Buffer request : List.of(SSL_REQUEST, GSS_REQUEST)) {
      StartupReader reader = new StartupReader();
      reader.encrypted();

      assertRefused("0A000", () -> reader.feed(request));
    }
  }

  @Test
  void shouldAnswerOldProtocolsInTheirOwnForm() {
    assertThatThrownBy(() -> read(packet(2 << 16, "")))
        .isInstanceOfSatisfying(
            PgException.class,
            e ->
                assertThat(e.asFatal().toErrorResponse().toString())
                    .isEqualTo(
                        "EFATAL:  unsupported frontend protocol 2.0: server supports 3.0 to 3.2\n\0"));
  }

  @Test
  void shouldTakeOtherParametersInAnyEncoding() {
    Buffer packet =
        new WireWriter()
            .startUntyped()
            .writeInt(PROTOCOL_3_0)
            .writeCString("user")
            .writeCString("me")
            .writeCString("application_name")
            .writeBytes(new byte[] {(byte) 0xe9, 0, 0})
            .finish()
            .toBuffer();

    StartupMessage message = (StartupMessage) read(packet);

    assertThat(message.user()).isEqualTo("me");
    assertThat(message.packet()).isEqualTo(packet);
  }

  @ParameterizedTest
  @ValueSource(ints = {2 << 16, 0, 4 << 16, 1234 << 16 | 5, -1})
  void shouldRefuseOtherProtocols(int version) {
    assertRefused("0A000", () -> read(packet(version, "user|me||")));
  }

  @Test
  void shouldTakeMinorVersionsThatPostgresqlWillNegotiate() {
    assertThat(((StartupMessage) read(packet(PROTOCOL_3_0 + 2, "user|me||"))).version())
        .isEqualTo(PROTOCOL_3_0 + 2);
  }

  @Test
  void shouldRefuseAMissingUser() {
    assertRefused("28000", () -> read(packet(PROTOCOL_3_0, "|")));
    assertRefused("28000", () -> read(packet(PROTOCOL_3_0, "database|d||")));
    assertRefused("28000", () -> read(packet(PROTOCOL_3_0, "user|||")));
  }

  @Test
  void shouldRefuseABrokenLayout() {
    assertRefused("08P01", () -> read(packet(PROTOCOL_3_0, "")));
    assertRefused("08P01", () -> read(packet(PROTOCOL_3_0, "user|me|")));
    assertRefused("08P01", () -> read(packet(PROTOCOL_3_0, "user|me")));
    assertRefused("08P01", () -> read(packet(PROTOCOL_3_0, "user|me|database")));
    assertRefused("08P01", () -> read(packet(PROTOCOL_3_0, "user|me||x")));
  }

  @Test
  void shouldRefuseTextThatIsNotUtf8() {
    Buffer packet =
        new WireWriter()
            .startUntyped()
            .writeInt(PROTOCOL_3_0)
            .writeCString("user")
            .writeBytes(new byte[] {(byte) 0xff, 0, 0})
            .finish()
            .toBuffer();

    assertRefused("22021", () -> read(packet));
  }

  @Test
  void shouldTakeCancelRequestsOfBothProtocols() {
    assertThat(read(cancel(4))).isEqualTo(new CancelRequest(4711, Buffer.buffer(new byte[4])));
    assertThat(read(cancel(256))).isEqualTo(new CancelRequest(4711, Buffer.buffer(new byte[256])));
  }

  @Test
  void shouldRefuseSecretsThatNobodyGave() {
    assertRefused("08P01", () -> read(cancel(0)));
    assertRefused("08P01", () -> read(cancel(257)));
    assertRefused("08P01", () -> read(packet(80877102, "|")));
  }
}
