package io.prestogres.it;

import io.prestogres.config.ControlConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.RedirectConfig;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.demo.engines.TemporaryFolder;
import io.prestogres.server.Prestogres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A PostgreSQL with TLS, and proxies before it with every kind of TLS. There is no Presto: the
 * sessions are PostgreSQL's alone. The roles: presto is trusted, those that begin with scram have
 * to show a password.
 */
final class TlsStack implements AutoCloseable {
  private static final URI NO_PRESTO = URI.create("http://127.0.0.1:1");

  final Path folder;
  final TestCertificate ours;
  final TestCertificate theirs;
  final TestCertificate client;
  private final EmbeddedPostgresql postgresql;

  private TlsStack(
      Path folder,
      TestCertificate ours,
      TestCertificate theirs,
      TestCertificate client,
      EmbeddedPostgresql postgresql) {
    this.folder = folder;
    this.ours = ours;
    this.theirs = theirs;
    this.client = client;
    this.postgresql = postgresql;
  }

  static TlsStack start() throws Exception {
    Path folder = TemporaryFolder.untilExit("prestogres-tls");
    // Inside a user namespace PostgreSQL may be somebody else.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    TestCertificate ours = TestCertificate.make(folder, "proxy");
    TestCertificate theirs = TestCertificate.make(folder, "postgresql");
    TestCertificate client = TestCertificate.make(folder, "client");
    Path hba = folder.resolve("pg_hba.conf");
    Files.writeString(
        hba,
        """
        host all scram,scram-unknown,scram-none,scram-md5,scram-expired 127.0.0.1/32 scram-sha-256
        hostssl all secure 127.0.0.1/32 trust
        hostnossl all secure 127.0.0.1/32 reject
        host all all 127.0.0.1/32 trust
        """);
    EmbeddedPostgresql postgresql =
        EmbeddedPostgresql.start(
            BundledPostgresql.options()
                .withServerSetting("ssl", "on")
                .withServerSetting("ssl_cert_file", theirs.certificate().toString())
                .withServerSetting("ssl_key_file", theirs.key().toString())
                .withServerSetting("hba_file", hba.toString()));
    postgresql.createRole("presto", "");
    postgresql.createRole("secure", "");
    postgresql.createRole("scram", "PASSWORD 'secret'");
    postgresql.createRole("scram-none", "");
    postgresql.createRole("scram-md5", "PASSWORD 'md5d8578edf8458ce06fbc5bb76a58c5ca4'");
    postgresql.createRole("scram-expired", "PASSWORD 'secret' VALID UNTIL '2001-01-01'");
    postgresql.createRole("plain-control", "");
    postgresql.createDatabase("plain", "presto");
    return new TlsStack(folder, ours, theirs, client, postgresql);
  }

  TlsConfig tls(Mode mode) {
    return tls(mode, ours, ClientCertificates.NONE);
  }

  TlsConfig tls(Mode mode, TestCertificate shown, ClientCertificates asked) {
    return new TlsConfig(
        mode,
        shown.certificate().toString(),
        shown.key().toString(),
        asked,
        client.certificate().toString());
  }

  RedirectConfig redirect(RedirectConfig.Tls tls, String ca) {
    return new RedirectConfig(
        "postgresql", "127.0.0.1", postgresql.port(), tls, ca, WarmBackendsConfig.DEFAULT);
  }

  /** A proxy; {@code port} has to be claimed before. */
  static Prestogres proxy(int port, TlsConfig tls, RedirectConfig redirect) throws Exception {
    return proxy(port, tls, redirect, usual(port, redirect).control());
  }

  private static InstanceConfig usual(int port, RedirectConfig redirect) throws IOException {
    return Stack.instance("tls-" + port, port, redirect.port(), NO_PRESTO);
  }

  /** A proxy with another control role. */
  static Prestogres proxy(int port, TlsConfig tls, RedirectConfig redirect, ControlConfig control)
      throws Exception {
    InstanceConfig usual = usual(port, redirect);
    return Prestogres.start(
        Stack.config(
            new InstanceConfig(
                usual.listen(),
                tls,
                redirect,
                control,
                usual.presto(),
                usual.catalog(),
                usual.results(),
                usual.tableFunction(),
                usual.shell(),
                usual.pushdown(),
                usual.limits())));
  }

  static int port() throws Exception {
    return LoopbackPort.claim(0);
  }

  /** A connection by pgjdbc; {@code options} as in a URL. */
  static Connection connect(int port, String user, String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/plain?user=" + user + "&" + options);
  }

  @Override
  public void close() {
    postgresql.close();
  }
}
