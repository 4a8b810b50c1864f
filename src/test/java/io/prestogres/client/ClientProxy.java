package io.prestogres.client;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.TlsConfig.ClientCertificates;
import io.prestogres.config.TlsConfig.Mode;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.demo.engines.TemporaryFolder;
import io.prestogres.it.Stack;
import io.prestogres.it.TestCertificate;
import io.prestogres.server.Prestogres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy of its own before the engines of a {@link Stack}: it allows TLS and shows the catalog
 * tpch in the database {@link #DATABASE}. The user is {@link #USER}, without a password.
 */
final class ClientProxy implements AutoCloseable {
  static final String DATABASE = "clients";
  static final String USER = "presto";

  private final Prestogres proxy;
  private final int port;

  private ClientProxy(Prestogres proxy, int port) {
    this.proxy = proxy;
    this.port = port;
  }

  /** Starts the proxy and returns when the shells stand. */
  static ClientProxy start(Stack stack) throws Exception {
    stack.postgresql().createDatabase(DATABASE, USER);
    Path folder = TemporaryFolder.untilExit("prestogres-clients");
    TestCertificate certificate = TestCertificate.make(folder, "clients");
    int port = LoopbackPort.claim(0);
    InstanceConfig usual =
        Stack.refreshedSeldom(
            Stack.instance("it-clients", port, stack.postgresql().port(), stack.presto().uri()));
    InstanceConfig ours =
        new InstanceConfig(
            usual.listen(),
            new TlsConfig(
                Mode.ALLOW,
                certificate.certificate().toString(),
                certificate.key().toString(),
                ClientCertificates.NONE,
                ""),
            usual.redirect(),
            usual.control(),
            Stack.presto(stack.presto().uri(), "tpch", List.of(DATABASE)),
            usual.catalog(),
            usual.results(),
            usual.tableFunction(),
            usual.shell(),
            usual.pushdown(),
            usual.limits());
    ClientProxy proxy = new ClientProxy(Prestogres.start(Stack.config(ours)), port);
    proxy.awaitShells();
    return proxy;
  }

  int port() {
    return port;
  }

  /** An address for pgjdbc, with {@code options} as in a URL. */
  String jdbcUrl(String options) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&%s".formatted(port, DATABASE, USER, options);
  }

  private void awaitShells() throws SQLException {
    Instant end = Instant.now().plus(Duration.ofMinutes(2));
    while (true) {
      try (Connection connection = DriverManager.getConnection(jdbcUrl("sslmode=disable"));
          Statement statement = connection.createStatement();
          ResultSet there = statement.executeQuery("select to_regclass('tiny.supplier')")) {
        if (there.next() && there.getObject(1) != null) {
          return;
        }
      }
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("no shells in " + DATABASE);
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  @Override
  public void close() {
    proxy.close();
  }
}
