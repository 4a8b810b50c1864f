package io.prestogres.auth;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.PrestoLogin;
import io.prestogres.config.RedirectConfig;
import io.prestogres.config.TlsConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Everything that one instance reads from files for TLS. Reading blocks; what is given out does not
 * and follows the files from one {@link #reload} to the next. Thread-safe.
 */
public final class TlsFiles {

  private static final System.Logger LOG = System.getLogger(TlsFiles.class.getName());

  private final String instance;
  private final Optional<Identity> identity;
  private final Optional<Authorities> clientAuthorities;
  private final Optional<Authorities> redirectAuthorities;
  private final Optional<Identity> prestoIdentity;
  private final Optional<Authorities> prestoAuthorities;

  /**
   * Reads the files that the instance names.
   *
   * @throws TlsFileException if one of them cannot be used
   */
  public TlsFiles(InstanceConfig config) throws TlsFileException {
    TlsConfig tls = config.tls();
    RedirectConfig redirect = config.redirect();
    boolean asked = tls.clientCertificates() != TlsConfig.ClientCertificates.NONE;
    this.instance = config.name();
    this.identity = tls.enabled() ? identity(tls.certificate(), tls.key()) : Optional.empty();
    this.clientAuthorities = authorities(tls.enabled() && asked ? tls.clientCa() : "");
    this.redirectAuthorities = authorities(redirect.ca());
    PrestoLogin login = config.presto().login();
    this.prestoIdentity = identity(login.certificate(), login.key());
    this.prestoAuthorities = authorities(login.ca());
  }

  private static Optional<Identity> identity(String certificate, String key)
      throws TlsFileException {
    return certificate.isEmpty() ? Optional.empty() : Optional.of(new Identity(certificate, key));
  }

  private static Optional<Authorities> authorities(String file) throws TlsFileException {
    return file.isEmpty() ? Optional.empty() : Optional.of(new Authorities(file));
  }

  /** What the proxy shows its clients; empty if it has no TLS for them. */
  public Optional<X509ExtendedKeyManager> identity() {
    return identity.map(found -> found);
  }

  /** Who may have signed the clients' certificates; empty if they are not asked for one. */
  public Optional<X509ExtendedTrustManager> clientAuthorities() {
    return clientAuthorities.map(found -> found);
  }

  /** Who may have signed PostgreSQL's certificate; empty if that does not matter. */
  public Optional<X509ExtendedTrustManager> redirectAuthorities() {
    return redirectAuthorities.map(found -> found);
  }

  /** What the proxy shows Presto; empty if it has nothing to show. */
  public Optional<X509ExtendedKeyManager> prestoIdentity() {
    return prestoIdentity.map(found -> found);
  }

  /** Who may have signed Presto's certificate; empty if those of the JDK may. */
  public Optional<X509ExtendedTrustManager> prestoAuthorities() {
    return prestoAuthorities.map(found -> found);
  }

  /**
   * The PEM texts that hold towards Presto: {@code ca}, {@code certificate} and {@code key}, those
   * that there are. The last is a secret.
   */
  public Map<String, String> prestoTexts() {
    Map<String, String> texts = new HashMap<>();
    prestoAuthorities.ifPresent(held -> texts.put("ca", held.text()));
    prestoIdentity.ifPresent(
        held -> {
          List<String> both = held.texts();
          texts.put("certificate", both.get(0));
          texts.put("key", both.get(1));
        });
    return texts;
  }

  /** Whether there is anything to read again. */
  public boolean any() {
    return Stream.of(
            identity, clientAuthorities, redirectAuthorities, prestoIdentity, prestoAuthorities)
        .anyMatch(Optional::isPresent);
  }

  /**
   * Takes over files that have changed; those that cannot be used are logged, the old ones hold.
   */
  public void reload() {
    identity.ifPresent(held -> attempt("tls.certificate, tls.key", held::reload));
    clientAuthorities.ifPresent(held -> attempt("tls.client-ca", held::reload));
    redirectAuthorities.ifPresent(held -> attempt("redirect.ca", held::reload));
    prestoIdentity.ifPresent(
        held -> attempt("presto.login.certificate, presto.login.key", held::reload));
    prestoAuthorities.ifPresent(held -> attempt("presto.login.ca", held::reload));
  }

  @FunctionalInterface
  private interface Reload {
    boolean run() throws TlsFileException;
  }

  private void attempt(String keys, Reload reload) {
    try {
      if (reload.run()) {
        LOG.log(System.Logger.Level.INFO, "{0}: {1}: read again", instance, keys);
      }
    } catch (TlsFileException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: {1}: the old files stay in use: {2}",
          instance,
          keys,
          e.getMessage());
    }
  }
}
