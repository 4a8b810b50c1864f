package io.prestogres.it;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link ExtendedIT} with PL/Java under the table function. */
@OverPljava
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason = "starts a JVM for each test, for minutes; -Dpljava.thorough=true runs it")
final class ExtendedOverPljavaIT extends ExtendedIT {
  ExtendedOverPljavaIT(Stack stack) {
    super(stack);
  }
}
