package io.prestogres.it;

import java.sql.SQLException;

/** {@link NeverSilentIT} with PL/Java under the table function. */
@OverPljava
final class NeverSilentOverPljavaIT extends NeverSilentIT {
  NeverSilentOverPljavaIT(Stack stack) throws SQLException {
    super(stack);
  }

  @Override
  String requests() {
    return "prestogres.session";
  }
}
