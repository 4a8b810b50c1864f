package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedTextsTest {
  private static final String KEY = "0f".repeat(32);

  private static String seal(String plain) throws GeneralSecurityException {
    byte[] nonce = new byte[12];
    nonce[0] = 7;
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(HexFormat.of().parseHex(KEY), "AES"),
        new GCMParameterSpec(128, nonce));
    byte[] sealed = cipher.doFinal(plain.getBytes(StandardCharsets.UTF_8));
    byte[] whole = java.util.Arrays.copyOf(nonce, nonce.length + sealed.length);
    System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
    return Base64.getEncoder().encodeToString(whole);
  }

  @Test
  void shouldOpenWhatWasSealed() throws Exception {
    String sealed = seal("authorization=Basic YQ==\0ca=line\nline=\n\0credential.é=ü\0");

    assertThat(SealedTexts.open(KEY, sealed))
        .isEqualTo(
            Map.of("authorization", "Basic YQ==", "ca", "line\nline=\n", "credential.é", "ü"));
  }

  @Test
  void shouldGiveSettingsThatWereSealed() throws Exception {
    QuerySettings settings =
        QuerySettings.parse(
            "jdbc:presto://h:1",
            new String[] {
              "user=u", "sealed=" + seal("credential.k=v\0kerberos.key=v\0"), "sealKey=" + KEY
            });

    assertThat(settings.extraCredentials()).isEqualTo(Map.of("k", "v"));
    assertThat(settings.driverProperties()).isEqualTo(Map.of("user", "u"));
    assertThat(settings.toString()).doesNotContain("v");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e", "", "zz"})
  void shouldRefuseAnotherKey(String digits) throws Exception {
    String sealed = seal("authorization=secret\0");

    assertThatThrownBy(() -> SealedTexts.open(digits.repeat(32), sealed))
        .isInstanceOfSatisfying(
            SQLException.class,
            failure -> {
              assertThat(failure.getSQLState()).isEqualTo("55000");
              assertThat(failure.getMessage()).doesNotContain("secret");
            });
  }
}
