package io.prestogres.it;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link TogetherIT} with PL/Java under the table function. */
@OverPljava
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason = "-Dpljava.thorough=true runs it: it starts a JVM for each of many sessions")
final class TogetherOverPljavaIT extends TogetherIT {
  TogetherOverPljavaIT(Stack stack) {
    super(stack);
  }
}
