package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSplitterTest {
  private static final int MAX = 1 << 20;

  private final List<Buffer> opened = new ArrayList<>();
  private final List<Buffer> passed = new ArrayList<>();

  /** Opens frames of type {@code O} only. */
  private class Recording implements FrameHandler {
    private final BiFunction<Byte, Buffer, Buffer> answer;

    Recording(BiFunction<Byte, Buffer, Buffer> answer) {
      this.answer = answer;
    }

    @Override
    public boolean opens(byte type, int length) {
      return type == 'O';
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      opened.add(frame.copy());
      return answer.apply(type, frame);
    }

    @Override
    public void pass(ByteBuf bytes) {
      passed.add(Buffer.buffer(ByteBufUtil.getBytes(bytes)));
    }
  }

  private FrameSplitter splitter(BiFunction<Byte, Buffer, Buffer> answer) {
    return new FrameSplitter(new Recording(answer), MAX);
  }

  private static FrameSplitter same(FrameSplitterTest test) {
    return test.splitter((type, frame) -> frame);
  }

  private static Buffer frame(char type, String body) {
    return new WireWriter()
        .start(type)
        .writeBytes(body.getBytes(StandardCharsets.UTF_8))
        .finish()
        .toBuffer();
  }

  private static Buffer join(Buffer... parts) {
    Buffer all = Buffer.buffer();
    for (Buffer part : parts) {
      all.appendBuffer(part);
    }
    return all;
  }

  /** Bytes that nobody can read any more when they have been fed. */
  private static void feed(FrameSplitter splitter, Buffer bytes) {
    ByteBuf lent = Unpooled.copiedBuffer(bytes.getBytes());
    try {
      splitter.feed(lent);
    } finally {
      lent.release();
    }
  }

  private Buffer allPassed() {
    return join(passed.toArray(Buffer[]::new));
  }

  private static Buffer mixed() {
    return join(
        frame('D', "row"),
        frame('O', ""),
        frame('D', ""),
        frame('O', "first"),
        frame('O', "second"),
        frame('Z', "I"),
        frame('D', "the end"));
  }

  private static void feedInPieces(FrameSplitter splitter, Buffer stream, int... cuts) {
    int start = 0;
    for (int cut : cuts) {
      feed(splitter, stream.getBuffer(start, cut));
      start = cut;
    }
    feed(splitter, stream.getBuffer(start, stream.length()));
  }

  @Test
  void shouldPassTheSameBytesWhereverTheStreamIsCut() {
    Buffer stream = mixed();
    for (int cut = 0; cut <= stream.length(); cut++) {
      opened.clear();
      passed.clear();
      FrameSplitter splitter = same(this);

      feedInPieces(splitter, stream, cut);

      assertThat(allPassed()).as("cut at %d", cut).isEqualTo(stream);
      assertThat(opened)
          .as("cut at %d", cut)
          .containsExactly(frame('O', ""), frame('O', "first"), frame('O', "second"));
      assertThat(splitter.betweenFrames()).isTrue();
    }
  }

  @Test
  void shouldPassTheSameBytesWhenTheyComeOneByOne() {
    Buffer stream = mixed();
    FrameSplitter splitter = same(this);

    for (int i = 0; i < stream.length(); i++) {
      feed(splitter, stream.getBuffer(i, i + 1));
    }

    assertThat(allPassed()).isEqualTo(stream);
    assertThat(opened).hasSize(3);
  }

  @Test
  void shouldPassTheSameBytesOfManyFramesInRandomPieces() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      opened.clear();
      passed.clear();
      Buffer stream = Buffer.buffer();
      int expected = 0;
      for (int i = 0; i < 50; i++) {
        boolean opens = random.nextBoolean();
        expected += opens ? 1 : 0;
        stream.appendBuffer(frame(opens ? 'O' : 'D', "x".repeat(random.nextInt(40))));
      }
      int[] cuts = random.ints(20, 0, stream.length()).sorted().toArray();

      feedInPieces(same(this), stream, cuts);

      assertThat(allPassed()).isEqualTo(stream);
      assertThat(opened).hasSize(expected);
    }
  }

  @Test
  void shouldPassARunOfFramesInOneBuffer() {
    Buffer stream = mixed();

    feed(same(this), stream);

    assertThat(passed).hasSize(1);
  }

  @Test
  void shouldReplaceAndDropFramesWhereverTheStreamIsCut() {
    Buffer stream = mixed();
    for (int cut = 0; cut <= stream.length(); cut++) {
      passed.clear();
      FrameSplitter splitter =
          splitter(
              (type, frame) ->
                  frame.length() == 5
                      ? FrameHandler.NOTHING
                      : frame.length() == 10 ? frame('N', "something longer") : frame);

      feedInPieces(splitter, stream, cut);

      assertThat(allPassed())
          .as("cut at %d", cut)
          .isEqualTo(
              join(
                  frame('D', "row"),
                  frame('D', ""),
                  frame('N', "something longer"),
                  frame('O', "second"),
                  frame('Z', "I"),
                  frame('D', "the end")));
    }
  }

  @Test
  void shouldHandOverNothingWhilePausedInTheMiddleOfABuffer() {
    FrameSplitter[] splitter = new FrameSplitter[1];
    splitter[0] =
        splitter(
            (type, frame) -> {
              splitter[0].pause();
              return FrameHandler.NOTHING;
            });

    feed(splitter[0], join(frame('D', "a"), frame('O', "1"), frame('D', "b"), frame('O', "2")));

    assertThat(allPassed()).isEqualTo(frame('D', "a"));
    assertThat(opened).hasSize(1);

    feed(splitter[0], frame('D', "c").getBuffer(0, 2));
    assertThat(allPassed()).isEqualTo(frame('D', "a"));

    splitter[0].resume();
    assertThat(allPassed()).isEqualTo(join(frame('D', "a"), frame('D', "b")));
    assertThat(opened).hasSize(2);

    splitter[0].resume();
    feed(splitter[0], frame('D', "c").getBuffer(2, 6));
    assertThat(allPassed()).isEqualTo(join(frame('D', "a"), frame('D', "b"), frame('D', "c")));
  }

  @Test
  void shouldGoOnWhenResumedByTheHandlerItself() {
    FrameSplitter[] splitter = new FrameSplitter[1];
    splitter[0] =
        splitter(
            (type, frame) -> {
              splitter[0].pause();
              splitter[0].resume();
              return frame;
            });
    Buffer stream = mixed();

    feed(splitter[0], stream);

    assertThat(allPassed()).isEqualTo(stream);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1, 2, 3, MAX + 1, Integer.MAX_VALUE})
  void shouldRefuseALengthAsSoonAsItIsRead(int length) {
    FrameSplitter splitter = same(this);
    feed(splitter, frame('D', "before"));

    assertThatThrownBy(
            () -> feed(splitter, Buffer.buffer().appendByte((byte) 'O').appendInt(length)))
        .isInstanceOfSatisfying(
            PgException.class,
            e -> {
              assertThat(e.fields().sqlState()).isEqualTo("08P01");
              assertThat(e.fields().isFatal()).isTrue();
              assertThat(e).hasMessageContaining("0x4f");
            });
    assertThat(opened).isEmpty();
  }

  @Test
  void shouldStreamALargeFrameThatIsNotOpened() {
    FrameSplitter splitter = same(this);
    Buffer piece = Buffer.buffer(new byte[1000]);

    feed(splitter, Buffer.buffer().appendByte((byte) 'D').appendInt(4 + 1000 * 1000));
    assertThat(passed).hasSize(1);
    for (int i = 1; i <= 1000; i++) {
      assertThat(splitter.betweenFrames()).isFalse();
      feed(splitter, piece);
      assertThat(passed).hasSize(i + 1);
      assertThat(passed.get(i)).isEqualTo(piece);
    }

    assertThat(splitter.betweenFrames()).isTrue();
  }

  @Test
  void shouldLetAMessageOfOursFollowWhatWasPassedOn() {
    FrameSplitter splitter = same(this);

    feed(splitter, join(frame('D', "row"), frame('O', "cut").getBuffer(0, 6)));
    assertThat(splitter.betweenFrames()).isTrue();

    FrameSplitter inARow = same(this);
    feed(inARow, frame('D', "row").getBuffer(0, 6));
    assertThat(inARow.betweenFrames()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000})
  void shouldHandAFrameOverAgainThatHasToWait(int pieceLength) {
    List<Boolean> decided = new ArrayList<>();
    FrameSplitter[] held = new FrameSplitter[1];
    held[0] =
        splitter(
            (type, frame) -> {
              if (decided.isEmpty()) {
                held[0].pause();
                return FrameHandler.LATER;
              }
              return frame;
            });
    Buffer sent =
        frame('x', "before").appendBuffer(frame('O', "held")).appendBuffer(frame('x', "after"));
    for (int start = 0; start < sent.length(); start += pieceLength) {
      feed(held[0], sent.getBuffer(start, Math.min(sent.length(), start + pieceLength)));
    }

    assertThat(all()).isEqualTo(frame('x', "before"));
    decided.add(true);
    held[0].resume();

    assertThat(all()).isEqualTo(sent);
    assertThat(held[0].betweenFrames()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1000})
  void shouldGatherNoMoreThanTheBeginningOfAFrame(int pieceLength) {
    FrameSplitter splitter =
        new FrameSplitter(
            new Recording((type, frame) -> frame) {
              @Override
              public int gathers(byte type, int length) {
                return Math.min(length, 9);
              }
            },
            MAX);
    Buffer sent =
        frame('O', "a").appendBuffer(frame('O', "long enough")).appendBuffer(frame('x', "after"));
    for (int start = 0; start < sent.length(); start += pieceLength) {
      feed(splitter, sent.getBuffer(start, Math.min(sent.length(), start + pieceLength)));
    }

    assertThat(opened).containsExactly(frame('O', "a"), frame('O', "long enough").getBuffer(0, 9));
    assertThat(all()).isEqualTo(sent);
  }

  private Buffer all() {
    Buffer all = Buffer.buffer();
    passed.forEach(all::appendBuffer);
    return all;
  }
}
