package io.prestogres.it;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same, with a JVM of 128 MiB inside the backend. */
@ExtendWith(InstalledPljava.Condition.class)
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason = "reads a result for a minute; -Dpljava.thorough=true runs it")
final class LargeResultOverPljavaIT extends LargeResultIT {
  @Override
  EmbeddedPostgresql.Options options() {
    return InstalledPljava.options();
  }

  @Override
  long backendResident() {
    return 512L << 20;
  }
}
