package io.prestogres.auth;

import com.ongres.scram.common.util.TlsServerEndpoint;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;

/**
 * Channel binding of the kind that PostgreSQL knows, tls-server-end-point (RFC 5929, section 4): a
 * client proves which certificate it sees.
 */
public final class ScramBinding {
  /** The mechanism without it. */
  public static final String PLAIN = "SCRAM-SHA-256";

  /** The mechanism with it. */
  public static final String PLUS = "SCRAM-SHA-256-PLUS";

  private ScramBinding() {}

  /**
   * What is compared.
   *
   * @param certificate the one that is shown or seen
   * @return empty for certificates that no hash function is defined for, such as those of Ed25519
   */
  public static Optional<byte[]> of(Certificate certificate) {
    try {
      return certificate instanceof X509Certificate x509
          ? Optional.of(TlsServerEndpoint.getChannelBindingData(x509))
              .filter(data -> data.length > 0)
          : Optional.empty();
    } catch (CertificateEncodingException e) {
      return Optional.empty();
    }
  }

  /** What the attribute "c" says (RFC 5802, section 7): the GS2 header and the data. */
  static byte[] input(String gs2Header, Optional<byte[]> data) {
    byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
    byte[] bound = data.orElse(new byte[0]);
    byte[] input = Arrays.copyOf(header, header.length + bound.length);
    System.arraycopy(bound, 0, input, header.length, bound.length);
    return input;
  }
}
