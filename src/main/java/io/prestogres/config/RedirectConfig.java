package io.prestogres.config;

/**
 * The PostgreSQL behind the proxy, and how the way to it is protected.
 *
 * @param name the name under which messages speak of it; not empty
 * @param host a host name or an IP address, without brackets
 * @param port 0 to 65535; 0 cannot be written in the file
 * @param tls as libpq's {@code sslmode}
 * @param ca the absolute name of a PEM file with the authorities that may have signed PostgreSQL's
 *     certificate; "" when none is given
 * @param warmBackends which of its backends outlive their clients
 */
public record RedirectConfig(
    String name, String host, int port, Tls tls, String ca, WarmBackendsConfig warmBackends) {

  /** How the connection is protected: libpq's {@code sslmode}, without {@code allow}. */
  public enum Tls {
    /** Never TLS. */
    DISABLE,
    /** TLS if PostgreSQL has it, otherwise none. */
    PREFER,
    /** TLS; the certificate is looked at only if there is a {@code ca}, then as by VERIFY_CA. */
    REQUIRE,
    /** TLS with a certificate that the {@code ca} has signed. */
    VERIFY_CA,
    /** As VERIFY_CA, and the certificate must be the {@code host}'s. */
    VERIFY_FULL;

    /** Whether a {@code ca} is needed. */
    public boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_FULL;
    }

    /** Whether a {@code ca} has a meaning. */
    public boolean mayVerify() {
      return this == REQUIRE || verifies();
    }
  }

  /** Refuses what is no address, and verifying without a {@code ca}. */
  public RedirectConfig {
    Bounds.check("name", name);
    Bounds.checkAddress(host, port);
    if (tls.verifies()) {
      Bounds.check("ca", ca);
    }
  }

  /** A PostgreSQL to which connections are in clear text. */
  public static RedirectConfig plain(String name, String host, int port) {
    return new RedirectConfig(name, host, port, Tls.DISABLE, "", WarmBackendsConfig.DEFAULT);
  }

  /** The address without its name. */
  public Address address() {
    return new Address(host, port);
  }
}
