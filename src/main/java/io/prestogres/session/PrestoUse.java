package io.prestogres.session;

import io.prestogres.presto.PrestoSession;

/**
 * How a session uses Presto: what it asks with, and where its own properties are kept.
 *
 * @param session for the statement that is being planned
 * @param parameters the session's, which {@code SET SESSION} changes
 */
record PrestoUse(PrestoSession session, SessionParameters parameters) {
  /** The session with a schema for names that have none. */
  PrestoSession inSchema(String schema) {
    return new PrestoSession(
        session.user(),
        session.catalog(),
        schema,
        session.timeZone(),
        session.source(),
        session.clientInfo(),
        session.clientTags(),
        session.properties(),
        session.roles());
  }
}
