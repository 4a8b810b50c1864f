package io.prestogres.demo.engines;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** TCP ports of 127.0.0.1. */
public final class LoopbackPort {
  private LoopbackPort() {}

  /**
   * Returns a port on which nothing listened a moment ago.
   *
   * @param wanted the port asked for, or 0 for any
   * @throws PortBusyException if the port asked for is taken
   */
  public static int claim(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket socket = new ServerSocket(wanted, 1, loopback)) {
      return socket.getLocalPort();
    } catch (BindException busy) {
      throw new PortBusyException(wanted, busy);
    }
  }
}
