package io.prestogres.demo.engines;

import java.util.Map;
import java.util.Optional;

/** The one user whom an engine with authentication type PASSWORD knows. */
record OnePassword(String user, String password) {
  private static final String USER = "one-password.user";
  private static final String PASSWORD = "one-password.password";

  /** Takes the two settings of it out of the engine's, if they are there. */
  static Optional<OnePassword> takenFrom(Map<String, String> settings) {
    return Optional.ofNullable(settings.remove(USER))
        .map(user -> new OnePassword(user, settings.getOrDefault(PASSWORD, "")))
        .filter(taken -> settings.remove(PASSWORD) != null);
  }
}
