package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class SessionRegistryTest {
  private final SessionRegistry registry = new SessionRegistry();

  @Test
  void shouldMakeSecretsAsLongAsTheBackends() {
    assertThat(registry.newSecret(4).length()).isEqualTo(4);
    assertThat(registry.newSecret(32).length()).isEqualTo(32);
    assertThat(registry.newSecret(32)).isNotEqualTo(registry.newSecret(32));
  }

  @Test
  void shouldFindNobodyItDoesNotKnow() {
    assertThat(registry.find(1)).isEmpty();
    assertThat(registry.find(0, Buffer.buffer())).isEmpty();
    assertThat(registry.size()).isZero();
  }
}
