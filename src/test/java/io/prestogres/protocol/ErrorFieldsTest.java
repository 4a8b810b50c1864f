package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorFieldsTest {
  private static final ErrorFields ERROR =
      ErrorFields.error("22012", "division by zero").with(ErrorFields.DETAIL, "détail");

  @Test
  void shouldWriteTheFieldsInOrder() {
    assertThat(ERROR.toErrorResponse().getString(5, ERROR.toErrorResponse().length()))
        .isEqualTo("SERROR\0VERROR\0C22012\0Mdivision by zero\0Ddétail\0\0");
    assertThat(ERROR.toErrorResponse().getByte(0)).isEqualTo((byte) 'E');
    assertThat(ERROR.toNoticeResponse().getByte(0)).isEqualTo((byte) 'N');
    assertThat(ERROR.toErrorResponse().getInt(1)).isEqualTo(ERROR.toErrorResponse().length() - 1);
  }

  @Test
  void shouldReadWhatItWrites() {
    ErrorFields read = ErrorFields.read(ERROR.toErrorResponse());

    assertThat(read.sqlState()).isEqualTo("22012");
    assertThat(read.message()).isEqualTo("division by zero");
    assertThat(read.field(ErrorFields.DETAIL)).contains("détail");
    assertThat(read.field(ErrorFields.HINT)).isEmpty();
    assertThat(read.toErrorResponse()).isEqualTo(ERROR.toErrorResponse());
  }

  @Test
  void shouldKeepFieldsThatItDoesNotKnow() {
    Buffer frame = ERROR.with('x', "new in PostgreSQL 30").toErrorResponse();

    assertThat(ErrorFields.read(frame).toErrorResponse()).isEqualTo(frame);
  }

  @Test
  void shouldReplaceAFieldInItsPlaceAndRemoveAnEmptyOne() {
    assertThat(ERROR.with(ErrorFields.CODE, "XX000").toErrorResponse().toString())
        .contains("CXX000\0Mdivision");
    assertThat(ERROR.with(ErrorFields.DETAIL, "").field(ErrorFields.DETAIL)).isEmpty();
  }

  @Test
  void shouldHaveACodeEvenIfTheServerSentNone() {
    assertThat(ERROR.with(ErrorFields.CODE, "").sqlState()).isEqualTo("XX000");
  }

  @Test
  void shouldKnowWhatEndsTheConnection() {
    assertThat(ERROR.isFatal()).isFalse();
    assertThat(ErrorFields.warning("01000", "w").isFatal()).isFalse();
    assertThat(ErrorFields.fatal("57P01", "f").isFatal()).isTrue();
    assertThat(
            ErrorFields.fatal("57P01", "f").with(ErrorFields.SEVERITY, "FATALE MELDUNG").isFatal())
        .isTrue();
    assertThat(new PgException(ERROR).asFatal().fields().isFatal()).isTrue();
  }

  @Test
  void shouldReadTheHeadInAnyEncoding() {
    Buffer frame =
        new WireWriter()
            .start('E')
            .writeBytes(
                "SERREUR ïé\0VFATAL\0C42P01\0Mrelation « é »\0\0"
                    .getBytes(StandardCharsets.ISO_8859_1))
            .finish()
            .toBuffer();

    assertThat(ErrorFields.readHead(frame).sqlState()).isEqualTo("42P01");
    assertThat(ErrorFields.readHead(frame).isFatal()).isTrue();
    assertThatThrownBy(() -> ErrorFields.read(frame)).isInstanceOf(PgException.class);
  }

  @Test
  void shouldRefuseACutMessage() {
    Buffer frame = ERROR.toErrorResponse();
    for (int length = 5; length < frame.length(); length++) {
      Buffer cut = frame.getBuffer(0, length);
      assertThatThrownBy(() -> ErrorFields.read(cut)).isInstanceOf(PgException.class);
      assertThatThrownBy(() -> ErrorFields.readHead(cut)).isInstanceOf(PgException.class);
    }
  }

  @Test
  void shouldNotLetATextEndAFieldEarly() {
    assertThatThrownBy(() -> ErrorFields.error("XX000", "a\0Cb").toErrorResponse())
        .isInstanceOf(PgException.class);
  }
}
