package io.prestogres.it;

import io.prestogres.config.InstanceConfig;
import java.sql.SQLException;

/** {@link WritingIT} with PL/Java under the table function. */
@OverPljava
final class WritingOverPljavaIT extends WritingIT {
  WritingOverPljavaIT(Stack stack) throws SQLException {
    super(stack);
  }

  @Override
  InstanceConfig.TableFunction provider() {
    return InstanceConfig.TableFunction.PLJAVA;
  }
}
