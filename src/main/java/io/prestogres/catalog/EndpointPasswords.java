package io.prestogres.catalog;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The passwords with which PostgreSQL's backends come to the results endpoint: one for each role
 * and database, derived from a secret that the database keeps and only its owner can read, so that
 * a restarted proxy knows them at once. Thread-safe.
 */
public final class EndpointPasswords {
  private final ControlConnections connections;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();

  /** Passwords of the databases of one instance. */
  public EndpointPasswords(ControlConnections connections) {
    this.connections = connections;
  }

  private static String derive(String secret, String role) {
    return Digests.hmac(secret, role);
  }

  void remember(String database, String secret) {
    secrets.put(database, secret);
  }

  /** Whether this is the role's password; a database we do not know yet is asked for its secret. */
  public Future<Boolean> verify(String database, String role, String password) {
    String secret = secrets.get(database);
    if (secret != null && matches(secret, role, password)) {
      return Future.succeededFuture(true);
    }
    return connections
        .pool(database)
        .withConnection(connection -> new MirrorStore(connection).secret())
        .map(
            fresh -> {
              remember(database, fresh);
              return matches(fresh, role, password);
            })
        .otherwise(false);
  }

  private static boolean matches(String secret, String role, String password) {
    return MessageDigest.isEqual(
        derive(secret, role).getBytes(StandardCharsets.UTF_8),
        password.getBytes(StandardCharsets.UTF_8));
  }
}
