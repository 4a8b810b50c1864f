package io.prestogres.session;

import io.prestogres.presto.Password;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.buffer.Buffer;

/**
 * Keeps the password with which a client logs in to PostgreSQL, for Presto, and lets nobody in who
 * shows none: every other method of PostgreSQL's proves the password without telling it. Belongs to
 * the session's context.
 */
final class PasswordForwarding {
  private static final String DETAIL =
      "The proxy forwards passwords to Presto (presto.login.forward-password), and PostgreSQL has"
          + " not asked for one in clear text.";
  private static final String HINT =
      "Have pg_hba.conf ask this role by the method password, ldap, pam or radius.";

  private final String user;
  private final SessionParameters parameters;

  PasswordForwarding(String user, SessionParameters parameters) {
    this.user = user;
    this.parameters = parameters;
  }

  /**
   * PostgreSQL has said this of the authentication.
   *
   * @throws PgException FATAL 28000 if there will be no password
   */
  void authentication(int code) {
    boolean told = code == Backend.AUTHENTICATION_OK && !parameters.password().isEmpty();
    if (code != Backend.AUTHENTICATION_CLEARTEXT_PASSWORD && !told) {
      throw new PgException(
          ErrorFields.fatal(
                  SqlState.INVALID_AUTHORIZATION,
                  "there is no password of role \"" + user + "\" to forward to Presto")
              .with(ErrorFields.DETAIL, DETAIL)
              .with(ErrorFields.HINT, HINT));
    }
    if (user.indexOf(':') >= 0) {
      throw PgException.fatal(
          SqlState.INVALID_AUTHORIZATION,
          "the name of role \"" + user + "\" cannot go with a password to Presto: it has a colon");
    }
  }

  /** The client has answered. */
  void answered(Buffer passwordMessage) {
    parameters.setPassword(new Password(Frontend.readPassword(passwordMessage)));
  }
}
