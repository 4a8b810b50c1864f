package io.prestogres.auth;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the proxy shows, and its key; handshakes that begin after {@link #reload}
 * see the new ones. Thread-safe.
 */
final class Identity extends X509ExtendedKeyManager {

  private final String certificateFile;
  private final String keyFile;
  private volatile Generations generations;

  Identity(String certificateFile, String keyFile) throws TlsFileException {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    Pair first = read(0);
    this.generations = new Generations(first, first);
  }

  /**
   * A certificate and its key, and the texts they were read from. JSSE asks for an alias first and
   * for what it stands for later; so an alias must not change its meaning.
   */
  private record Pair(
      int generation, List<PemFile> files, List<X509Certificate> chain, PrivateKey key) {
    String alias() {
      return Integer.toString(generation);
    }
  }

  private record Generations(Pair current, Pair last) {
    Pair of(@Nullable String alias) {
      return last.alias().equals(alias) ? last : current;
    }
  }

  /**
   * Takes over the files if they changed; what holds stays if they cannot be used.
   *
   * @return whether they changed
   */
  synchronized boolean reload() throws TlsFileException {
    Pair current = generations.current();
    if (List.of(PemFile.read(certificateFile), PemFile.read(keyFile)).equals(current.files())) {
      return false;
    }
    generations = new Generations(read(current.generation() + 1), current);
    return true;
  }

  /** The texts of the files that hold, the certificate's first. */
  List<String> texts() {
    return generations.current().files().stream().map(PemFile::text).toList();
  }

  private Pair read(int generation) throws TlsFileException {
    PemFile certificates = PemFile.read(certificateFile);
    PemFile keys = PemFile.read(keyFile);
    List<X509Certificate> chain = certificates.certificates();
    PublicKey publicKey = chain.get(0).getPublicKey();
    PrivateKey key = keys.key(publicKey.getAlgorithm());
    if (!match(key, publicKey)) {
      throw new TlsFileException(keyFile, "is not the key of the certificate " + certificateFile);
    }
    return new Pair(generation, List.of(certificates, keys), chain, key);
  }

  private static boolean match(PrivateKey key, PublicKey publicKey) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] probe = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Pair current = generations.current();
    return current.key().getAlgorithm().equals(keyType) ? current.alias() : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    Pair current = generations.current();
    return List.of(keyTypes).contains(current.key().getAlgorithm()) ? current.alias() : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return generations.of(alias).chain().toArray(new X509Certificate[0]);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return generations.of(alias).key();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
