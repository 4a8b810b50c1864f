package io.prestogres.config;

/**
 * How the proxy logs in to Presto by Kerberos; the keys are those that presto-jdbc has as its
 * properties. Files have absolute names; what is "" is not used.
 *
 * @param principal as whom the proxy logs in, with its realm
 * @param keytab the file with the principal's keys
 * @param credentialCache instead of a keytab: the file with a ticket that others renew
 * @param config the file krb5.conf; "": where the JDK looks for it
 * @param remoteServiceName the first part of the principal that Presto logs in as
 * @param servicePrincipalPattern how that principal is made of service and host
 * @param useCanonicalHostname whether the host is the name that DNS has for Presto's address,
 *     instead of the one in the URL
 */
public record KerberosLogin(
    String principal,
    String keytab,
    String credentialCache,
    String config,
    String remoteServiceName,
    String servicePrincipalPattern,
    boolean useCanonicalHostname) {

  /** No Kerberos. */
  public static final KerberosLogin NONE =
      new KerberosLogin("", "", "", "", "HTTP", "${SERVICE}@${HOST}", true);

  /** Refuses a principal without exactly one source of tickets, and the reverse. */
  public KerberosLogin {
    boolean either = keytab.isEmpty() != credentialCache.isEmpty();
    if (principal.isEmpty() ? !(keytab + credentialCache).isEmpty() : !either) {
      throw new IllegalArgumentException("a principal needs a keytab or a credential cache");
    }
  }

  /** Whether the proxy logs in so. */
  public boolean enabled() {
    return !principal.isEmpty();
  }
}
