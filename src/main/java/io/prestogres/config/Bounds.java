package io.prestogres.config;

import java.time.Duration;

/** The bounds of the configuration's numbers, one place for the records and for the reader. */
final class Bounds {

  private static final int MAX_PORT = 65_535;
  static final Range<Integer> PORT = new Range<>(1, MAX_PORT);
  static final Range<Integer> PORT_OR_ANY = new Range<>(0, MAX_PORT);
  static final Range<Integer> EVENT_LOOPS = new Range<>(1, 256);
  static final Range<Integer> CONTROL_CONNECTIONS = new Range<>(1, 1_000);
  static final Range<Integer> CLIENTS = new Range<>(1, 1_000_000);

  static final Range<Integer> WARM_BACKENDS = new Range<>(0, 1_000);

  static final Range<Integer> ROWS = new Range<>(0, Integer.MAX_VALUE);

  /** Smaller would leave every statement unopened; larger no message can be (MaxAllocSize). */
  static final Range<Long> STATEMENT_BYTES = new Range<>(1L << 10, (1L << 30) - 1);

  static final Range<Integer> TABLES = new Range<>(1, 1_000_000);

  static final Range<Duration> REFRESH = new Range<>(Duration.ofSeconds(1), Duration.ofDays(365));
  static final Range<Duration> AGE_OR_NEVER = new Range<>(Duration.ZERO, Duration.ofDays(365));

  static final Range<Duration> TIMEOUT = new Range<>(Duration.ofMillis(1), Duration.ofDays(1));

  static final Range<Duration> TIMEOUT_OR_NONE = new Range<>(Duration.ZERO, Duration.ofDays(1));

  /** Both ends included. */
  record Range<T extends Comparable<T>>(T least, T most) {
    boolean holds(T value) {
      return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }
  }

  private Bounds() {}

  static <T extends Comparable<T>> void check(String component, T value, Range<T> range) {
    if (!range.holds(value)) {
      throw new IllegalArgumentException(component + " out of bounds: " + value);
    }
  }

  static void checkAddress(String host, int port) {
    check("host", host);
    check("port", port, PORT_OR_ANY);
  }

  static void check(String component, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(component + " is empty");
    }
  }
}
