package io.prestogres.demo.engines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which of the two engines {@link EmbeddedPresto} runs. */
public enum Engine {
  /** prestodb.io: its jars are on the class path that the build of this module wrote down. */
  PRESTO("X-Presto-") {
    @Override
    public List<String> catalogs() {
      return List.of("tpch", "tpcds", "memory");
    }

    @Override
    public Optional<String> missing() {
      return Optional.empty();
    }

    @Override
    List<String> prepare(EmbeddedPresto.Options options, int port, Path folder) throws IOException {
      return new PrestoCommand(options, port, folder).prepare();
    }
  },
  /** trino.io: its server was unpacked by profile {@code trino}; it needs a JDK of its own. */
  TRINO("X-Trino-") {
    @Override
    public List<String> catalogs() {
      return List.of("tpch", "memory");
    }

    @Override
    public Optional<String> missing() {
      return TrinoJava.find().isPresent() ? Optional.empty() : Optional.of(TrinoJava.MISSING);
    }

    @Override
    List<String> prepare(EmbeddedPresto.Options options, int port, Path folder) throws IOException {
      return new TrinoCommand(options, port, folder).prepare();
    }
  };

  /** The system property that chooses, {@code presto} or {@code trino}. */
  private static final String PROPERTY = "engine";

  private final String headerPrefix;

  Engine(String headerPrefix) {
    this.headerPrefix = headerPrefix;
  }

  /** The engine that system property {@code engine} names; Presto if there is none. */
  public static Engine chosen() {
    return valueOf(System.getProperty(PROPERTY, "presto").toUpperCase(Locale.ROOT));
  }

  /** What this machine lacks to run it; empty if nothing. */
  public abstract Optional<String> missing();

  /** Its catalogs. */
  public abstract List<String> catalogs();

  /** As users write it. */
  public String title() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** The name of a header of the client protocol. */
  String header(String name) {
    return headerPrefix + name;
  }

  /**
   * Writes what the process needs into its folder and returns the command that runs it. The process
   * says {@code READY} and its address on standard output, and ends when standard input does.
   */
  abstract List<String> prepare(EmbeddedPresto.Options options, int port, Path folder)
      throws IOException;
}
