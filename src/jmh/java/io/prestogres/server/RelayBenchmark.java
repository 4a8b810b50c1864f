package io.prestogres.server;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.RawClient;
import io.prestogres.it.Stack;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a statement costs on its way through the whole proxy and back, over real sockets, beside the
 * same way without it. PostgreSQL is a thread that has its answer ready.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(1)
@State(Scope.Thread)
public class RelayBenchmark {
  private static final int VALUE_BYTES = 40;

  /** Where the client connects to. */
  @Param({"direct", "proxy"})
  String way;

  /** Rows in an answer. */
  @Param({"1", "10000"})
  int rows;

  private final byte[] question =
      Frontend.query("SELECT abalance FROM pgbench_accounts WHERE aid = 12345;").getBytes();
  private ReadyServer server;
  private Prestogres proxy;
  private Socket client;
  private DataInputStream in;

  /** Starts everything and begins a session. */
  @Setup
  public void connect() throws Exception {
    server = new ReadyServer(answer());
    int port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.instance("relay", port, server.port(), URI.create("http://127.0.0.1:1"));
    proxy = Prestogres.start(Stack.config(instance));
    client =
        new Socket(InetAddress.getLoopbackAddress(), way.equals("proxy") ? port : server.port());
    client.setTcpNoDelay(true);
    in = new DataInputStream(client.getInputStream());
    client.getOutputStream().write(RawClient.startup("user", "u", "database", "d").getBytes());
    while (readMessage() != Backend.READY_FOR_QUERY) {
      // Not yet.
    }
  }

  private byte readMessage() throws IOException {
    byte type = in.readByte();
    in.skipNBytes(in.readInt() - 4L);
    return type;
  }

  private byte[] answer() {
    Buffer answer = Buffer.buffer();
    for (int i = 0; i < rows; i++) {
      WireWriter row = new WireWriter().start('D').writeShort((short) 1).writeInt(VALUE_BYTES);
      answer.appendBuffer(row.writeBytes(new byte[VALUE_BYTES]).finish().toBuffer());
    }
    return answer
        .appendBuffer(Backend.commandComplete("SELECT " + rows))
        .appendBuffer(Backend.readyForQuery(Backend.IDLE))
        .getBytes();
  }

  /** A statement and all of its answer. */
  @Benchmark
  public void roundTrip() throws IOException {
    client.getOutputStream().write(question);
    in.skipNBytes(server.answer.length);
  }

  /** Ends everything. */
  @TearDown
  public void close() throws IOException {
    client.close();
    proxy.close();
    server.close();
  }

  /** Lets anybody in and answers every Query with the same bytes. */
  private static final class ReadyServer {
    private final ServerSocket listener = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    ReadyServer(byte[] answer) throws IOException {
      this.answer = answer;
      start(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    void close() throws IOException {
      listener.close();
    }

    private static void start(Runnable work) {
      Thread thread = new Thread(work, "ready-server");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listener.accept();
          start(() -> serve(socket));
        }
      } catch (IOException closed) {
        // The benchmark is over.
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        socket.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        in.skipNBytes(in.readInt() - 4L);
        out.write(
            Backend.authenticationOk()
                .appendBuffer(new Backend.KeyData(1, Buffer.buffer("secr")).toBuffer())
                .appendBuffer(Backend.readyForQuery(Backend.IDLE))
                .getBytes());
        while (in.readByte() == Frontend.QUERY) {
          in.skipNBytes(in.readInt() - 4L);
          out.write(answer);
        }
      } catch (IOException gone) {
        // The other side has what it wanted.
      }
    }
  }
}
