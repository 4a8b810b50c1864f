package io.prestogres.demo.engines;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running Presto with the catalogs tpch, tpcds and memory, or, where system property {@code
 * engine} says so, a Trino with tpch and memory; in a JVM of its own. HTTP on 127.0.0.1 without
 * authentication. Thread-safe.
 *
 * <p>One more port, Presto's Thrift server, is open on all interfaces; it has no setting for that
 * and lets nobody query.
 *
 * <p>{@link #close()} takes milliseconds: the process is ended, not shut down. It ends too when
 * this JVM does, however that happens.
 */
public final class EmbeddedPresto implements AutoCloseable {
  private final Engine engine;
  private final PrestoProcess process;
  private final PrestoHttp http;

  private EmbeddedPresto(Engine engine, PrestoProcess process) {
    this.engine = engine;
    this.process = process;
    this.http = new PrestoHttp(process.uri(), engine);
  }

  /** Starts Presto on any free port. */
  public static EmbeddedPresto start() throws IOException {
    return start(Options.defaults());
  }

  /**
   * Starts Presto and returns when it answers queries, 7 to 15 seconds later.
   *
   * @throws PortBusyException if the port of the options is taken
   * @throws IOException if Presto does not come up; the message has the end of its log
   */
  public static EmbeddedPresto start(Options options) throws IOException {
    Engine engine = Engine.chosen();
    PrestoProcess process = PrestoProcess.start(engine, options);
    EmbeddedPresto presto = new EmbeddedPresto(engine, process);
    try {
      presto.awaitAnswer(options.startTimeout());
      return presto;
    } catch (IOException | RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /** Which of the two it is. */
  public Engine engine() {
    return engine;
  }

  /** Where Presto's HTTP interface is, such as {@code http://127.0.0.1:18080}. */
  public URI uri() {
    return process.uri();
  }

  /**
   * The address for presto-jdbc; a catalog and a schema may be added as {@code /catalog/schema}.
   */
  public String jdbcUrl() {
    return "jdbc:presto://" + uri().getAuthority();
  }

  /** The process id of Presto, for tests that kill or stop it. */
  public long pid() {
    return process.pid();
  }

  /**
   * Runs one statement to its end and returns its rows as Presto's JSON has them: whole numbers as
   * Long, other numbers as Double, dates, decimals and the like as String. The user is {@code
   * engine}.
   *
   * @throws QueryFailedException if Presto refuses or fails the statement
   */
  public List<List<@Nullable Object>> execute(String sql) {
    return http.execute(sql, Map.of());
  }

  /**
   * As {@link #execute(String)}, with more request headers, by their names without {@code
   * X-Presto-} or {@code X-Trino-}: User, Catalog and so on.
   */
  public List<List<@Nullable Object>> execute(String sql, Map<String, String> headers) {
    return http.execute(sql, headers);
  }

  /** The queries that Presto knows of, ended ones included, for some minutes after their end. */
  public List<QueryInfo> queries() {
    return http.queries();
  }

  @Override
  public void close() {
    process.close();
  }

  /** A coordinator that listens may be starting still, or know of no node that reads tables. */
  private void awaitAnswer(Duration timeout) throws IOException {
    long start = System.nanoTime();
    while (true) {
      try {
        execute("SELECT count(*) FROM tpch.tiny.region");
        return;
      } catch (QueryFailedException notYet) {
        if (System.nanoTime() - start > timeout.toNanos()) {
          throw new IOException("Presto does not answer after " + timeout, notYet);
        }
      }
      process.pause(Duration.ofMillis(100));
    }
  }

  /**
   * How to start Presto.
   *
   * @param port TCP port on 127.0.0.1, 0 for any
   * @param memoryTables how much the tables of catalog memory may hold, as Presto writes sizes
   * @param settings further lines of Presto's config.properties
   * @param jvmOptions options of its JVM
   * @param startTimeout how long to wait until it answers
   */
  public record Options(
      int port,
      String memoryTables,
      Map<String, String> settings,
      List<String> jvmOptions,
      Duration startTimeout) {

    public Options {
      settings = Map.copyOf(settings);
      jvmOptions = List.copyOf(jvmOptions);
    }

    /**
     * Any port, 512 MB for catalog memory, 2 GB of heap, and the quick compiler alone: on two busy
     * cores that brings Presto up in 13 s instead of 47. For measuring throughput, replace the
     * JVM's options.
     */
    public static Options defaults() {
      return new Options(
          0,
          "512MB",
          Map.of(),
          List.of("-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
          Duration.ofMinutes(3));
    }

    /** These options with another port. */
    public Options withPort(int newPort) {
      return new Options(newPort, memoryTables, settings, jvmOptions, startTimeout);
    }

    /** These options with another limit for catalog memory. */
    public Options withMemoryTables(String newLimit) {
      return new Options(port, newLimit, settings, jvmOptions, startTimeout);
    }

    /** These options with one more line of config.properties. */
    public Options withSetting(String key, String value) {
      Map<String, String> more = new HashMap<>(settings);
      more.put(key, value);
      return new Options(port, memoryTables, more, jvmOptions, startTimeout);
    }

    /** These options with other options of the JVM. */
    public Options withJvmOptions(String... newOptions) {
      return new Options(port, memoryTables, settings, List.of(newOptions), startTimeout);
    }
  }
}
