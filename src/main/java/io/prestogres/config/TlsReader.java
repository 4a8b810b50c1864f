package io.prestogres.config;

import static io.prestogres.config.ConfigReader.MISSING;
import static io.prestogres.config.ValueKind.NAME;
import static io.prestogres.config.ValueKind.PORT;
import static io.prestogres.config.ValueKind.choice;

import io.prestogres.config.RedirectConfig.Tls;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;

/** Reads what concerns TLS; of keys that do not fit together the weaker one is the fallback. */
final class TlsReader {

  private TlsReader() {}

  static TlsConfig tls(BlockReader block) {
    Mode mode = block.value("mode", choice(Mode.class), TlsConfig.DEFAULT.mode());
    String certificate = block.path("certificate");
    String key = block.path("key");
    ClientCertificates asked =
        block.value(
            "client-certificates",
            choice(ClientCertificates.class),
            TlsConfig.DEFAULT.clientCertificates());
    String clientCa = block.path("client-ca");
    boolean whole = true;
    if (mode != Mode.DISABLE) {
      whole = needed(block, "certificate", certificate, "mode");
      whole = needed(block, "key", key, "mode") && whole;
    }
    boolean verifiable =
        asked == ClientCertificates.NONE
            || needed(block, "client-ca", clientCa, "client-certificates");
    return new TlsConfig(
        whole ? mode : Mode.DISABLE,
        certificate,
        key,
        verifiable ? asked : ClientCertificates.NONE,
        clientCa);
  }

  /** The way to PostgreSQL, and what is kept of it. */
  static RedirectConfig redirect(BlockReader block) {
    String name = block.required("name", NAME, MISSING);
    String host = block.required("host", NAME, MISSING);
    int port = block.required("port", PORT, 1);
    Tls tls = block.value("tls", choice(Tls.class), Tls.DISABLE);
    String ca = block.path("ca");
    if (!ca.isEmpty() && !tls.mayVerify()) {
      block
          .problems()
          .add(block.at("ca"), "has a meaning only where tls is require, verify-ca or verify-full");
    }
    boolean whole = !tls.verifies() || needed(block, "ca", ca, "tls");
    return new RedirectConfig(
        name,
        host,
        port,
        whole ? tls : Tls.REQUIRE,
        ca,
        block.block("warm-backends", ConfigReader::warmBackends));
  }

  private static boolean needed(BlockReader block, String key, String path, String because) {
    if (path.isEmpty() && block.problems().noneAt(block.at(key))) {
      block.problems().add(block.at(key), "is missing; " + because + " asks for it");
    }
    return !path.isEmpty();
  }
}
