package io.prestogres.config;

/**
 * A host and a TCP port.
 *
 * @param host a host name or an IP address, without brackets
 * @param port 0 to 65535; 0 asks a listener for any free port and cannot be written in the file
 */
public record Address(String host, int port) {

  /** Refuses an empty host and a number that is no port. */
  public Address {
    Bounds.checkAddress(host, port);
  }

  /**
   * Reads {@code host:port}, an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException if the text is no such address, or its port is 0
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    String port = text.substring(colon + 1);
    if (host.isEmpty() || (host.indexOf(':') >= 0) != bracketed || !port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(text + " is not an address (host:port)");
    }
    Address address = new Address(host, Integer.parseInt(port));
    Bounds.check("port", address.port(), Bounds.PORT);
    return address;
  }

  /** The address as {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
