package io.prestogres.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Makes the meters of one instance: all named {@code prestogres.…}, all with its label. */
record InstanceMeters(MeterRegistry registry, String instance) {

  private static final String PREFIX = "prestogres.";
  private static final String INSTANCE = "instance";

  void gauge(String name, String description, LongAdder value) {
    Gauge.builder(PREFIX + name, value, LongAdder::sum)
        .description(description)
        .tag(INSTANCE, instance)
        .register(registry);
  }

  Counter counter(String name, String description) {
    return Counter.builder(PREFIX + name)
        .description(description)
        .tag(INSTANCE, instance)
        .register(registry);
  }

  Counter counter(String name, String description, String label, String value) {
    return Counter.builder(PREFIX + name)
        .description(description)
        .tags(INSTANCE, instance, label, value)
        .register(registry);
  }

  <E extends Enum<E>> Map<E, Counter> counters(
      String name, String description, String label, Class<E> values) {
    return byConstant(values, value -> counter(name, description, label, text(value)));
  }

  <E extends Enum<E>> Map<E, Timer> timers(
      String name, String description, String label, Class<E> values, Duration... buckets) {
    return byConstant(
        values,
        value ->
            Timer.builder(PREFIX + name)
                .description(description)
                .tags(INSTANCE, instance, label, text(value))
                .serviceLevelObjectives(buckets)
                .register(registry));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <E extends Enum<E>, M> Map<E, M> byConstant(Class<E> type, Function<E, M> meter) {
    Map<E, M> meters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      meters.put(constant, meter.apply(constant));
    }
    return Collections.unmodifiableMap(meters);
  }
}
