package io.prestogres.auth;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of one file; certificates they have signed are good. Handshakes that begin after
 * {@link #reload} see the new ones. Thread-safe.
 */
final class Authorities extends X509ExtendedTrustManager {

  private final String file;
  private volatile Loaded loaded;

  Authorities(String file) throws TlsFileException {
    this.file = file;
    this.loaded = load(PemFile.read(file));
  }

  private record Loaded(PemFile file, X509ExtendedTrustManager trust) {}

  /**
   * Takes over the file if it changed; what holds stays if it cannot be used.
   *
   * @return whether it changed
   */
  synchronized boolean reload() throws TlsFileException {
    PemFile now = PemFile.read(file);
    if (now.equals(loaded.file())) {
      return false;
    }
    loaded = load(now);
    return true;
  }

  /** The text of the file that holds. */
  String text() {
    return loaded.file().text();
  }

  private static Loaded load(PemFile file) throws TlsFileException {
    List<X509Certificate> certificates = file.certificates();
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("ca" + i, certificates.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager trust) {
          return new Loaded(file, trust);
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsFileException(file.name(), "cannot be used (" + e.getMessage() + ")");
    }
    throw new TlsFileException(file.name(), "cannot be used: the JDK has no PKIX");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    loaded.trust().checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    loaded.trust().checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    loaded.trust().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
      throws CertificateException {
    loaded.trust().checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    loaded.trust().checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    loaded.trust().checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return loaded.trust().getAcceptedIssuers();
  }
}
