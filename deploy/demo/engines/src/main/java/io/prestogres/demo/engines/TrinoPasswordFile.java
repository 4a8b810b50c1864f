package io.prestogres.demo.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The files of Trino's password authenticator {@code file}, which know one user. */
record TrinoPasswordFile(OnePassword known) {
  private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};

  /** The least that Trino takes. */
  private static final int ITERATIONS = 1_000;

  private static final int HASH_BITS = 512;

  /** Writes them and returns the one that {@code password-authenticator.config-files} names. */
  Path write(Path folder) throws IOException {
    Path passwords = folder.resolve("passwords");
    Files.writeString(passwords, known.user() + ":" + hash() + "\n");
    Path settings = folder.resolve("password-authenticator.properties");
    EngineFiles.writeProperties(
        settings,
        Map.of("password-authenticator.name", "file", "file.password-file", passwords.toString()));
    return settings;
  }

  private String hash() throws IOException {
    try {
      PBEKeySpec password =
          new PBEKeySpec(known.password().toCharArray(), SALT, ITERATIONS, HASH_BITS);
      byte[] hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1").generateSecret(password).getEncoded();
      HexFormat hex = HexFormat.of();
      return ITERATIONS + ":" + hex.formatHex(SALT) + ":" + hex.formatHex(hash);
    } catch (GeneralSecurityException impossible) {
      throw new IOException(impossible);
    }
  }
}
