package io.prestogres.session;

import io.prestogres.protocol.StartupPacket.StartupMessage;

/**
 * What made a backend what it was before its first statement; two with the same start-up packet and
 * settings were alike.
 *
 * @param settings all that PostgreSQL's files, its tables and the packet have set, as a hash
 * @param startedNanos {@link System#nanoTime} when it had started
 */
record BackendOrigin(StartupMessage startup, String settings, long startedNanos) {
  /** Asks a backend that has just started for its settings. */
  private static final String SETTINGS =
      """
      SELECT pg_catalog.md5(pg_catalog.concat_ws(E'\\n', me.role, me.database,
        (SELECT pg_catalog.string_agg(
           pg_catalog.concat_ws(E'\\n', s.name, s.setting, s.source), E'\\n' ORDER BY s.name)
         FROM pg_catalog.pg_settings s),
        (SELECT pg_catalog.string_agg(r.setconfig::text, E'\\n' ORDER BY r.setdatabase, r.setrole)
         FROM pg_catalog.pg_db_role_setting r
         WHERE r.setdatabase IN (0, me.database) AND r.setrole IN (0, me.role))%s))
      FROM (SELECT r.oid AS role, d.oid AS database
            FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
            WHERE r.rolname = session_user AND d.datname = pg_catalog.current_database()) me
      """;

  /** The first version of PostgreSQL that tells by which name somebody was authenticated. */
  private static final int SYSTEM_USER_SINCE = 16;

  static Injection question(int serverVersion) {
    String more = serverVersion >= SYSTEM_USER_SINCE ? ", SYSTEM_USER" : "";
    return new Injection().run(SETTINGS.formatted(more)).sync();
  }

  boolean sameRoleAndDatabase(BackendOrigin other) {
    return startup.user().equals(other.startup.user())
        && startup.database().equals(other.startup.database());
  }

  boolean samePacket(BackendOrigin other) {
    return startup.packet().equals(other.startup.packet());
  }

  boolean sameSettings(BackendOrigin other) {
    return settings.equals(other.settings);
  }
}
