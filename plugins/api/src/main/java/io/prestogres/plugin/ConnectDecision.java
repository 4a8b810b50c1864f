package io.prestogres.plugin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What becomes of a client that connects. */
public sealed interface ConnectDecision {

  /** Let it go on as it is. */
  static ConnectDecision accept() {
    return new Accept();
  }

  /**
   * Let it go on with these start-up parameters.
   *
   * @param parameters all of them, not the changed ones alone; {@code user} must be among them.
   *     PostgreSQL authenticates the user that is named here
   * @throws IllegalArgumentException if they cannot be sent
   */
  static ConnectDecision acceptWith(Map<String, String> parameters) {
    return new AcceptWith(parameters);
  }

  /**
   * Tell it an error and close the connection.
   *
   * @param sqlState five digits or capital letters, such as 28000, invalid authorization
   * @param message what the client is told; not blank
   * @throws IllegalArgumentException if PostgreSQL's protocol has no such error
   */
  static ConnectDecision refuse(String sqlState, String message) {
    return new Refuse(new Refusal(sqlState, message));
  }

  /** Made by {@link #accept}. */
  record Accept() implements ConnectDecision {}

  /** Made by {@link #acceptWith}. */
  record AcceptWith(Map<String, String> parameters) implements ConnectDecision {

    /** Copies the parameters, and refuses those that cannot be sent. */
    public AcceptWith {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
      parameters.forEach(
          (name, value) -> {
            if (name.isEmpty() || name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
              throw new IllegalArgumentException("not a start-up parameter: " + name);
            }
          });
      if (parameters.getOrDefault("user", "").isEmpty()) {
        throw new IllegalArgumentException("the start-up parameters lack user");
      }
    }
  }

  /** Made by {@link #refuse}. */
  record Refuse(Refusal refusal) implements ConnectDecision {}
}
