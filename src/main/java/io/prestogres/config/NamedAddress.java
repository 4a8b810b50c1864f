package io.prestogres.config;

/**
 * An address with the name under which logs, metrics and messages speak of it.
 *
 * @param name not empty; of listeners, unique in the file
 * @param host a host name or an IP address, without brackets
 * @param port 0 to 65535; 0 asks a listener for any free port and cannot be written in the file
 */
public record NamedAddress(String name, String host, int port) {

  /** Refuses an empty name, an empty host and a number that is no port. */
  public NamedAddress {
    Bounds.check("name", name);
    Bounds.checkAddress(host, port);
  }

  /** The address without its name. */
  public Address address() {
    return new Address(host, port);
  }
}
