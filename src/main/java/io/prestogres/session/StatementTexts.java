package io.prestogres.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The texts of a session's prepared statements and portals, by their names, for those who are told
 * how an Execute ended. What there is no room for is not known. Belongs to the session's context.
 */
final class StatementTexts {
  private static final int MOST = 1_000;

  /** A longer text is not kept, in signs: a session may prepare a thousand. */
  private static final int LONGEST = 1 << 14;

  /** What PostgreSQL will have when it has done all that was sent, if it can. */
  private final Map<String, String> sent = new HashMap<>();

  /** What PostgreSQL is known to have. */
  private final Map<String, String> standing = new HashMap<>();

  private final Map<String, String> portals = new HashMap<>();

  /** A Parse message was sent. */
  void parsing(String statement, String text) {
    put(sent, statement, text);
  }

  /** A Parse message has succeeded. */
  void parsed(String statement, String text) {
    put(standing, statement, text);
    put(sent, statement, text);
  }

  /** A Parse message has failed: whatever had that name before still has it. */
  void notParsed(String statement) {
    put(sent, statement, standing.getOrDefault(statement, ""));
  }

  void bound(String portal, String statement) {
    put(portals, portal, sent.getOrDefault(statement, ""));
  }

  void namedStatement(String statement) {
    sent.remove(statement);
    standing.remove(statement);
  }

  void namedPortal(String portal) {
    portals.remove(portal);
  }

  /** The text that a portal runs; "" if it is not known. */
  String ofPortal(Optional<String> portal) {
    return portal.map(name -> portals.getOrDefault(name, "")).orElse("");
  }

  private static void put(Map<String, String> texts, String name, String text) {
    texts.remove(name);
    if (!text.isEmpty() && text.length() <= LONGEST && texts.size() < MOST) {
      texts.put(name, text);
    }
  }
}
