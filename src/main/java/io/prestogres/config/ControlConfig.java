package io.prestogres.config;

/**
 * The role that puts the shells into PostgreSQL, over connections of its own to {@code redirect}.
 *
 * @param user the role's name
 * @param password its password; empty when PostgreSQL asks for none
 * @param connections the most connections that are open at once; at least 1
 */
public record ControlConfig(String user, Secret password, int connections) {

  /** What holds where the file says nothing. */
  public static final ControlConfig DEFAULT = new ControlConfig("postgres", Secret.NONE, 4);

  /** Refuses an empty user and fewer than one connection. */
  public ControlConfig {
    Bounds.check("user", user);
    Bounds.check("connections", connections, Bounds.CONTROL_CONNECTIONS);
  }
}
