package io.prestogres.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.it.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
  @TempDir static Path folder;

  private static TestCertificate one;
  private static TestCertificate other;

  @BeforeAll
  static void makeCertificates() throws Exception {
    one = TestCertificate.make(folder, "one");
    other = TestCertificate.make(folder, "other");
  }

  private static String subject(X509Certificate[] chain) {
    return chain[0].getSubjectX500Principal().getName();
  }

  @Test
  void shouldRefuseAKeyOfAnotherCertificate() {
    assertThatThrownBy(() -> new Identity(one.certificate().toString(), other.key().toString()))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining("is not the key of the certificate");
  }

  @Test
  void shouldSayWhatToDoWithAnotherFormOfKey() throws Exception {
    Path old = folder.resolve("old.key");
    Files.writeString(old, "-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n");

    assertThatThrownBy(() -> new Identity(one.certificate().toString(), old.toString()))
        .isInstanceOf(TlsFileException.class)
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
  }

  @Test
  void shouldRefuseFilesWithoutCertificate() {
    assertThatThrownBy(() -> new Authorities(one.key().toString()))
        .hasMessageContaining("holds no certificate");
    assertThatThrownBy(() -> new Authorities(folder.resolve("none").toString()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void shouldTakeOverChangedFilesAndKeepTheOldOnesForHandshakesThatHaveBegun() throws Exception {
    Path certificate = folder.resolve("current.pem");
    Path key = folder.resolve("current.key");
    Files.copy(one.certificate(), certificate);
    Files.copy(one.key(), key);
    Identity identity = new Identity(certificate.toString(), key.toString());
    assertThat(identity.reload()).isFalse();

    Files.copy(other.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(identity::reload).isInstanceOf(TlsFileException.class);
    assertThat(subject(identity.getCertificateChain("0"))).isEqualTo("CN=one");

    Files.copy(other.key(), key, StandardCopyOption.REPLACE_EXISTING);
    assertThat(identity.reload()).isTrue();
    assertThat(subject(identity.getCertificateChain("1"))).isEqualTo("CN=other");
    assertThat(subject(identity.getCertificateChain("0"))).isEqualTo("CN=one");
  }
}
