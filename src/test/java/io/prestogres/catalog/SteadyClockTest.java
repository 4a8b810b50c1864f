package io.prestogres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  @Test
  void shouldPassAsFastAsNanoTime() throws InterruptedException {
    Clock clock = new SteadyClock();
    long outer = System.nanoTime();
    Instant first = clock.instant();
    long inner = System.nanoTime();
    Thread.sleep(20);
    long innerEnd = System.nanoTime();
    Instant last = clock.instant();
    long outerEnd = System.nanoTime();

    long passed = Duration.between(first, last).toNanos();

    assertThat(passed).isBetween(innerEnd - inner, outerEnd - outer);
  }

  @Test
  void shouldHaveTheTimeOfTheSystemAtItsStart() {
    Instant before = Instant.now();
    Clock clock = new SteadyClock();

    assertThat(clock.instant()).isAfterOrEqualTo(before);
    assertThat(clock.instant()).isBefore(before.plus(Duration.ofMinutes(1)));
    assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).getZone())
        .isEqualTo(ZoneId.of("Asia/Tokyo"));
  }
}
