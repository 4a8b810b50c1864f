package io.prestogres.presto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who runs a query, and under which settings. Text is "" where there is none.
 *
 * @param user the user the query runs as; never empty
 * @param catalog the catalog of unqualified names
 * @param schema the schema of unqualified names; needs a catalog
 * @param timeZone an IANA name or an offset such as {@code +05:30}; "" is the coordinator's own
 * @param source the program that asks, shown by Presto's console and matched by resource groups
 * @param clientInfo free text for Presto's query log
 * @param clientTags tags for resource groups, without commas
 * @param properties session properties; a name with a dot belongs to a catalog
 * @param roles by catalog, as {@code ROLE{name}}, {@code ALL} or {@code NONE}
 * @param password of the user, sent instead of the coordinator's credentials
 */
public record PrestoSession(
    String user,
    String catalog,
    String schema,
    String timeZone,
    String source,
    String clientInfo,
    List<String> clientTags,
    Map<String, String> properties,
    Map<String, String> roles,
    Password password) {

  /**
   * Checks what would otherwise reach Presto as something else.
   *
   * @throws PrestoException 28000 when the user is empty; 22021 when a text that names something
   *     cannot stand in a header
   */
  public PrestoSession {
    if (user.isEmpty()) {
      throw new PrestoException("28000", "a Presto session needs a user name");
    }
    if (catalog.isEmpty() && !schema.isEmpty()) {
      throw new PrestoException("3F000", "a Presto session with a schema needs a catalog");
    }
    requireHeaderText("user name", user);
    requireHeaderText("catalog name", catalog);
    requireHeaderText("schema name", schema);
    requireHeaderText("time zone", timeZone);
    for (String tag : clientTags) {
      requireHeaderText("client tag", tag);
      if (tag.indexOf(',') >= 0) {
        throw new PrestoException("22023", "a client tag for Presto cannot hold a comma");
      }
    }
    clientTags = List.copyOf(clientTags);
    properties = Map.copyOf(properties);
    roles = Map.copyOf(roles);
    for (String name : properties.keySet()) {
      requireHeaderText("session property name", name);
    }
    for (String owner : roles.keySet()) {
      requireHeaderText("catalog name of a role", owner);
    }
  }

  /** The same session with a schema for names that have none. */
  public PrestoSession withSchema(String other) {
    return new PrestoSession(
        user,
        catalog,
        other,
        timeZone,
        source,
        clientInfo,
        clientTags,
        properties,
        roles,
        password);
  }

  /** The same session with the password of its user. */
  public PrestoSession withPassword(Password given) {
    return new PrestoSession(
        user, catalog, schema, timeZone, source, clientInfo, clientTags, properties, roles, given);
  }

  /** The value of the Authorization header; "" if the coordinator's own is sent. */
  public String authorization() {
    return password.isEmpty()
        ? ""
        : PrestoCoordinator.Credentials.basic(user, password.value()).authorization();
  }

  /** A session of {@code user} with neither catalog nor settings. */
  public static PrestoSession of(String user) {
    return new PrestoSession(
        user, "", "", "", "prestogres", "", List.of(), Map.of(), Map.of(), Password.NONE);
  }

  /** The roles of a configuration as Presto's protocol has them: ALL and NONE are no names. */
  public static Map<String, String> roles(Map<String, String> configured) {
    Map<String, String> roles = new HashMap<>();
    configured.forEach(
        (catalog, role) ->
            roles.put(
                catalog, role.equals("ALL") || role.equals("NONE") ? role : "ROLE{" + role + "}"));
    return Map.copyOf(roles);
  }

  // Netty writes '?' for what a header cannot hold: the query would run as another user, silently.
  private static void requireHeaderText(String what, String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c > '~') || !text.equals(text.strip())) {
      throw new PrestoException(
          "22021", "the " + what + " cannot be sent to Presto: only ASCII signs can");
    }
  }
}
