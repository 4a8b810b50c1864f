package io.prestogres.it;

import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.demo.engines.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The proxy as a process of its own, with as much memory as it is given. What it says goes to a
 * file, which a failure quotes.
 */
final class ProxyProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final int port;

  private ProxyProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts it before a PostgreSQL on 127.0.0.1, and returns when it listens. It shows Presto's
   * tables nowhere.
   */
  static ProxyProcess start(int postgresqlPort, String... jvmOptions)
      throws IOException, InterruptedException {
    return startWith(
        postgresqlPort,
        "{url: \"http://127.0.0.1:1\", catalog: none, databases: [elsewhere]}",
        jvmOptions);
  }

  /** As the other, with the tables of a Presto. */
  static ProxyProcess start(int postgresqlPort, URI presto, String... jvmOptions)
      throws IOException, InterruptedException {
    return startWith(postgresqlPort, "{url: \"" + presto + "\"}", jvmOptions);
  }

  private static ProxyProcess startWith(int postgresqlPort, String presto, String... jvmOptions)
      throws IOException, InterruptedException {
    int port = LoopbackPort.claim(0);
    Path folder = TemporaryFolder.untilExit("prestogres-process");
    Path config = folder.resolve("config.yml");
    Files.writeString(
        config,
        """
        settings: {log-level: warn}
        instances:
          - listen: {name: process, host: 127.0.0.1, port: %d}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            presto: %s
            results: {host: 127.0.0.1, port: %d}
        """
            .formatted(port, postgresqlPort, presto, LoopbackPort.claim(0)));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(jvmOptions));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.prestogres.server.Main", "serve", "--config", config.toString()));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    ProxyProcess proxy = new ProxyProcess(process, log, port);
    proxy.awaitListening();
    return proxy;
  }

  private void awaitListening() throws IOException, InterruptedException {
    Instant end = Instant.now().plus(START_TIMEOUT);
    while (true) {
      try {
        new RawClient(port).close();
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          close();
          throw new IOException("the proxy does not start: " + log(), notYet);
        }
        Thread.sleep(100);
      }
    }
  }

  int port() {
    return port;
  }

  /** What it has said. */
  String log() throws IOException {
    return Files.readString(log);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The most bytes that it has had resident so far. */
  long peakResidentBytes() throws IOException {
    return peakResidentBytes(process.pid());
  }

  /** The most bytes that a process has had resident so far. */
  static long peakResidentBytes(long pid) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
      String line = lines.filter(l -> l.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
