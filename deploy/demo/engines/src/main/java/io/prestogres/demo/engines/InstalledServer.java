package io.prestogres.demo.engines;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL whose programs this machine has, with data of its own; it may have extensions that
 * the bundled one has not.
 */
final class InstalledServer implements Closeable {
  private static final long STOP_SECONDS = 30;

  private final Path programs;
  private final Path data;

  private InstalledServer(Path programs, Path data) {
    this.programs = programs;
    this.data = data;
  }

  /** Makes the data folder, starts PostgreSQL on the port, and returns when it answers. */
  static InstalledServer start(
      Path programs, Path data, int port, Map<String, String> settings, Path log, Duration patience)
      throws IOException {
    InstalledServer server = new InstalledServer(programs, data);
    server.run(
        log,
        "initdb",
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync");
    StringBuilder lines = new StringBuilder("\nport = " + port + "\n");
    settings.forEach(
        (key, value) -> lines.append(key).append(" = ").append(quoted(value)).append('\n'));
    Files.writeString(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
    server.run(log, "pg_ctl", "-w", "-t", String.valueOf(patience.toSeconds()), "start");
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres")) {
      connection.getMetaData().getDatabaseMajorVersion();
    } catch (SQLException failure) {
      server.close();
      throw new IOException("PostgreSQL does not answer", failure);
    }
    return server;
  }

  /** The folder of the programs of the PostgreSQL that {@code pg_config} tells of. */
  static Path programs() throws IOException {
    Process process = new ProcessBuilder("pg_config", "--bindir").start();
    try (InputStream output = process.getInputStream()) {
      return Path.of(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
  }

  private static String quoted(String value) {
    return value.startsWith("'") ? value : "'" + value.replace("'", "''") + "'";
  }

  /** PostgreSQL refuses to run as root, and in a user namespace it does not. */
  private void run(Path log, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of("-D", data.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .start();
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(program + " of " + programs + " failed");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(program + " was interrupted", interrupted);
    }
  }

  /** At once: a backend with a JVM inside would not hear of anything kinder. */
  @Override
  public void close() throws IOException {
    run(
        data.resolveSibling("stop.log"),
        "pg_ctl",
        "-w",
        "-t",
        String.valueOf(STOP_SECONDS),
        "-m",
        "immediate",
        "stop");
  }
}
