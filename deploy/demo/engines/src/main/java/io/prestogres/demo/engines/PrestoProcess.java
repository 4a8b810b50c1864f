package io.prestogres.demo.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The process that runs an engine: its folder, its start and its end. */
final class PrestoProcess implements AutoCloseable {
  private static final String LOG = "engine.log";
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

  static PrestoProcess start(Engine engine, EmbeddedPresto.Options options) throws IOException {
    int port = LoopbackPort.claim(options.port());
    TemporaryFolder folder = new TemporaryFolder("prestogres-presto");
    Process process = null;
    try {
      process = launch(engine.prepare(options, port, folder.path()), folder.path());
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
        throw new IOException("the engine ended with code " + process.exitValue());
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

  private static Process launch(List<String> command, Path folder) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve(LOG).toFile())
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
      throw new IOException("the engine did not start\n" + tail(folder.resolve(LOG)), failure);
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
    return new InterruptedIOException("interrupted while the engine was starting");
  }
}
