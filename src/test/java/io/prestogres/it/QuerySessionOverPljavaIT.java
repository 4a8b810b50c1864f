package io.prestogres.it;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link QuerySessionIT} with PL/Java under the table function. */
@OverPljava
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason = "starts a JVM for each test, for minutes; -Dpljava.thorough=true runs it")
final class QuerySessionOverPljavaIT extends QuerySessionIT {
  QuerySessionOverPljavaIT(Stack stack) {
    super(stack);
  }
}
