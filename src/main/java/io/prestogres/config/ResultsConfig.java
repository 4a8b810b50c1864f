package io.prestogres.config;

/**
 * The endpoint from which PostgreSQL reads Presto's rows, by postgres_fdw.
 *
 * @param host where the endpoint listens; a loopback address, because it asks for a password in
 *     clear text
 * @param port its port, 0 to 65535; 0 asks for any free port and cannot be written in the file
 * @param address how PostgreSQL reaches the endpoint, as {@code host:port}; "" when by {@code host}
 *     and {@code port}
 */
public record ResultsConfig(String host, int port, String address) {

  /** What holds where the file says nothing. */
  public static final ResultsConfig DEFAULT = new ResultsConfig("127.0.0.1", 5440, "");

  /** Refuses what is no address. */
  public ResultsConfig {
    Bounds.checkAddress(host, port);
    if (!address.isEmpty()) {
      Address.parse(address);
    }
  }

  /** Where the endpoint listens. */
  public Address listen() {
    return new Address(host, port);
  }

  /**
   * How PostgreSQL reaches the endpoint.
   *
   * @param boundPort the port that the listener really got, in case {@code port} is 0
   */
  public Address reachedBy(int boundPort) {
    return address.isEmpty() ? new Address(host, boundPort) : Address.parse(address);
  }
}
