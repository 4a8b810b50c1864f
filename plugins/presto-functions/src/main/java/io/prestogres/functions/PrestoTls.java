package io.prestogres.functions;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a coordinator, from texts: no key is ever in a file on PostgreSQL's machine.
 *
 * @param sockets with the certificate that is shown, if there is one
 * @param trust who may have signed the coordinator's certificate
 */
public record PrestoTls(SSLSocketFactory sockets, X509TrustManager trust) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final char[] NO_PASSWORD = {};

  /** One backend has one configuration: kept, so that its queries share connections. */
  private static final AtomicReference<@Nullable Known> LAST = new AtomicReference<>();

  private record Known(Map<String, String> texts, PrestoTls tls) {}

  /**
   * From PEM texts by their names.
   *
   * @param texts {@code ca}, without which the JDK's authorities count, and {@code certificate} and
   *     {@code key}, an unencrypted PKCS#8
   * @throws SQLException 08001 if they cannot be used
   */
  static PrestoTls of(Map<String, String> texts) throws SQLException {
    Known last = LAST.get();
    if (last != null && last.texts().equals(texts)) {
      return last.tls();
    }
    try {
      PrestoTls tls = make(texts);
      LAST.set(new Known(Map.copyOf(texts), tls));
      return tls;
    } catch (GeneralSecurityException | IOException | RuntimeException broken) {
      // What broke may quote a key.
      throw new SQLException(
          "TLS towards Presto cannot be set up: " + broken.getClass().getSimpleName(), "08001");
    }
  }

  private static PrestoTls make(Map<String, String> texts)
      throws GeneralSecurityException, IOException {
    X509TrustManager trust = trust(texts.getOrDefault("ca", ""));
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager[] keys =
        texts.containsKey("key")
            ? keys(texts.getOrDefault("certificate", ""), texts.getOrDefault("key", ""))
            : new KeyManager[0];
    context.init(keys, new TrustManager[] {trust}, null);
    return new PrestoTls(context.getSocketFactory(), trust);
  }

  private static X509TrustManager trust(String ca) throws GeneralSecurityException, IOException {
    KeyStore store = null;
    if (!ca.isEmpty()) {
      store = empty();
      for (Certificate authority : certificates(ca)) {
        store.setCertificateEntry("ca" + store.size(), authority);
      }
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("no trust manager");
  }

  private static KeyManager[] keys(String chain, String key)
      throws GeneralSecurityException, IOException {
    Certificate[] certificates = certificates(chain).toArray(new Certificate[0]);
    PrivateKey secret =
        KeyFactory.getInstance(certificates[0].getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(blocks(key, "PRIVATE KEY").get(0)));
    KeyStore store = empty();
    store.setKeyEntry("presto", secret, NO_PASSWORD, certificates);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }

  private static List<Certificate> certificates(String pem) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    for (byte[] der : blocks(pem, "CERTIFICATE")) {
      certificates.add(factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return certificates;
  }

  private static List<byte[]> blocks(String pem, String type) {
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      if (matcher.group(1).endsWith(type)) {
        byte[] base64 = matcher.group(2).getBytes(StandardCharsets.US_ASCII);
        blocks.add(Base64.getMimeDecoder().decode(base64));
      }
    }
    return blocks;
  }
}
