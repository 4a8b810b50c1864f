package io.prestogres.session;

import io.prestogres.config.PrestoConfig;
import io.prestogres.presto.PrestoSession;
import io.prestogres.results.Requester;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** As whom and how Presto is asked: the configuration, the role, and what its session has set. */
public final class PrestoSessions {
  private final PrestoConfig config;
  private final SessionRegistry sessions;

  /** Sessions of one instance. */
  public PrestoSessions(PrestoConfig config, SessionRegistry sessions) {
    this.config = config;
    this.sessions = sessions;
  }

  /**
   * For a request that came to the results endpoint. The backend's session counts only if it is the
   * role's own: a process id can be made up by whoever scans by hand.
   */
  public PrestoSession of(Requester requester) {
    Optional<Session> session =
        sessions
            .find(requester.processId())
            .filter(candidate -> candidate.user().equals(requester.role()));
    return of(
        requester.role(),
        requester.database(),
        session.map(found -> found.parameters().timeZone()).orElse(""),
        session.map(found -> found.parameters().applicationName()).orElse(""));
  }

  PrestoSession of(Session session) {
    return of(
        session.user(),
        session.database(),
        session.parameters().timeZone(),
        session.parameters().applicationName());
  }

  /** For reading metadata, as nobody in particular. */
  public PrestoSession forMetadata() {
    return of("prestogres", "", "", "");
  }

  private PrestoSession of(String role, String database, String timeZone, String application) {
    return new PrestoSession(
        config.user().isEmpty() ? role : config.user(),
        config.catalog().isEmpty() ? database : config.catalog(),
        "",
        known(timeZone),
        config.source(),
        application,
        List.of(),
        config.sessionProperties());
  }

  /** PostgreSQL also has time zones that Presto has no name for; then Presto's own is used. */
  private static String known(String timeZone) {
    try {
      return timeZone.isEmpty() ? "" : ZoneId.of(timeZone).getId();
    } catch (DateTimeException e) {
      return "";
    }
  }
}
