package io.prestogres.presto;

import io.prestogres.config.ConfigLoader;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/**
 * Proxies before an engine that wants to know who asks, one after the other, each with another
 * login.
 *
 * @param folder of the configuration, and of the files that it names
 * @param url of the engine
 * @param resultsPort the same for all: where PostgreSQL asks when the mirror could not be read
 */
record LoginProxy(Path folder, String url, int resultsPort) {
  /** As whom the engine is asked, by the table function called by hand. */
  static final String WHO =
      "select b[1] from (select prestogres.fetch_presto_query_results("
          + "'select cast(current_user as varchar)') as b offset 0) t where b[1] <> ''";

  /** Whether it is PL/Java that calls it. */
  static final String PROVIDER =
      "select prosrc like '%pljava_fetch%' from pg_proc"
          + " where proname = 'fetch_presto_query_results'";

  /** Uses a connection of alice's. */
  @FunctionalInterface
  interface Client {
    void use(Connection connection) throws Exception;
  }

  static LoginProxy of(Path folder, String url) throws IOException {
    return new LoginProxy(folder, url, LoopbackPort.claim(0));
  }

  /** A database that shows the engine's tables. */
  static void prepare(EmbeddedPostgresql postgresql) throws SQLException {
    postgresql.createRole("alice", "");
    postgresql.createDatabase("tpch", "postgres");
  }

  /** What alice does through a proxy with that {@code presto.login}. */
  void through(EmbeddedPostgresql behind, String tableFunction, String login, Client client)
      throws Exception {
    int port = LoopbackPort.claim(0);
    Prestogres proxy = start(port, behind, tableFunction, login);
    try (Connection connection = connect(port, "alice", "")) {
      client.use(connection);
    } finally {
      proxy.close();
    }
  }

  Prestogres start(int port, EmbeddedPostgresql behind, String tableFunction, String login)
      throws Exception {
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file,
        """
        settings: {log-level: error}
        instances:
          - listen: {name: login, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            presto: {url: "%s", flavor: %s, login: {%s}}
            tls: {mode: %s, certificate: presto.pem, key: presto.key}
            catalog: {include: [tiny]}
            table-function: %s
            results: {port: %d}
        """
            .formatted(
                port,
                behind.port(),
                url,
                Engine.chosen().name().toLowerCase(Locale.ROOT),
                login,
                login.contains("forward-password") ? "require" : "disable",
                tableFunction,
                resultsPort));
    return Prestogres.start(new ConfigLoader(Map.of()).load(file));
  }

  static Connection connect(int port, String user, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/tpch?sslmode=prefer&user=%s&password=%s"
            .formatted(port, user, password));
  }
}
