package io.prestogres.session;

import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * How a session uses Presto: what it asks with, and where its own properties are kept.
 *
 * @param session for the statement that is being planned
 * @param parameters the session's, which {@code SET SESSION} changes
 * @param changed to be called when those were changed; completes when PostgreSQL knows
 */
record PrestoUse(
    PrestoSession session, SessionParameters parameters, Supplier<Future<Void>> changed) {
  /** The session with a schema for names that have none. */
  PrestoSession inSchema(String schema) {
    return session.withSchema(schema);
  }
}
