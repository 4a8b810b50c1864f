package io.prestogres.it;

import io.prestogres.protocol.Backend;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Lets anybody in, answers every query with the same bytes, and is gone. */
final class FakePostgresql implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
  private final Buffer lastWords;
  private final boolean untilQuery;

  /**
   * @param untilQuery whether it waits for a query before its last words
   */
  FakePostgresql(boolean untilQuery, Buffer lastWords) throws IOException {
    this.untilQuery = untilQuery;
    this.lastWords = lastWords;
    Thread thread = new Thread(this::serve, "fake-postgresql");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.readNBytes(in.readInt() - 4);
        write(
            socket,
            Backend.authenticationOk()
                .appendBuffer(new Backend.KeyData(1, Buffer.buffer("secr")).toBuffer())
                .appendBuffer(Backend.readyForQuery(Backend.IDLE)));
        if (untilQuery) {
          in.readByte();
          in.readNBytes(in.readInt() - 4);
        } else {
          Thread.sleep(300);
        }
        write(socket, lastWords);
      } catch (IOException | InterruptedException gone) {
        // The next one may have more luck.
      }
    }
  }

  private static void write(Socket socket, Buffer bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
