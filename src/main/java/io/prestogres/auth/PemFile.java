package io.prestogres.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a PEM file.
 *
 * @param name the file's name, for messages
 */
record PemFile(String name, String text) {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final String PKCS8 = "PRIVATE KEY";

  static PemFile read(String name) throws TlsFileException {
    try {
      return new PemFile(name, Files.readString(Path.of(name), ISO_8859_1));
    } catch (IOException e) {
      throw new TlsFileException(name, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** All certificates in the order of the file; at least one. */
  List<X509Certificate> certificates() throws TlsFileException {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Matcher blocks = BLOCK.matcher(text);
      while (blocks.find()) {
        if (blocks.group(1).endsWith("CERTIFICATE")) {
          Certificate found = factory.generateCertificate(new ByteArrayInputStream(der(blocks)));
          certificates.add((X509Certificate) found);
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsFileException(name, "holds a certificate that cannot be read");
    }
    if (certificates.isEmpty()) {
      throw new TlsFileException(name, "holds no certificate (BEGIN CERTIFICATE)");
    }
    return certificates;
  }

  /** The private key, which must be of that algorithm. */
  PrivateKey key(String algorithm) throws TlsFileException {
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String type = blocks.group(1);
      if (type.equals(PKCS8)) {
        try {
          return KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(der(blocks)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
          throw new TlsFileException(
              name, "holds no " + algorithm + " key, as the certificate has");
        }
      }
      if (type.endsWith(PKCS8)) {
        throw new TlsFileException(
            name,
            "holds a key as "
                + type
                + "; convert it to unencrypted PKCS#8: openssl pkcs8 -topk8 -nocrypt");
      }
    }
    throw new TlsFileException(name, "holds no key (BEGIN PRIVATE KEY)");
  }

  private static byte[] der(Matcher block) {
    return Base64.getMimeDecoder().decode(block.group(2));
  }

  /** Without the text, which may be a key. */
  @Override
  public String toString() {
    return name;
  }
}
