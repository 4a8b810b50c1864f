package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.prestogres.protocol.StartupPacket.CancelRequest;
import io.prestogres.protocol.StartupPacket.StartupMessage;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzz target for {@link StartupReader}: all that a stranger can send before there are frames. */
class StartupFuzzTest {
  static Stream<byte[]> packets() {
    return Stream.of(
        startup(3 << 16, "user", "presto", "database", "tpch"),
        startup((3 << 16) + 2, "user", "presto", "_pq_.x", "1"),
        startup(2 << 16, "user", "presto"),
        startup(3 << 16, "database", "tpch"),
        Frontend.cancelRequest(7, Buffer.buffer(new byte[] {1, 2, 3, 4})).getBytes(),
        Frontend.cancelRequest(7, Buffer.buffer(new byte[257])).getBytes(),
        Buffer.buffer().appendInt(8).appendInt(80877103).getBytes(),
        Buffer.buffer().appendInt(8).appendInt(80877104).appendInt(8).getBytes(),
        Buffer.buffer().appendInt(-1).getBytes(),
        Buffer.buffer().appendInt(10_001).getBytes());
  }

  private static byte[] startup(int version, String... parameters) {
    WireWriter writer = new WireWriter().startUntyped().writeInt(version);
    for (String parameter : parameters) {
      writer.writeCString(parameter);
    }
    return writer.writeByte((byte) 0).finish().toBuffer().getBytes();
  }

  @MethodSource("packets")
  @FuzzTest
  void shouldReadTheSamePacketByteByByte(byte[] input) {
    Optional<Optional<StartupPacket>> whole =
        Fuzzed.read(input.length, () -> new StartupReader().feed(Buffer.buffer(input)));
    Optional<Optional<StartupPacket>> singly = Fuzzed.read(input.length, () -> byteByByte(input));

    // What follows an encryption request in the same read is refused, so only then they differ.
    if (whole.isPresent()) {
      assertThat(singly).isEqualTo(whole);
      whole.get().ifPresent(packet -> assertKeepsItsBytes(packet, input));
    }
  }

  private static Optional<StartupPacket> byteByByte(byte[] input) {
    StartupReader reader = new StartupReader();
    for (byte next : input) {
      Optional<StartupPacket> packet = reader.feed(Buffer.buffer().appendByte(next));
      if (packet.isPresent()) {
        return packet;
      }
    }
    return Optional.empty();
  }

  private static void assertKeepsItsBytes(StartupPacket packet, byte[] input) {
    Buffer sent = Buffer.buffer(input).getBuffer(0, Buffer.buffer(input).getInt(0));
    if (packet instanceof StartupMessage startup) {
      assertThat(startup.packet()).isEqualTo(sent);
      assertThat(startup.user()).isNotEmpty();
      assertThat(startup.database()).isNotEmpty();
    } else if (packet instanceof CancelRequest cancel) {
      assertThat(Frontend.cancelRequest(cancel.processId(), cancel.secret())).isEqualTo(sent);
    }
  }
}
