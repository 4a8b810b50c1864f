package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that sends what it likes. Reads give up after thirty seconds. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  /** A message of the server, header included. */
  public record Frame(char type, Buffer bytes) {
    ErrorFields error() {
      return ErrorFields.read(bytes);
    }
  }

  /** A connection to a port of this machine, on which nothing has been said. */
  public RawClient(int port) throws IOException {
    this(connected(port));
  }

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
  }

  private static Socket connected(int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** A connection on which TLS has begun after an SSLRequest. */
  static RawClient encrypted(int port, SSLContext trust) throws IOException {
    Socket socket = connected(port);
    socket.getOutputStream().write(Frontend.sslRequest().getBytes());
    assertThat((char) socket.getInputStream().read()).isEqualTo('S');
    return shakeHands(socket, trust);
  }

  /** A connection that begins with TLS; {@code protocols} are what the client asks for by ALPN. */
  static RawClient direct(int port, SSLContext trust, String... protocols) throws IOException {
    return shakeHands(connected(port), trust, protocols);
  }

  private static RawClient shakeHands(Socket socket, SSLContext trust, String... protocols)
      throws IOException {
    SSLSocket tls =
        (SSLSocket)
            trust
                .getSocketFactory()
                .createSocket(socket, "localhost", socket.getPort(), /* autoClose= */ true);
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    tls.setSSLParameters(parameters);
    try {
      tls.startHandshake();
    } catch (IOException refused) {
      tls.close();
      throw refused;
    }
    return new RawClient(tls);
  }

  /** A StartupMessage of names and values in turn. */
  public static Buffer startup(String... parameters) {
    WireWriter writer = new WireWriter().startUntyped().writeInt(3 << 16);
    for (String parameter : parameters) {
      writer.writeCString(parameter);
    }
    return writer.writeByte((byte) 0).finish().toBuffer();
  }

  static Buffer packet(int code) {
    return new WireWriter().startUntyped().writeInt(code).finish().toBuffer();
  }

  static Buffer message(char type, byte... body) {
    return new WireWriter().start(type).writeBytes(body).finish().toBuffer();
  }

  static Buffer header(char type, int length) {
    return Buffer.buffer().appendByte((byte) type).appendInt(length);
  }

  /** A session that is ready for its first query. */
  public static RawClient session(int port, String user, String database) throws IOException {
    RawClient client = new RawClient(port);
    client.send(startup("user", user, "database", database, "client_encoding", "UTF8"));
    client.readTo('Z');
    return client;
  }

  /** Sends bytes in one write. */
  public RawClient send(Buffer bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes());
    socket.getOutputStream().flush();
    return this;
  }

  /** What the server sends from here on, for who reads it by himself. */
  InputStream input() {
    return in;
  }

  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** One byte, such as the answer to an SSLRequest. */
  public byte readByte() throws IOException {
    return in.readByte();
  }

  /** The next message; empty at the end of the connection, wherever in a message that is. */
  public Optional<Frame> read() throws IOException {
    try {
      byte type = in.readByte();
      int length = in.readInt();
      byte[] body = new byte[length - 4];
      in.readFully(body);
      return Optional.of(new Frame((char) type, header((char) type, length).appendBytes(body)));
    } catch (EOFException | SocketException end) {
      return Optional.empty();
    }
  }

  /** Asserts that no message comes within that time; nothing can be read after one has. */
  public void assertSilent(Duration time) throws IOException {
    int before = socket.getSoTimeout();
    socket.setSoTimeout((int) time.toMillis());
    try {
      Optional<Frame> frame = read();
      throw new AssertionError("expected silence, got " + frame);
    } catch (SocketTimeoutException silent) {
      socket.setSoTimeout(before);
    }
  }

  /** Every byte up to the end of the connection. */
  Buffer readAll() throws IOException {
    return Buffer.buffer(in.readAllBytes());
  }

  /** All messages up to the first of that type, which is the last in the list. */
  List<Frame> readTo(char type) throws IOException {
    List<Frame> frames = new ArrayList<>();
    while (true) {
      Frame frame =
          read().orElseThrow(() -> new IOException("the end came before " + type + ": " + frames));
      frames.add(frame);
      if (frame.type() == type) {
        return frames;
      }
    }
  }

  ErrorFields readError() throws IOException {
    List<Frame> frames = readTo('E');
    return frames.get(frames.size() - 1).error();
  }

  /** Asserts that the connection is at its end. */
  void assertEnd() throws IOException {
    assertThat(read()).as("the end of the connection").isEmpty();
  }

  /** Asserts that a simple query still has its answer. */
  void assertUsable() throws IOException {
    send(Frontend.query("select 42"));
    assertThat(readTo('Z')).extracting(Frame::type).containsExactly('T', 'D', 'C', 'Z');
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
