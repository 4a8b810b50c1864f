package io.prestogres.demo.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The Java that runs Trino, where this machine has one. */
final class TrinoJava {
  /** What to tell where there is none. */
  static final String MISSING =
      "Trino needs a JDK "
          + TrinoJava.OLDEST
          + " or newer; none is in JAVA_HOME_TRINO or below /usr/lib/jvm";

  /** Trino 476 asks for 24.0.1; of 24 there is no release that still gets updates. */
  private static final int OLDEST = 25;

  private static final String VARIABLE = "JAVA_HOME_TRINO";

  /** Where Linux and macOS have their JDKs. */
  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/lib/jvm"), Path.of("/Library/Java/JavaVirtualMachines"));

  private TrinoJava() {}

  /**
   * The program {@code java}: of the environment variable JAVA_HOME_TRINO, else of this JVM, else
   * of the oldest one installed that is new enough.
   */
  static Optional<Path> find() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isEmpty()) {
      return program(Path.of(named)).filter(Files::isExecutable);
    }
    if (Runtime.version().feature() >= OLDEST) {
      return program(Path.of(System.getProperty("java.home")));
    }
    return FOLDERS.stream()
        .flatMap(TrinoJava::homes)
        .filter(home -> version(home) >= OLDEST)
        .sorted(Comparator.comparing(TrinoJava::version))
        .flatMap(home -> program(home).stream())
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Stream<Path> homes(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .flatMap(home -> Stream.of(home, home.resolve("Contents/Home")))
          .filter(home -> Files.isRegularFile(home.resolve("release")))
          .toList()
          .stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The feature release that the JDK's file {@code release} tells, 0 if it tells none. */
  private static int version(Path home) {
    Properties release = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
      return Runtime.Version.parse(release.getProperty("JAVA_VERSION", "0").replace("\"", ""))
          .feature();
    } catch (IOException | IllegalArgumentException unknown) {
      return 0;
    }
  }

  private static Optional<Path> program(Path home) {
    return Optional.of(home.resolve("bin").resolve("java"));
  }
}
