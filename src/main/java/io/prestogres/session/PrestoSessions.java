package io.prestogres.session;

import io.prestogres.config.PrestoConfig;
import io.prestogres.presto.Password;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoSession;
import io.prestogres.protocol.SqlState;
import io.prestogres.results.Requester;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** As whom and how Presto is asked: the configuration, the role, and what its session has set. */
public final class PrestoSessions {
  private final PrestoConfig config;
  private final SessionRegistry sessions;
  private final Map<String, String> roles;

  /** Sessions of one instance. */
  public PrestoSessions(PrestoConfig config, SessionRegistry sessions) {
    this.config = config;
    this.sessions = sessions;
    this.roles = PrestoSession.roles(config.session().roles());
  }

  /**
   * For a request that came to the results endpoint. The backend's session counts only if it is the
   * role's own: a process id can be made up by whoever scans by hand.
   */
  public PrestoSession of(Requester requester) {
    return of(
        requester.role(),
        requester.database(),
        session(requester).map(Session::parameters).orElseGet(SessionParameters::new));
  }

  /** The session whose backend has asked, if that is the role's own. */
  public Optional<Session> session(Requester requester) {
    return sessions
        .find(requester.processId())
        .filter(candidate -> candidate.user().equals(requester.role()));
  }

  PrestoSession of(Session session) {
    return of(session.user(), session.database(), session.parameters());
  }

  /** For reading metadata, as nobody in particular. */
  public PrestoSession forMetadata() {
    return asked("prestogres", "", new SessionParameters());
  }

  /** For reading what somebody may see; with the proxy's own login, for this needs no session. */
  public PrestoSession forRole(String role) {
    return asked(role, "", new SessionParameters());
  }

  /** A session of the role's; with its password, where those are forwarded. */
  private PrestoSession of(String role, String database, SessionParameters parameters) {
    PrestoSession session = asked(role, database, parameters);
    if (!config.login().forwardPassword()) {
      return session;
    }
    if (parameters.password().isEmpty()) {
      throw new PrestoException(
          SqlState.INVALID_AUTHORIZATION,
          "there is no password of role \""
              + role
              + "\" to forward to Presto: connect through the"
              + " proxy");
    }
    return session.withPassword(parameters.password());
  }

  private PrestoSession asked(String role, String database, SessionParameters parameters) {
    Map<String, String> properties = new HashMap<>(config.session().sessionProperties());
    properties.putAll(parameters.prestoProperties());
    return new PrestoSession(
        config.session().user().isEmpty() ? role : config.session().user(),
        config.catalog().isEmpty() ? database : config.catalog(),
        "",
        known(parameters.timeZone()),
        config.session().source(),
        parameters.applicationName(),
        config.session().clientTags(),
        properties,
        roles,
        Password.NONE);
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
