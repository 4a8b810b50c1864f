package io.prestogres.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.prestogres.protocol.PgException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The client's side of one exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677), for who has a ClientKey
 * and no password. PostgreSQL takes the role's name from the start-up packet. Not thread-safe.
 */
public final class ScramClient {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PROOF_BYTES = 32;

  private static final Pattern SERVER_FIRST =
      Pattern.compile("r=([^,]+),s=([^,]+),i=([0-9]{1,9})(,.*)?");

  private final String mechanism;
  private final byte[] cbindInput;
  private final String gs2Header;
  private final String nonce = ScramFunctions.nonce(24, RANDOM);
  private String serverFirst = "";
  private String serverNonce = "";
  private String salt = "";
  private int iterations;
  private String authMessage = "";

  /**
   * An exchange that uses channel binding if it can.
   *
   * @param offered the server's mechanisms
   * @param encrypted whether there is TLS
   * @param binding what channel binding compares, from {@link ScramBinding}
   */
  public ScramClient(List<String> offered, boolean encrypted, Optional<byte[]> binding) {
    boolean plus = offered.contains(ScramBinding.PLUS) && binding.isPresent();
    mechanism = plus ? ScramBinding.PLUS : ScramBinding.PLAIN;
    if (plus) {
      gs2Header = "p=" + TlsServerEndpoint.TLS_SERVER_END_POINT + ",,";
    } else {
      // "y" reveals somebody in between who has taken PLUS out of the offer.
      gs2Header = encrypted && binding.isPresent() ? "y,," : "n,,";
    }
    cbindInput = ScramBinding.input(gs2Header, plus ? binding : Optional.empty());
  }

  /** The mechanism that is chosen. */
  public String mechanism() {
    return mechanism;
  }

  /** The client-first-message. */
  public byte[] first() {
    return (gs2Header + clientFirstBare()).getBytes(StandardCharsets.US_ASCII);
  }

  private String clientFirstBare() {
    return "n=,r=" + nonce;
  }

  /**
   * Reads the server-first-message.
   *
   * @throws PgException 08P01 if it is none
   */
  public void challenged(byte[] message) {
    serverFirst = new String(message, StandardCharsets.UTF_8);
    Matcher matcher = SERVER_FIRST.matcher(serverFirst);
    if (!matcher.matches() || !matcher.group(1).startsWith(nonce)) {
      throw PgException.protocolViolation("PostgreSQL sent a malformed SCRAM message");
    }
    serverNonce = matcher.group(1);
    salt = matcher.group(2);
    iterations = Integer.parseInt(matcher.group(3));
  }

  /** The salt of the role's verifier, in Base64. */
  public String salt() {
    return salt;
  }

  /** How often the verifier's hash was taken. */
  public int iterations() {
    return iterations;
  }

  /**
   * The client-final-message.
   *
   * @param clientKey empty to be refused as one is who has a wrong password
   */
  public byte[] last(Optional<byte[]> clientKey) {
    String withoutProof =
        "c=" + Base64.getEncoder().encodeToString(cbindInput) + ",r=" + serverNonce;
    authMessage = clientFirstBare() + "," + serverFirst + "," + withoutProof;
    byte[] proof = clientKey.map(this::proof).orElseGet(ScramClient::wrongProof);
    return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] proof(byte[] clientKey) {
    byte[] storedKey = ScramFunctions.hash(ScramMechanism.SCRAM_SHA_256, clientKey);
    return ScramFunctions.clientProof(
        clientKey,
        ScramFunctions.clientSignature(ScramMechanism.SCRAM_SHA_256, storedKey, authMessage));
  }

  private static byte[] wrongProof() {
    byte[] proof = new byte[PROOF_BYTES];
    RANDOM.nextBytes(proof);
    return proof;
  }

  /** Whether a server-final-message comes from somebody who has the verifier. */
  public boolean confirms(byte[] message, ScramVerifier verifier) {
    String expected =
        "v=" + Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage));
    return MessageDigest.isEqual(message, expected.getBytes(StandardCharsets.US_ASCII));
  }
}
