package io.prestogres.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs programs in a folder, with libpq's variables set and all output in files. */
final class Script {
  private static final int SECONDS = 120;

  private final Path folder;
  private final Map<String, String> environment;

  Script(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** Where the scripts are: the copy in the class path of the tests. */
  static Path resources() {
    try {
      return Path.of(Objects.requireNonNull(Script.class.getResource("/clients")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Skips the test unless this command succeeds. */
  void assumeSucceeds(List<String> command, String otherwise) throws Exception {
    boolean succeeds;
    try {
      succeeds = run(command).exit() == 0;
    } catch (IOException notThere) {
      succeeds = false;
    }
    assumeTrue(succeeds, otherwise);
  }

  /** The lines that a command prints; it has to succeed. */
  List<String> lines(List<String> command) throws Exception {
    Result result = run(command);
    assertThat(result.exit()).as("%s: %s", command, result.errors()).isZero();
    return result.output().lines().toList();
  }

  private Result run(List<String> command) throws Exception {
    Path output = Files.createTempFile("client", ".out");
    Path errors = Files.createTempFile("client", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
      builder.directory(folder.toFile());
      builder.environment().putAll(environment);
      builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            command + " hangs after " + Files.readString(output) + Files.readString(errors));
      }
      return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private record Result(int exit, String output, String errors) {}
}
