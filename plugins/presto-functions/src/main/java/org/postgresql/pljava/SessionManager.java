package org.postgresql.pljava;

import java.sql.SQLException;
import java.util.ServiceLoader;

/** Where the session is found. */
public final class SessionManager {
  private SessionManager() {}

  /** The session of this backend; there is none outside of PostgreSQL. */
  public static Session current() throws SQLException {
    return ServiceLoader.load(Session.class)
        .findFirst()
        .orElseThrow(() -> new SQLException("there is a session inside of PL/Java only"));
  }
}
