package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzz target for {@link FrameSplitter}. The input is a number of cuts, the distances between them,
 * and the stream that is cut.
 */
class FrameSplitterFuzzTest {
  private static final int MAX = 1 << 20;

  /** Opens frames of upper case; keeps what it is given. */
  private static final class Recording implements FrameHandler {
    private final Buffer passed = Buffer.buffer();
    private final List<Buffer> opened = new ArrayList<>();

    @Override
    public boolean opens(byte type, int length) {
      return Character.isUpperCase(type);
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      opened.add(frame.copy());
      return frame;
    }

    @Override
    public void pass(ByteBuf bytes) {
      passed.appendBytes(ByteBufUtil.getBytes(bytes));
    }
  }

  static Stream<byte[]> streams() {
    Buffer frames =
        Frontend.query("select 1")
            .appendBuffer(Fuzzed.frame('d', new byte[300]))
            .appendBuffer(Frontend.sync())
            .appendBuffer(Fuzzed.frame('c'))
            .appendBuffer(Frontend.query(""));
    return Stream.of(
        stream(frames),
        stream(frames, 1, 1, 1, 1, 1, 1, 1, 1),
        stream(frames, 5, 9, 100, 4),
        stream(frames.getBuffer(0, frames.length() - 3), 7),
        stream(Buffer.buffer().appendByte((byte) 'Q').appendInt(3), 2),
        stream(Buffer.buffer().appendByte((byte) 'd').appendInt(-1), 4),
        stream(Frontend.sync().appendByte((byte) 'd').appendInt(MAX + 1), 6));
  }

  private static byte[] stream(Buffer stream, int... cuts) {
    Buffer input = Buffer.buffer().appendByte((byte) cuts.length);
    for (int cut : cuts) {
      input.appendByte((byte) cut);
    }
    return input.appendBuffer(stream).getBytes();
  }

  @MethodSource("streams")
  @FuzzTest
  void shouldPassTheSameBytesWhereverTheStreamIsCut(byte[] input) {
    List<Buffer> pieces = pieces(Buffer.buffer(input));
    Buffer stream = Buffer.buffer();
    pieces.forEach(stream::appendBuffer);

    Fed whole = feed(List.of(stream));
    Fed cut = feed(pieces);

    assertThat(cut.fits()).isEqualTo(whole.fits());
    assertThat(cut.opened()).isEqualTo(whole.opened());
    assertThat(stream.getBuffer(0, cut.passed().length())).isEqualTo(cut.passed());
    assertThat(stream.getBuffer(0, whole.passed().length())).isEqualTo(whole.passed());
    if (whole.fits()) {
      assertThat(cut.passed()).isEqualTo(whole.passed());
      assertRestIsPartOfAFrame(stream, whole.passed().length());
    }
  }

  /** Nothing is held back but a header that is not complete, or a frame to be opened. */
  private static void assertRestIsPartOfAFrame(Buffer stream, int passed) {
    int rest = stream.length() - passed;
    if (rest >= FrameSplitter.HEADER_BYTES) {
      assertThat(Character.isUpperCase(stream.getByte(passed))).isTrue();
      assertThat(rest).isLessThan(stream.getInt(passed + 1) + 1);
    }
  }

  /**
   * What came of a stream.
   *
   * @param fits whether every length was one that a frame may have
   */
  private record Fed(Buffer passed, List<Buffer> opened, boolean fits) {}

  private static Fed feed(List<Buffer> pieces) {
    int bytes = pieces.stream().mapToInt(Buffer::length).sum();
    return Fuzzed.read(bytes, () -> feedOnce(pieces)).orElseThrow();
  }

  private static Fed feedOnce(List<Buffer> pieces) {
    Recording recording = new Recording();
    FrameSplitter splitter = new FrameSplitter(recording, MAX);
    try {
      pieces.forEach(piece -> splitter.feed(Unpooled.copiedBuffer(piece.getBytes())));
      return new Fed(recording.passed, recording.opened, true);
    } catch (PgException invalidLength) {
      return new Fed(recording.passed, recording.opened, false);
    }
  }

  private static List<Buffer> pieces(Buffer input) {
    if (input.length() == 0) {
      return List.of();
    }
    int cuts = Math.min(input.getByte(0) & 0x1f, input.length() - 1);
    List<Buffer> pieces = new ArrayList<>();
    int start = 1 + cuts;
    for (int i = 1; i <= cuts; i++) {
      int end = Math.min(input.length(), start + Byte.toUnsignedInt(input.getByte(i)));
      pieces.add(input.getBuffer(start, end));
      start = end;
    }
    pieces.add(input.getBuffer(start, input.length()));
    return pieces;
  }
}
