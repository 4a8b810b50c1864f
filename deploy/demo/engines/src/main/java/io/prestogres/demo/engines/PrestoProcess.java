package io.prestogres.demo.engines;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process that runs {@link PrestoMain}: its command line, its folder, its start and its end.
 */
final class PrestoProcess implements AutoCloseable {
  /** Written by the build of this module: the jars of Presto, one a line. */
  private static final String CLASS_PATH = "/META-INF/prestogres/presto.classpath";

  private static final String READY = "READY ";
  private static final int LOG_TAIL = 30;

  private final Process process;
  private final TemporaryFolder folder;
  private final URI uri;

  private PrestoProcess(Process process, TemporaryFolder folder, URI uri) {
    this.process = process;
    this.folder = folder;
    this.uri = uri;
  }

  static PrestoProcess start(EmbeddedPresto.Options options) throws IOException {
    int port = LoopbackPort.claim(options.port());
    TemporaryFolder folder = new TemporaryFolder("prestogres-presto");
    Process process = null;
    try {
      writeSettings(options, port, folder.path());
      writeArguments(options, folder.path());
      process = launch(folder.path());
      URI uri = awaitReady(process, folder.path(), options.startTimeout());
      return new PrestoProcess(process, folder, uri);
    } catch (IOException | RuntimeException failure) {
      if (process != null) {
        end(process);
      }
      folder.delete();
      throw failure;
    }
  }

  URI uri() {
    return uri;
  }

  long pid() {
    return process.pid();
  }

  void pause(Duration duration) throws IOException {
    try {
      if (process.waitFor(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("Presto ended with code " + process.exitValue());
      }
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  @Override
  public void close() {
    end(process);
    try {
      folder.delete();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void writeSettings(EmbeddedPresto.Options options, int port, Path folder)
      throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("http-server.http.port", Integer.toString(port));
    settings.put("node-scheduler.include-coordinator", "true");
    settings.put("memory.max-data-per-node", options.memoryTables());
    settings.putAll(options.settings());
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var writer = Files.newBufferedWriter(folder.resolve("presto.properties"))) {
      properties.store(writer, null);
    }
    // Presto and its libraries warn hundreds of times at each start; only what is severe is kept.
    Files.writeString(
        folder.resolve("logging.properties"),
        "handlers=java.util.logging.ConsoleHandler\n.level=SEVERE\n");
    Files.createDirectory(folder.resolve("tmp"));
  }

  private static void writeArguments(EmbeddedPresto.Options options, Path folder)
      throws IOException {
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    arguments.add("-Djava.util.logging.config.file=" + folder.resolve("logging.properties"));
    arguments.add("-Duser.timezone=UTC");
    arguments.add("-Dfile.encoding=UTF-8");
    arguments.add("-cp");
    arguments.add(classPath());
    arguments.add(PrestoMain.class.getName());
    arguments.add(folder.toString());
    // A file, because the class path is longer than some systems allow a command line to be.
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      text.append('"').append(argument.replace("\\", "\\\\")).append("\"\n");
    }
    Files.writeString(folder.resolve("arguments"), text);
  }

  private static String classPath() throws IOException {
    Path own;
    try {
      own = Path.of(PrestoMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IOException(impossible);
    }
    try (InputStream resource = PrestoProcess.class.getResourceAsStream(CLASS_PATH)) {
      if (resource == null) {
        throw new IOException(CLASS_PATH + " is missing: build demo-engines with Maven first");
      }
      String jars = new String(resource.readAllBytes(), StandardCharsets.UTF_8).trim();
      for (String jar : jars.split(File.pathSeparator, -1)) {
        if (Files.notExists(Path.of(jar))) {
          throw new IOException(jar + " is missing: build demo-engines with Maven again");
        }
      }
      // This module comes first: it has the patched classes of two connectors.
      return own + File.pathSeparator + jars;
    }
  }

  private static Process launch(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + folder.resolve("arguments"))
        .directory(folder.toFile())
        .redirectError(folder.resolve("presto.log").toFile())
        .start();
  }

  private static URI awaitReady(Process process, Path folder, Duration timeout) throws IOException {
    CompletableFuture<URI> ready = new CompletableFuture<>();
    Thread reader = new Thread(() -> readOutput(process, ready), "presto-output");
    reader.setDaemon(true);
    reader.start();
    try {
      return ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IOException("Presto did not start\n" + tail(folder.resolve("presto.log")), failure);
    } catch (InterruptedException interrupted) {
      throw interrupted();
    }
  }

  /** Reads to the end, lest Presto should ever wait for somebody to read what it prints. */
  private static void readOutput(Process process, CompletableFuture<URI> ready) {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = output.readLine()) != null) {
        if (line.startsWith(READY)) {
          ready.complete(URI.create(line.substring(READY.length())));
        }
      }
      ready.completeExceptionally(new IOException("the process ended"));
    } catch (IOException failure) {
      ready.completeExceptionally(failure);
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while Presto was starting");
  }
}
