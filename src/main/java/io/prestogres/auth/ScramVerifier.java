package io.prestogres.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What PostgreSQL keeps of a role's password, with which a proof can be checked but not made (RFC
 * 5802, section 3; manual, "pg_authid"). Immutable.
 */
public final class ScramVerifier {
  private static final int KEY_BYTES = 32;

  private static final Pattern STORED =
      Pattern.compile("SCRAM-SHA-256\\$[0-9]+:[^$:]+\\$([^$:]+):([^$:]+)");

  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramVerifier(byte[] storedKey, byte[] serverKey) {
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /**
   * Reads {@code pg_authid.rolpassword}.
   *
   * @return empty if it is another kind of password
   */
  public static Optional<ScramVerifier> parse(String stored) {
    Matcher matcher = STORED.matcher(stored);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      byte[] storedKey = Base64.getDecoder().decode(matcher.group(1));
      byte[] serverKey = Base64.getDecoder().decode(matcher.group(2));
      return storedKey.length == KEY_BYTES && serverKey.length == KEY_BYTES
          ? Optional.of(new ScramVerifier(storedKey, serverKey))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The ClientKey that is in a proof, if the proof was made with the right password. */
  Optional<byte[]> clientKey(byte[] proof, String authMessage) {
    byte[] signature =
        ScramFunctions.clientSignature(ScramMechanism.SCRAM_SHA_256, storedKey, authMessage);
    // A ClientProof is the ClientKey xor the signature, and so the other way about.
    byte[] clientKey = ScramFunctions.clientProof(proof, signature);
    byte[] hash = ScramFunctions.hash(ScramMechanism.SCRAM_SHA_256, clientKey);
    return MessageDigest.isEqual(hash, storedKey) ? Optional.of(clientKey) : Optional.empty();
  }

  /** With what who has this verifier proves that he has it. */
  byte[] serverSignature(String authMessage) {
    return ScramFunctions.serverSignature(ScramMechanism.SCRAM_SHA_256, serverKey, authMessage);
  }
}
