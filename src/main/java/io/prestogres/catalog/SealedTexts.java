package io.prestogres.catalog;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets for the functions of PL/Java: PostgreSQL may log the parameters of the statement
 * that brings them. Base64 of a nonce of 12 bytes and AES-GCM's output over texts {@code
 * name=value} that a zero byte ends.
 */
final class SealedTexts {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SealedTexts() {}

  /**
   * Seals them; no name holds {@code =}, no text a zero byte.
   *
   * @param key 32 bytes in hexadecimal digits, which the database keeps
   */
  static String seal(String key, Map<String, String> texts) {
    StringBuilder plain = new StringBuilder();
    new TreeMap<>(texts)
        .forEach((name, text) -> plain.append(name).append('=').append(text).append('\0'));
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(HexFormat.of().parseHex(key), "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      byte[] sealed = cipher.doFinal(plain.toString().getBytes(StandardCharsets.UTF_8));
      byte[] whole = new byte[nonce.length + sealed.length];
      System.arraycopy(nonce, 0, whole, 0, nonce.length);
      System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
      return Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JDK has no AES-GCM", impossible);
    }
  }
}
