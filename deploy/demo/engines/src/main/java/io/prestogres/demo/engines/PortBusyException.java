package io.prestogres.demo.engines;

import java.io.IOException;

/** An engine was told to listen on a port on which something else listens already. */
public final class PortBusyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortBusyException(int port, Throwable cause) {
    super("port " + port + " is in use", cause);
    this.port = port;
  }

  /** The TCP port that is taken. */
  public int port() {
    return port;
  }
}
