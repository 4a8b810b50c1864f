package io.prestogres.demo;

import io.prestogres.config.ConfigLoader;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.server.Prestogres;
import io.prestogres.server.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The proxy of the demo, started from a configuration file as any other proxy is. */
final class ProxyStage implements AutoCloseable {
  private final Path folder;
  private final Prestogres proxy;

  private ProxyStage(Path folder, Prestogres proxy) {
    this.folder = folder;
    this.proxy = proxy;
  }

  static ProxyStage start(
      Map<DemoPort, Integer> ports, EmbeddedPostgresql postgresql, EmbeddedPresto presto)
      throws IOException, DemoFailure {
    Path folder = Files.createTempDirectory("prestogres-demo");
    try {
      Path file = folder.resolve("config.yml");
      Files.writeString(file, config(ports, postgresql, presto));
      return new ProxyStage(folder, Prestogres.start(new ConfigLoader(Map.of()).load(file)));
    } catch (IOException | RuntimeException failure) {
      delete(folder);
      throw failure;
    } catch (StartFailure failure) {
      delete(folder);
      throw new DemoFailure(String.valueOf(failure.getMessage()));
    } catch (InterruptedException interrupted) {
      delete(folder);
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted while the proxy started");
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    delete(folder);
  }

  private static String config(
      Map<DemoPort, Integer> ports, EmbeddedPostgresql postgresql, EmbeddedPresto presto) {
    return """
        settings:
          log-level: warn
          admin: {host: 127.0.0.1, port: %d}
        instances:
          - listen: {name: demo, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            control: {user: postgres}
            presto: {url: "%s", flavor: %s}
            catalog: {unlisted-schemas: [sf10]}
            results: {host: 127.0.0.1, port: %d}
        """
        .formatted(
            ports.get(DemoPort.ADMIN),
            ports.get(DemoPort.PROXY),
            postgresql.port(),
            presto.uri(),
            presto.engine().name().toLowerCase(Locale.ROOT),
            ports.get(DemoPort.RESULTS));
  }

  private static void delete(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve("config.yml"));
    Files.deleteIfExists(folder);
  }
}
