package io.prestogres.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prestogres.config.ConfigException;
import io.prestogres.config.ConfigLoader;
import io.prestogres.config.ProxyConfig;
import io.prestogres.intercept.PluginLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/**
 * The command line. Exit codes: 0 all is well, 1 what was asked for failed, 2 the arguments are
 * wrong.
 */
@Command(
    name = "prestogres",
    description = "A PostgreSQL endpoint for Presto and Trino.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main {

  private static final String CONFIG = "--config";
  private static final String FILE = "FILE";
  private static final String DEFAULT_FILE = "config.yml";
  private static final String CONFIG_TEXT = "The configuration file (default: ${DEFAULT-VALUE}).";

  private final ConfigLoader loader;
  private final PrintWriter out;
  private final PrintWriter err;

  private Main(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.loader = new ConfigLoader(environment);
    this.out = out;
    this.err = err;
  }

  /** Runs the program and ends the process. */
  public static void main(String[] arguments) {
    installLogManager();
    System.exit(
        run(
            System.getenv(),
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  /**
   * Before anything logs, and not in {@link LastingLogManager}: to call that class would initialise
   * its parent, which then reads the property too early.
   */
  private static void installLogManager() {
    String key = "java.util.logging.manager";
    if (System.getProperty(key) == null) {
      System.setProperty(key, LastingLogManager.class.getName());
    }
  }

  /** Runs the program and returns its exit code. */
  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Main(environment, out, err))
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }

  @Command(
      name = "serve",
      description = "Serves clients until it gets SIGTERM or SIGINT.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int serve(
      @Option(
              names = CONFIG,
              paramLabel = FILE,
              defaultValue = DEFAULT_FILE,
              description = CONFIG_TEXT)
          Path file)
      throws InterruptedException {
    try {
      ProxyConfig config = loader.load(file);
      LogSetup.apply(config.settings().logLevel());
      Prestogres prestogres = Prestogres.start(config);
      Logger log = System.getLogger(Main.class.getName());
      Runnable stop =
          () -> {
            prestogres.close();
            log.log(Level.INFO, "stopped");
          };
      Runtime.getRuntime().addShutdownHook(new Thread(stop, "shutdown"));
      // Only now: whoever waits for this line may send SIGTERM at once.
      log.log(Level.INFO, "started");
      prestogres.awaitClose();
      return CommandLine.ExitCode.OK;
    } catch (ConfigException | StartFailure e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(
      name = "check",
      description = "Says whether a configuration file is valid; connects to nothing.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int check(
      @Option(
              names = CONFIG,
              paramLabel = FILE,
              defaultValue = DEFAULT_FILE,
              description = CONFIG_TEXT)
          Path file) {
    try {
      ProxyConfig config = loader.load(file);
      Prestogres.readTlsFiles(config);
      PluginLoader.check(config.plugins());
      int instances = config.instances().size();
      out.println(
          "configuration is valid: " + instances + (instances == 1 ? " instance" : " instances"));
      return CommandLine.ExitCode.OK;
    } catch (ConfigException | StartFailure e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Command(
      name = "dump-options",
      description = "Prints options for pg_dump, so that it leaves out what the mirror has made.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  int dumpOptions(
      @Option(
              names = CONFIG,
              paramLabel = FILE,
              defaultValue = DEFAULT_FILE,
              description = CONFIG_TEXT)
          Path file,
      @Option(
              names = "--database",
              paramLabel = "NAME",
              defaultValue = "",
              description = "The database (default: the one that the configuration names).")
          String database)
      throws InterruptedException {
    try {
      new DumpOptions(loader.load(file)).of(database).forEach(out::println);
      return CommandLine.ExitCode.OK;
    } catch (ConfigException | StartFailure e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
      return new String[] {"prestogres " + text()};
    }

    static String text() throws IOException {
      Properties properties = new Properties();
      try (InputStream resource = Main.class.getResourceAsStream("version.properties")) {
        if (resource != null) {
          properties.load(resource);
        }
      }
      return properties.getProperty("version", "(unknown version)");
    }
  }
}
