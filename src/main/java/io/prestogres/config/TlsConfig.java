package io.prestogres.config;

/**
 * TLS between clients and the proxy. Files are PEM; their names are absolute, or "" when none is
 * given.
 *
 * @param mode whether clients may or must use it
 * @param certificate the proxy's certificate, followed by those that signed it
 * @param key its private key, as unencrypted PKCS#8
 * @param clientCertificates whether clients are asked for a certificate
 * @param clientCa the authorities that may have signed the clients' certificates
 */
public record TlsConfig(
    Mode mode,
    String certificate,
    String key,
    ClientCertificates clientCertificates,
    String clientCa) {

  /** What holds where the file says nothing. */
  public static final TlsConfig DEFAULT =
      new TlsConfig(Mode.DISABLE, "", "", ClientCertificates.NONE, "");

  /** Whether clients may or must use TLS. */
  public enum Mode {
    /** An SSLRequest is declined. */
    DISABLE,
    /** A client that asks for it gets it. */
    ALLOW,
    /** A client without it is refused, as by PostgreSQL's {@code hostssl}. */
    REQUIRE
  }

  /** Whether clients are asked for a certificate. */
  public enum ClientCertificates {
    /** They are not asked. */
    NONE,
    /** They may have none; one that they show must be good. */
    REQUEST,
    /** A client without a good one is refused, as by PostgreSQL's {@code clientcert=verify-ca}. */
    REQUIRE
  }

  /** Refuses modes that lack the files they need. */
  public TlsConfig {
    if (mode != Mode.DISABLE) {
      Bounds.check("certificate", certificate);
      Bounds.check("key", key);
    }
    if (clientCertificates != ClientCertificates.NONE) {
      Bounds.check("clientCa", clientCa);
    }
  }

  /** Whether clients can use TLS at all. */
  public boolean enabled() {
    return mode != Mode.DISABLE;
  }
}
