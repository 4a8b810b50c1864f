package io.prestogres.config;

/**
 * How the proxy proves to Presto who it is, over https. Files are PEM; their names are absolute, or
 * "" when none is given. What is empty is not used; a certificate goes together with a password or
 * a token.
 *
 * @param user with {@code password}: the user of HTTP Basic; Presto asks its access control whether
 *     that user may run queries as others
 * @param password the user's password
 * @param accessToken a JSON web token or what else Presto takes as a bearer token
 * @param certificate the proxy's certificate, followed by those that signed it
 * @param key its private key, as unencrypted PKCS#8
 * @param ca the authorities that may have signed Presto's certificate; "": those of the JDK
 * @param forwardPassword whether a session's queries are asked with the password with which its
 *     user logged in to PostgreSQL, instead of the user and password or the token here, which are
 *     the mirror's alone then
 */
public record PrestoLogin(
    String user,
    Secret password,
    Secret accessToken,
    String certificate,
    String key,
    String ca,
    boolean forwardPassword) {

  /** Nothing to prove, and authorities of the JDK. */
  public static final PrestoLogin NONE =
      new PrestoLogin("", Secret.NONE, Secret.NONE, "", "", "", false);

  /** Refuses what does not go together. */
  public PrestoLogin {
    if (user.isEmpty() != password.isEmpty()) {
      throw new IllegalArgumentException("user and password need each other");
    }
    if (!password.isEmpty() && !accessToken.isEmpty()) {
      throw new IllegalArgumentException("a password and a token exclude each other");
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
