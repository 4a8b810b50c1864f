package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class SaslTest {
  private static Buffer offer(String... mechanisms) {
    WireWriter writer = new WireWriter().start('R').writeInt(10);
    for (String mechanism : mechanisms) {
      writer.writeCString(mechanism);
    }
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  @Test
  void shouldRemoveTheMechanismThatBinds() {
    Buffer frame = offer("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");

    assertThat(Sasl.withoutBinding(frame)).isEqualTo(offer("SCRAM-SHA-256"));
  }

  @Test
  void shouldLeaveEverythingElse() {
    Buffer others = offer("SCRAM-SHA-256", "OAUTHBEARER");

    assertThat(Sasl.withoutBinding(others)).isSameAs(others);
    assertThat(Sasl.withoutBinding(Backend.authenticationOk()))
        .isEqualTo(Backend.authenticationOk());
  }

  @Test
  void shouldRefuseAnOfferWithoutItsEnd() {
    Buffer cut = new WireWriter().start('R').writeInt(10).writeCString("X").finish().toBuffer();

    assertThatThrownBy(() -> Sasl.withoutBinding(cut)).isInstanceOf(PgException.class);
  }
}
