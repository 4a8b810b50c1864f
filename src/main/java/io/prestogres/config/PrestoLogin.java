package io.prestogres.config;

/**
 * How the proxy proves to Presto who it is, over https. Files are PEM; their names are absolute, or
 * "" when none is given. What is empty is not used; a certificate goes together with a password, a
 * token or Kerberos.
 *
 * @param user with {@code password}: the user of HTTP Basic; Presto asks its access control whether
 *     that user may run queries as others
 * @param password the user's password
 * @param accessToken a JSON web token or what else Presto takes as a bearer token
 * @param kerberos as whom it logs in by Kerberos, and with what
 * @param certificate the proxy's certificate, followed by those that signed it
 * @param key its private key, as unencrypted PKCS#8
 * @param ca the authorities that may have signed Presto's certificate; "": those of the JDK
 * @param forwardPassword whether a session's queries are asked with the password with which its
 *     user logged in to PostgreSQL, instead of the login here, which is the mirror's alone then
 */
public record PrestoLogin(
    String user,
    Secret password,
    Secret accessToken,
    KerberosLogin kerberos,
    String certificate,
    String key,
    String ca,
    boolean forwardPassword) {

  /** Nothing to prove, and authorities of the JDK. */
  public static final PrestoLogin NONE =
      new PrestoLogin("", Secret.NONE, Secret.NONE, KerberosLogin.NONE, "", "", "", false);

  /** Refuses what does not go together. */
  public PrestoLogin {
    if (user.isEmpty() != password.isEmpty()) {
      throw new IllegalArgumentException("user and password need each other");
    }
    if (!password.isEmpty() && !accessToken.isEmpty()) {
      throw new IllegalArgumentException("a password and a token exclude each other");
    }
    if (kerberos.enabled() && !(password.isEmpty() && accessToken.isEmpty())) {
      throw new IllegalArgumentException("Kerberos excludes a password and a token");
    }
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException("certificate and key need each other");
    }
  }

  /** Whether there is anything that has a meaning, or is safe, over https only. */
  public boolean needsTls() {
    return !equals(NONE);
  }
}
