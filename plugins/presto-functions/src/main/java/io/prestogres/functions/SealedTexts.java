package io.prestogres.functions;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the proxy has sealed: secrets that stand in parameters of its statements, which PostgreSQL
 * may log. Base64 of a nonce of 12 bytes and AES-GCM's output over texts {@code name=value} that a
 * zero byte ends.
 */
final class SealedTexts {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private SealedTexts() {}

  /**
   * Opens them.
   *
   * @param key 32 bytes in hexadecimal digits
   * @throws SQLException 55000 if this key does not open them
   */
  static Map<String, String> open(String key, String sealed) throws SQLException {
    byte[] opened;
    try {
      byte[] bytes = Base64.getDecoder().decode(sealed);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(HexFormat.of().parseHex(key), "AES"),
          new GCMParameterSpec(TAG_BITS, Arrays.copyOf(bytes, NONCE_BYTES)));
      opened = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException broken) {
      throw new SQLException(
          "what this session proves itself to Presto with cannot be read: connect again",
          "55000",
          broken);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String text : new String(opened, StandardCharsets.UTF_8).split("\0", -1)) {
      int equals = text.indexOf('=');
      if (equals > 0) {
        texts.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return texts;
  }
}
