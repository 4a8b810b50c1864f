package io.prestogres.it;

import io.prestogres.config.InstanceConfig;
import java.sql.SQLException;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@link WritingIT} with PL/Java under the table function. */
@OverPljava
@EnabledIfSystemProperty(
    named = "pljava.thorough",
    matches = "true",
    disabledReason =
        "starts a JVM for each of many sessions, for minutes; -Dpljava.thorough=true runs it")
final class WritingOverPljavaIT extends WritingIT {
  WritingOverPljavaIT(Stack stack) throws SQLException {
    super(stack);
  }

  @Override
  InstanceConfig.TableFunction provider() {
    return InstanceConfig.TableFunction.PLJAVA;
  }
}
