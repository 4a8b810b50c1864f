package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzz targets for every message that is opened, in either direction. The input is the body of a
 * frame whose header is right, as {@link FrameSplitter} hands it over.
 */
class MessageFuzzTest {
  private static byte[] body(Buffer frame) {
    return frame.getBytes(FrameSplitter.HEADER_BYTES, frame.length());
  }

  static Stream<byte[]> queries() {
    return Stream.of(
        body(Frontend.query("select 'é' from t -- \t")),
        body(Frontend.query("")),
        new byte[0],
        "no end".getBytes(StandardCharsets.UTF_8),
        new byte[] {'x', 0, 'y'},
        new byte[] {(byte) 0xc3, 0});
  }

  @MethodSource("queries")
  @FuzzTest
  void shouldReadAQueryThatWritesTheSameBytesAgain(byte[] body) {
    Buffer frame = Fuzzed.frame('Q', body);

    Optional<String> text = Fuzzed.read(body.length, () -> Frontend.readQuery(frame));

    text.ifPresent(read -> assertThat(Frontend.query(read)).isEqualTo(frame));
  }

  static Stream<byte[]> parameters() {
    return Stream.of(
        body(new Backend.ParameterStatus("TimeZone", "UTC").toBuffer()),
        new byte[] {'a', 0, 'b'},
        new byte[] {0, 0},
        new byte[] {'a', 0, 0, 'x'});
  }

  @MethodSource("parameters")
  @FuzzTest
  void shouldReadAParameterStatusThatWritesTheSameBytesAgain(byte[] body) {
    Buffer frame = Fuzzed.frame('S', body);

    Fuzzed.read(body.length, () -> Backend.ParameterStatus.read(frame))
        .ifPresent(
            read -> {
              byte[] again = body(read.toBuffer());
              assertThat(body).startsWith(again);
            });
  }

  static Stream<byte[]> firstAnswers() {
    return Stream.of(
        body(
            new Sasl.InitialResponse(
                    "SCRAM-SHA-256", Optional.of("n,,n=,r=x".getBytes(StandardCharsets.UTF_8)))
                .toBuffer()),
        body(new Sasl.InitialResponse("X", Optional.empty()).toBuffer()),
        new byte[] {'X', 0, 0x7f, -1, -1, -1},
        new byte[] {'X', 0, -1, -1, -1, -2});
  }

  @MethodSource("firstAnswers")
  @FuzzTest
  void shouldReadASaslInitialResponseThatWritesTheSameBytesAgain(byte[] body) {
    Buffer frame = Fuzzed.frame('p', body);

    Fuzzed.read(body.length, () -> Sasl.InitialResponse.read(frame))
        .ifPresent(read -> assertThat(read.toBuffer()).isEqualTo(frame));
  }

  static Stream<byte[]> keys() {
    return Stream.of(
        new byte[] {0, 0, 0, 7, 1, 2, 3, 4}, new byte[] {0, 0, 0, 7}, new byte[] {0, 0, 0});
  }

  @MethodSource("keys")
  @FuzzTest
  void shouldReadAKeyThatWritesTheSameBytesAgain(byte[] body) {
    Buffer frame = Fuzzed.frame('K', body);

    Optional<Backend.KeyData> key = Fuzzed.read(body.length, () -> Backend.KeyData.read(frame));

    assertThat(key.isPresent()).isEqualTo(body.length >= 4);
    key.ifPresent(read -> assertThat(read.toBuffer()).isEqualTo(frame));
  }

  static Stream<byte[]> descriptions() {
    return Stream.of(
        body(Backend.rowDescription(List.of())),
        body(
            Backend.rowDescription(
                List.of(new Backend.Field("a", 23, -1), new Backend.Field("", 1043, 29)))),
        new byte[] {(byte) 0xff, (byte) 0xff, 'a', 0});
  }

  @MethodSource("descriptions")
  @FuzzTest
  void shouldReadNoMoreColumnsThanThereAreBytes(byte[] body) {
    Buffer frame = Fuzzed.frame('T', body);

    Fuzzed.read(body.length, () -> Backend.readRowDescription(frame))
        .ifPresent(
            fields -> {
              int least = 2;
              for (Backend.Field field : fields) {
                least += field.name().getBytes(StandardCharsets.UTF_8).length + 19;
              }
              assertThat(least).isLessThanOrEqualTo(body.length);
              assertThat(Backend.readRowDescription(Backend.rowDescription(fields)))
                  .isEqualTo(fields);
            });
  }

  static Stream<byte[]> rows() {
    return Stream.of(
        new byte[] {0, 2, 0, 0, 0, 1, '1', -1, -1, -1, -1},
        new byte[] {0, 1, 0x7f, -1, -1, -1, 'x'},
        new byte[] {-1, -1},
        new byte[] {0, 0});
  }

  @MethodSource("rows")
  @FuzzTest
  void shouldReadNoMoreValuesThanThereAreBytes(byte[] body) {
    Buffer frame = Fuzzed.frame('D', body);

    Fuzzed.read(body.length, () -> Backend.readDataRow(frame))
        .ifPresent(
            values -> {
              int size = 2;
              for (Optional<String> value : values) {
                size += 4 + value.map(v -> v.getBytes(StandardCharsets.UTF_8).length).orElse(0);
              }
              assertThat(size).isLessThanOrEqualTo(body.length);
              assertThat(values).hasSize(Short.toUnsignedInt(frame.getShort(5)));
            });
  }

  static Stream<byte[]> errors() {
    return Stream.of(
        body(
            ErrorFields.error("22012", "division by zero")
                .with(ErrorFields.HINT, "don't")
                .toErrorResponse()),
        body(ErrorFields.fatal("08P01", "é").toErrorResponse()),
        new byte[] {0},
        new byte[] {'M', 'x', 0},
        new byte[] {'M', (byte) 0xe4, 0, 'C', '2', 0, 0},
        new byte[] {'C', '1', 0, 'C', '2', 0, 0});
  }

  @MethodSource("errors")
  @FuzzTest
  void shouldReadAnErrorAndItsHeadAlike(byte[] body) {
    Buffer frame = Fuzzed.frame('E', body);

    Optional<ErrorFields> all = Fuzzed.read(body.length, () -> ErrorFields.read(frame));
    Optional<ErrorFields> head = Fuzzed.read(body.length, () -> ErrorFields.readHead(frame));

    all.ifPresent(
        fields -> {
          assertThat(head).isPresent();
          assertThat(head.orElseThrow().field(ErrorFields.CODE))
              .isEqualTo(fields.field(ErrorFields.CODE));
          assertThat(head.orElseThrow().field(ErrorFields.SEVERITY_NOT_LOCALIZED))
              .isEqualTo(fields.field(ErrorFields.SEVERITY_NOT_LOCALIZED));
          Buffer written = fields.toErrorResponse();
          assertThat(written.length()).isLessThanOrEqualTo(frame.length());
          assertThat(ErrorFields.read(written).toErrorResponse()).isEqualTo(written);
        });
  }

  static Stream<byte[]> numbers() {
    return Stream.of(new byte[] {0, 0, 0, 3}, new byte[] {'I'}, new byte[0]);
  }

  @MethodSource("numbers")
  @FuzzTest
  void shouldReadStatusAndAuthenticationIffTheBytesAreThere(byte[] body) {
    Buffer status = Fuzzed.frame('Z', body);
    Buffer authentication = Fuzzed.frame('R', body);

    assertThat(Fuzzed.read(body.length, () -> Backend.readReadyForQuery(status)).isPresent())
        .isEqualTo(body.length >= 1);
    assertThat(Fuzzed.read(body.length, () -> Backend.readAuthentication(authentication)))
        .isEqualTo(
            body.length >= 4 ? Optional.of(Buffer.buffer(body).getInt(0)) : Optional.empty());
  }
}
