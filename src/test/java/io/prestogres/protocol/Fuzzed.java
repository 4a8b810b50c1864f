package io.prestogres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Supplier;

/** What has to hold for whatever reads bytes of a stranger. */
final class Fuzzed {
  /** For code that the fuzzer has instrumented. */
  private static final long FIXED_BYTES = 1L << 20;

  /** Strings, maps and buffers of small pieces; a count or length that is believed costs more. */
  private static final long BYTES_PER_BYTE = 512;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Fuzzed() {}

  /** A frame of that body, with a length that is right. */
  static Buffer frame(char type, byte... body) {
    return new WireWriter().start(type).writeBytes(body).finish().toBuffer();
  }

  /**
   * What the reader makes of an input of that size; empty if it refused it with a {@link
   * PgException}, which is all that it may throw. It takes no memory but in proportion to the
   * input; that is measured when it reads for a second time, for the first time loads classes.
   */
  static <T> Optional<T> read(int bytes, Supplier<T> reader) {
    Optional<T> result = attempt(reader);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Optional<T> again = attempt(reader);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated for %d bytes", bytes)
        .isLessThan(FIXED_BYTES + BYTES_PER_BYTE * bytes);
    assertThat(again.isPresent()).isEqualTo(result.isPresent());
    return result;
  }

  private static <T> Optional<T> attempt(Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (PgException refused) {
      assertThat(refused.fields().sqlState()).hasSize(5);
      return Optional.empty();
    }
  }
}
