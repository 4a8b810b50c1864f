package io.prestogres.auth;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of one exchange of SCRAM-SHA-256 (RFC 5802, RFC 7677), as strict as
 * PostgreSQL's and with its errors. What the client proves can be checked only where the role's
 * verifier is known. Not thread-safe.
 */
public final class ScramServer {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PROOF_BYTES = 32;

  private final Optional<byte[]> binding;
  private boolean plus;
  private String gs2Header = "";
  private String clientFirstBare = "";
  private String clientNonce = "";
  private String nonce = "";
  private String serverFirst = "";
  private String authMessage = "";

  /**
   * An exchange.
   *
   * @param binding what channel binding compares, from {@link ScramBinding}; empty if it is not
   *     offered
   */
  public ScramServer(Optional<byte[]> binding) {
    this.binding = binding;
  }

  /** What the client may choose from. */
  public List<String> mechanisms() {
    return binding.isPresent()
        ? List.of(ScramBinding.PLUS, ScramBinding.PLAIN)
        : List.of(ScramBinding.PLAIN);
  }

  /**
   * The mechanism that the client has chosen.
   *
   * @throws PgException 08P01 if it was not offered
   */
  public void choose(String mechanism) {
    if (!mechanisms().contains(mechanism)) {
      throw PgException.protocolViolation(
          "client selected an invalid SASL authentication mechanism");
    }
    plus = mechanism.equals(ScramBinding.PLUS);
  }

  /**
   * Reads the client-first-message.
   *
   * @throws PgException 08P01 or 28000 if it is not in order
   */
  public void first(byte[] message) {
    ScramAttributes attributes = new ScramAttributes(message);
    readBinding(attributes);
    if (attributes.next('a') != null) {
      throw PgException.fatal(
          SqlState.FEATURE_NOT_SUPPORTED,
          "client uses authorization identity, but it is not supported");
    }
    attributes.skipEmpty();
    gs2Header = attributes.passed();
    if (attributes.next('m') != null) {
      throw PgException.fatal(
          SqlState.FEATURE_NOT_SUPPORTED, "client requires an unsupported SCRAM extension");
    }
    attributes.require('n');
    clientNonce = attributes.require('r');
    if (!clientNonce.chars().allMatch(sign -> sign >= 0x21 && sign <= 0x7e)) {
      throw PgException.protocolViolation("non-printable characters in SCRAM nonce");
    }
    clientFirstBare = attributes.whole().substring(gs2Header.length());
  }

  private void readBinding(ScramAttributes attributes) {
    String type = attributes.next('p');
    if (type != null) {
      if (!plus) {
        throw ScramAttributes.malformed(
            "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message"
                + " includes channel binding data.");
      }
      if (!type.equals(TlsServerEndpoint.TLS_SERVER_END_POINT)) {
        throw PgException.protocolViolation(
            "unsupported SCRAM channel-binding type \"" + type + "\"");
      }
      return;
    }
    boolean able = attributes.skip("y");
    if (!able && !attributes.skip("n")) {
      throw ScramAttributes.malformed("Unexpected channel-binding flag.");
    }
    if (plus) {
      throw ScramAttributes.malformed(
          "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel"
              + " binding data.");
    }
    if (able && binding.isPresent()) {
      throw new PgException(
          ErrorFields.fatal(
                  SqlState.INVALID_AUTHORIZATION, "SCRAM channel binding negotiation error")
              .with(
                  ErrorFields.DETAIL,
                  "The client supports SCRAM channel binding but thinks the server does not."
                      + "  However, this server does support channel binding."));
    }
  }

  /**
   * The server-first-message.
   *
   * @param salt in Base64
   */
  public byte[] challenge(String salt, int iterations) {
    nonce = clientNonce + ScramFunctions.nonce(24, RANDOM);
    serverFirst = "r=" + nonce + ",s=" + salt + ",i=" + iterations;
    return serverFirst.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads the client-final-message.
   *
   * @param verifier the role's; empty if it has none
   * @return the ClientKey, which is as good as the password; empty if the proof is wrong
   * @throws PgException 08P01 or 28000 if it is not in order
   */
  public Optional<byte[]> clientKey(byte[] message, Optional<ScramVerifier> verifier) {
    ScramAttributes attributes = new ScramAttributes(message);
    checkBinding(attributes.require('c'));
    if (!attributes.require('r').equals(nonce)) {
      throw new PgException(
          ErrorFields.fatal(SqlState.PROTOCOL_VIOLATION, "invalid SCRAM response")
              .with(ErrorFields.DETAIL, "Nonce does not match."));
    }
    attributes.skipTo('p');
    String withoutProof = attributes.passed();
    byte[] proof = base64(attributes.require('p'));
    if (proof.length != PROOF_BYTES) {
      throw ScramAttributes.malformed("Malformed proof in client-final-message.");
    }
    if (!attributes.atEnd()) {
      throw ScramAttributes.malformed("Garbage found at the end of client-final-message.");
    }
    authMessage =
        clientFirstBare
            + ","
            + serverFirst
            + ","
            + withoutProof.substring(0, withoutProof.length() - 1);
    return verifier.flatMap(known -> known.clientKey(proof, authMessage));
  }

  private void checkBinding(String attribute) {
    byte[] expected = ScramBinding.input(gs2Header, plus ? binding : Optional.empty());
    if (!MessageDigest.isEqual(base64(attribute), expected)) {
      throw plus
          ? PgException.fatal(SqlState.INVALID_AUTHORIZATION, "SCRAM channel binding check failed")
          : PgException.protocolViolation(
              "unexpected SCRAM channel-binding attribute in client-final-message");
    }
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw ScramAttributes.malformed("Base64 was expected.");
    }
  }

  /** The server-final-message of an exchange whose proof was right. */
  public byte[] confirmation(ScramVerifier verifier) {
    String signature = Base64.getEncoder().encodeToString(verifier.serverSignature(authMessage));
    return ("v=" + signature).getBytes(StandardCharsets.US_ASCII);
  }
}
