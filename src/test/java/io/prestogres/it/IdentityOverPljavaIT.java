package io.prestogres.it;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link IdentityIT} with PL/Java under the table function. */
@OverPljava
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason = "-Dpljava.thorough=true runs it: it starts a JVM for each of its sessions")
final class IdentityOverPljavaIT extends IdentityIT {
  IdentityOverPljavaIT(Stack stack) {
    super(stack);
  }
}
