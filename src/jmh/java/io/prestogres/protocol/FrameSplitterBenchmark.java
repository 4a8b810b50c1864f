package io.prestogres.protocol;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
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
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to walk over the frames of one read, none of which is opened but the last. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Thread)
public class FrameSplitterBenchmark {
  private static final int READ_BYTES = 16 * 1024;

  /** Bytes of a row: those of pgbench, those of a narrow table, those of documents. */
  @Param({"14", "60", "8192"})
  int rowBytes;

  private Buffer read = Buffer.buffer();
  private FrameSplitter splitter = new FrameSplitter(new Passing(), Integer.MAX_VALUE);
  private long passed;

  private final class Passing implements FrameHandler {
    @Override
    public boolean opens(byte type, int length) {
      return type == Backend.READY_FOR_QUERY;
    }

    @Override
    public Buffer frame(byte type, Buffer frame) {
      return frame;
    }

    @Override
    public void pass(ByteBuf bytes) {
      passed += bytes.readableBytes();
    }
  }

  /** One read's worth of rows and the end of a statement. */
  @Setup
  public void fill() {
    read = Buffer.buffer();
    while (read.length() + rowBytes < READ_BYTES) {
      read.appendBuffer(
          new WireWriter()
              .start('D')
              .writeBytes(new byte[rowBytes - FrameSplitter.HEADER_BYTES])
              .finish()
              .toBuffer());
    }
    read.appendBuffer(Backend.commandComplete("SELECT 1"))
        .appendBuffer(Backend.readyForQuery(Backend.IDLE));
    splitter = new FrameSplitter(new Passing(), Integer.MAX_VALUE);
  }

  /** One read, walked over and passed on. */
  @Benchmark
  public long walk() {
    splitter.feed(FrameSplitter.bytesOf(read));
    return passed;
  }
}
