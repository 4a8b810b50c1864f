package io.prestogres.presto;

import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;

/**
 * An engine that speaks https and wants to know who asks. It lets the proxy ask in the name of
 * others; Trino not in that of {@code mallory}. A test looks at its queries over http, unasked.
 *
 * @param port of https
 */
record SecuredEngine(EmbeddedPresto engine, int port) implements AutoCloseable {
  /** The certificate's files, {@code presto.pem} and others, are in the folder. */
  private static final String CERTIFICATE = "presto";

  /** What Presto calls otherwise than Trino. */
  private static final Map<String, String> TRINO_NAMES =
      Map.of(
          "http.authentication.jwt.key-file",
          "http-server.authentication.jwt.key-file",
          "http.server.authentication.krb5.service-name",
          "http-server.authentication.krb5.service-name",
          "http.server.authentication.krb5.keytab",
          "http-server.authentication.krb5.keytab",
          "http.authentication.krb5.principal-hostname",
          "http-server.authentication.krb5.principal-hostname");

  /** Trino lets nobody ask in another's name unless it is told to. */
  private static final String TRINO_RULES =
      """
      {"impersonation": [
        {"original_user": ".*", "new_user": "mallory", "allow": false},
        {"original_user": "gateway|CN=proxy|gateway@EXAMPLE.COM", "new_user": ".*"}]}
      """;

  /** Starts it with those more of Presto's settings. */
  static SecuredEngine start(Path folder, Map<String, String> login, String... jvmOptions)
      throws IOException, InterruptedException, GeneralSecurityException {
    TestCertificate certificate = TestCertificate.make(folder, CERTIFICATE);
    int port = LoopbackPort.claim(0);
    EmbeddedPresto.Options options =
        EmbeddedPresto.Options.defaults()
            .withSetting("http-server.https.enabled", "true")
            .withSetting("http-server.https.port", Integer.toString(port))
            .withSetting("http-server.https.keystore.path", certificate.store().toString())
            .withSetting("http-server.https.keystore.key", TestCertificate.PASSWORD);
    boolean trino = Engine.chosen() == Engine.TRINO;
    for (Map.Entry<String, String> setting : login.entrySet()) {
      String name = setting.getKey();
      options =
          options.withSetting(
              trino ? TRINO_NAMES.getOrDefault(name, name) : name, setting.getValue());
    }
    if (trino) {
      options =
          options
              .withSetting("http-server.authentication.allow-insecure-over-http", "true")
              .withSetting("internal-communication.shared-secret", "of the one node with itself")
              .withSetting("access-control.config-files", accessControl(folder).toString());
    }
    if (jvmOptions.length > 0) {
      options = options.withJvmOptions(jvmOptions);
    }
    return new SecuredEngine(EmbeddedPresto.start(options), port);
  }

  private static Path accessControl(Path folder) throws IOException {
    Path rules = folder.resolve("rules.json");
    Files.writeString(rules, TRINO_RULES);
    Path settings = folder.resolve("access-control.properties");
    Files.writeString(settings, "access-control.name=file\nsecurity.config-file=" + rules + "\n");
    return settings;
  }

  @Override
  public void close() {
    engine.close();
  }
}
