package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.Frontend;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

final class WakingMessageTest {
  private final WakingMessage message = new WakingMessage();

  @Test
  void shouldBeNothingUnlessItHasBegun() {
    assertThat(message.rest().length()).isZero();
  }

  @Test
  void shouldBecomeOneWholeCopyDataHoweverFarItHasCome() {
    for (int bytes : new int[] {1, 3, 5, 6, 1_000}) {
      Buffer sent = Buffer.buffer();
      for (int i = 0; i < bytes; i++) {
        sent.appendBuffer(message.next());
      }
      assertThat(sent.length()).isEqualTo(bytes);

      sent.appendBuffer(message.rest());

      assertThat(sent.getByte(0)).isEqualTo(Frontend.COPY_DATA);
      assertThat(sent.getInt(1)).isEqualTo(sent.length() - 1);
      assertThat(message.rest().length()).isZero();
    }
  }

  /** PostgreSQL would take a statement for begun. */
  @Test
  void shouldNotEndByItself() {
    int sent = 0;
    Buffer next = message.next();
    while (next.length() > 0) {
      sent += next.length();
      next = message.next();
    }

    assertThat(message.next().length()).isZero();
    assertThat(message.rest().length()).isEqualTo(1);
    assertThat(sent).isGreaterThan(24 * 60 * 60 / 2);
  }
}
