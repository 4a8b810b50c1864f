package io.prestogres.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost:1", "127.0.0.1:65535", "[::1]:5440"})
  void shouldWriteWhatItRead(String text) {
    assertThat(Address.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", ":1", "host:", "host:0", "host:65536", "::1:5440", "[a]:1"})
  void shouldRefuseWhatIsNoAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text));
  }
}
