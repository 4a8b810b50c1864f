package io.prestogres.client;

import io.prestogres.config.InstanceConfig;
import io.prestogres.it.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A driver outside the JVM: how to find it, and the script that uses it. */
enum ScriptClient {
  PSQL("psql", "postgresql-client", List.of("psql", "--version"), List.of("sh", "with_psql.sh")) {
    @Override
    Expected expected(Expected usual) {
      return tablesAlone(usual);
    }
  },
  PSYCOPG2("psycopg2", "python3-psycopg2"),
  PSYCOPG("psycopg", "python3-psycopg"),
  ASYNCPG("asyncpg", "python3-asyncpg") {
    @Override
    Expected expected(Expected usual) {
      return usual.withoutStateOfCancel();
    }
  },
  SQLALCHEMY("sqlalchemy, psycopg2", "python3-sqlalchemy", "with_sqlalchemy.py") {
    @Override
    Expected expected(Expected usual) {
      return tablesAlone(usual);
    }
  },
  ODBC("pyodbc", "python3-pyodbc and odbc-postgresql", "with_pyodbc.py") {
    @Override
    void check(Script script) throws Exception {
      super.check(script);
      script.assumeSucceeds(
          List.of("grep", "-q", "PostgreSQL Unicode", "/etc/odbcinst.ini"), missing());
    }
  },
  DBD_PG(
      "DBD::Pg",
      "libdbd-pg-perl",
      List.of("perl", "-MDBD::Pg", "-e", "1"),
      List.of("perl", "with_dbd_pg.pl")) {
    @Override
    Expected expected(Expected usual) {
      return tablesAlone(usual);
    }
  },
  PHP(
      "pgsql of PHP",
      "php-cli and php-pgsql",
      List.of("php", "-r", "exit(extension_loaded('pgsql') ? 0 : 1);"),
      List.of("php", "with_pgsql.php")) {
    @Override
    Expected expected(Expected usual) {
      return usual.withoutStateOfCancel();
    }
  },
  PDO(
      "PDO",
      "php-cli and php-pgsql",
      List.of("php", "-r", "exit(extension_loaded('pdo_pgsql') ? 0 : 1);"),
      List.of("php", "with_pdo.php")),
  RUBY("ruby-pg", "ruby-pg", List.of("ruby", "-rpg", "-e", "1"), List.of("ruby", "with_pg.rb")),
  NODE_PG("pg", "nodejs and npm", List.of("npm", "--version"), List.of("node", "with_pg.js")) {
    @Override
    Installation install() throws Exception {
      return installNode(this);
    }
  },
  POSTGRES_JS(
      "postgres.js",
      "nodejs and npm",
      List.of("npm", "--version"),
      List.of("node", "with_postgres.js")) {
    @Override
    Installation install() throws Exception {
      return installNode(this);
    }
  },
  GO(
      "lib/pq and pgx",
      "golang-go, golang-github-lib-pq-dev and golang-github-jackc-pgx-v4-dev",
      List.of("go", "list", "github.com/lib/pq", "github.com/jackc/pgx/v4"),
      List.of("./clients")) {
    @Override
    Installation install() throws Exception {
      return installGo(this);
    }
  };

  /** Below Maven's target, so that a clean build begins anew. */
  private static final Path BUILT = Script.resources().resolveSibling("../clients").normalize();

  private static final Map<String, String> GO_VARIABLES =
      Map.of(
          "GO111MODULE", "off",
          "GOPATH", "/usr/share/gocode",
          "GOCACHE", BUILT.resolve("go-cache").toString(),
          "CGO_ENABLED", "0");

  private final String driver;
  private final String packages;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> probe;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<String> command;

  ScriptClient(String driver, String packages, List<String> probe, List<String> command) {
    this.driver = driver;
    this.packages = packages;
    this.probe = probe;
    this.command = command;
  }

  ScriptClient(String module, String packages) {
    this(module, packages, "with_" + module + ".py");
  }

  ScriptClient(String modules, String packages, String script) {
    this(
        modules,
        packages,
        List.of(python(), "-c", "import " + modules),
        List.of(python(), "python/" + script));
  }

  /**
   * What is ready to run.
   *
   * @param folder where to run it
   * @param command without variant and parts
   */
  record Installation(Path folder, List<String> command) {
    Installation {
      command = List.copyOf(command);
    }
  }

  /** Makes the client ready, or skips the test, saying what is missing. */
  Installation install() throws Exception {
    check(new Script(Script.resources(), Map.of()));
    return new Installation(Script.resources(), command);
  }

  /** Skips the test unless the driver is installed. */
  void check(Script script) throws Exception {
    script.assumeSucceeds(probe, missing());
  }

  /** What this client sees, where not every client is alike. */
  Expected expected(Expected usual) {
    return usual;
  }

  /** For a client that asks for tables, and does not take a foreign table for one. */
  private static Expected tablesAlone(Expected usual) {
    return Stack.SHELL_KIND == InstanceConfig.Shell.FOREIGN ? usual.withoutTables() : usual;
  }

  String missing() {
    return driver + " is not installed; Debian has it in " + packages;
  }

  /** Debian's own if it is there: its packages are for no other. */
  private static String python() {
    return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
  }

  private static Installation installNode(ScriptClient client) throws Exception {
    Path folder = copy("node");
    Script script = new Script(folder, Map.of());
    client.check(script);
    if (!Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
      script.assumeSucceeds(
          List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
          "npm ci cannot install " + client.driver);
    }
    return new Installation(folder, client.command);
  }

  private static Installation installGo(ScriptClient client) throws Exception {
    Path folder = copy("go");
    Script script = new Script(folder, GO_VARIABLES);
    client.check(script);
    script.lines(List.of("go", "build", "-o", "clients", "clients.go"));
    return new Installation(folder, client.command);
  }

  private static Path copy(String name) throws IOException {
    Path target = Files.createDirectories(BUILT.resolve(name));
    try (Stream<Path> files = Files.list(Script.resources().resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return target;
  }
}
