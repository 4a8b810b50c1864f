package io.prestogres.plugin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;

/**
 * The client on whose behalf an interceptor is called.
 *
 * @param instance the name of the proxy's instance that the client connected to
 * @param clientAddress the client's IP address, without its port; "" if it is not known
 * @param parameters every parameter of the client's start-up message, such as {@code
 *     application_name} and {@code client_encoding}, after the changes of the connect interceptors
 *     that were asked already; unmodifiable, in the client's order
 * @param attributes what the plugin wants to remember of the session; belongs to this plugin in
 *     this session alone, and is forgotten when the session ends
 */
public record ClientSession(
    String instance,
    String clientAddress,
    Map<String, String> parameters,
    ConcurrentMap<String, Object> attributes) {

  /** Copies the parameters. */
  public ClientSession {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * The role that logs in. While the client connects, nobody has checked yet that it may:
   * PostgreSQL does that after the connect interceptors.
   */
  public String user() {
    return parameters.getOrDefault("user", "");
  }

  /** The database asked for; PostgreSQL takes the role's name where none is given. */
  public String database() {
    String database = parameters.getOrDefault("database", "");
    return database.isEmpty() ? user() : database;
  }

  /** What the client called itself when it connected; "" if it did not. */
  public String applicationName() {
    return parameters.getOrDefault("application_name", "");
  }
}
