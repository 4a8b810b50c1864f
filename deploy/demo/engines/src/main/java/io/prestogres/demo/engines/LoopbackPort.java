package io.prestogres.demo.engines;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** TCP ports of 127.0.0.1. Thread-safe. */
public final class LoopbackPort {
  private static final Set<Integer> CLAIMED = ConcurrentHashMap.newKeySet();

  private LoopbackPort() {}

  /**
   * Returns a port on which nothing listened a moment ago.
   *
   * @param wanted the port asked for, or 0 for any that was never claimed before
   * @throws PortBusyException if the port asked for is taken
   */
  public static int claim(int wanted) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    while (true) {
      try (ServerSocket socket = new ServerSocket(wanted, 1, loopback)) {
        int port = socket.getLocalPort();
        if (CLAIMED.add(port) || wanted != 0) {
          return port;
        }
      } catch (BindException busy) {
        throw new PortBusyException(wanted, busy);
      }
    }
  }
}
