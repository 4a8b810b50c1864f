package io.prestogres.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ShutdownTest {

  /** What a process that ends by SIGTERM returns. */
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path directory;

  @Test
  @Timeout(60)
  void shouldStopAndSaySoWhenTerminated() throws IOException, InterruptedException {
    Process process = serve();
    try (BufferedReader log = process.errorReader()) {
      String first = firstLine(log);
      // Not Process.destroy, which closes the stream that is read here.
      process.toHandle().destroy();
      List<String> rest = log.lines().toList();

      assertThat(first).matches("\\S+Z INFO io.prestogres.server.Main started");
      assertThat(rest).singleElement().asString().endsWith("Main stopped");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(TERMINATED);
    } finally {
      process.destroyForcibly();
    }
  }

  /** SLF4J, which only the tests have, speaks before the log begins. */
  private static String firstLine(BufferedReader log) throws IOException {
    String line = log.readLine();
    while (line != null && line.startsWith("SLF4J")) {
      line = log.readLine();
    }
    return line;
  }

  private Process serve() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            instances:
              - listen: {name: prestogres, host: 127.0.0.1, port: 5439}
                redirect: {name: postgresql, host: 127.0.0.1, port: 5432}
                presto: {url: "http://127.0.0.1:8080"}
            """);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "serve",
            "--config",
            file.toString())
        .start();
  }
}
