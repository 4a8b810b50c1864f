package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** psql, if it is installed. */
final class Psql {
  private Psql() {}

  static boolean isInstalled() {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
  }

  /**
   * What it prints of {@code select 7} in the database plain, errors included.
   *
   * @param options as in a connection string of libpq
   */
  static String run(int port, String options) throws Exception {
    List<String> command =
        List.of(
            "psql",
            "host=127.0.0.1 dbname=plain port=" + port + " " + options,
            "-XAtc",
            "select 7");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // Before the row comes the warning that there is no Presto.
    return output.strip().replaceFirst("^WARNING:.*\n", "");
  }
}
