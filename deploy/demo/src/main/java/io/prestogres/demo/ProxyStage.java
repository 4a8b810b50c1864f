package io.prestogres.demo;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The proxy of the demo, started from a configuration file as any other proxy is. */
final class ProxyStage implements AutoCloseable {
  private final Path folder;

  private ProxyStage(Path folder) {
    this.folder = folder;
  }

  static ProxyStage start(
      Map<DemoPort, Integer> ports, EmbeddedPostgresql postgresql, EmbeddedPresto presto)
      throws IOException {
    Path folder = Files.createTempDirectory("prestogres-demo");
    Files.writeString(
        folder.resolve("config.yml"),
        """
        settings:
          log-level: warn
          admin: {host: 127.0.0.1, port: %d}
        instances:
          - listen: {name: demo, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            control: {user: postgres}
            presto: {url: "%s"}
            results: {host: 127.0.0.1, port: %d}
        """
            .formatted(
                ports.get(DemoPort.ADMIN),
                ports.get(DemoPort.PROXY),
                postgresql.port(),
                presto.uri(),
                ports.get(DemoPort.RESULTS)));
    return new ProxyStage(folder);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve("config.yml"));
    Files.deleteIfExists(folder);
  }
}
