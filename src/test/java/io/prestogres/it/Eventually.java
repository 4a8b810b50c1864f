package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what happens on the other side of a network. */
public final class Eventually {
  private Eventually() {}

  /** Asserts that the condition holds within two seconds, the promise of a cancel. */
  public static void holds(BooleanSupplier condition) {
    holds(Duration.ofSeconds(2), condition);
  }

  /** Asserts that the condition holds in time. */
  public static void holds(Duration time, BooleanSupplier condition) {
    // The time of day may be set meanwhile.
    long end = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    assertThat(condition.getAsBoolean()).as("within %s", time).isTrue();
  }
}
