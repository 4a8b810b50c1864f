package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class FrontendTest {

  private static Buffer query(byte... body) {
    return new WireWriter().start('Q').writeBytes(body).finish().toBuffer();
  }

  @Test
  void shouldReadAQuery() {
    assertThat(Frontend.readQuery(Frontend.query("select 'é'"))).isEqualTo("select 'é'");
    assertThat(Frontend.readQuery(query((byte) 0))).isEmpty();
  }

  @Test
  void shouldRefuseAQueryThatIsNotOneText() {
    assertThatThrownBy(() -> Frontend.readQuery(query())).hasMessageContaining("no end");
    assertThatThrownBy(() -> Frontend.readQuery(query((byte) 'x'))).hasMessageContaining("no end");
    assertThatThrownBy(() -> Frontend.readQuery(query((byte) 'x', (byte) 0, (byte) 'y')))
        .hasMessageContaining("longer");
    assertThatThrownBy(() -> Frontend.readQuery(query((byte) 0xff, (byte) 0)))
        .hasMessageContaining("UTF8");
  }
}
