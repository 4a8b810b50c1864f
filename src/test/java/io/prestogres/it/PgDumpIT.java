package io.prestogres.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Databases with shells in them, dumped by pg_dump and restored by psql. */
@ExtendWith(StackExtension.class)
class PgDumpIT {
  private static final List<String> DATABASES = List.of("dumped", "whole", "spared", "childless");

  private final Stack stack;
  @TempDir private Path folder;

  PgDumpIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void needsPgDump() {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "pg_dump")));
    assumeTrue(there, "pg_dump is not installed; package postgresql-client has it");
  }

  @Test
  void shouldRestoreDatabasesThatAnswer() throws Exception {
    for (String database : DATABASES) {
      stack.postgresql().createDatabase(database, "presto");
    }
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = Prestogres.start(Stack.config(instance(port)))) {
      assertThat(proxy.adminPort()).isEmpty();
      try (Connection client = Stack.connect(port, "presto", "dumped")) {
        Stack.run(
            client,
            "CREATE TABLE public.mine AS SELECT g AS nationkey FROM generate_series(1, 1000) g",
            "CREATE SCHEMA own",
            "CREATE VIEW own.names AS SELECT name FROM tiny.nation JOIN public.mine USING (nationkey)");
      }
      shouldRestoreAllOfIt(port);
      shouldRestoreWithoutTheMirror(port);
      shouldGiveShellsTheirChildrenBack(port);
    }
  }

  private InstanceConfig instance(int port) throws Exception {
    InstanceConfig usual =
        Stack.instance("dumps-" + port, port, stack.postgresql().port(), stack.presto().uri());
    CatalogConfig catalog =
        Stack.onlyTiny(usual.catalog(), Duration.ofHours(1), usual.catalog().statistics());
    return Stack.withPresto(
        Stack.withCatalog(usual, catalog), Stack.presto(stack.presto().uri(), "tpch", DATABASES));
  }

  private void shouldRestoreAllOfIt(int port) throws Exception {
    Path dump = folder.resolve("whole.sql");
    run("pg_dump", "-f", dump.toString(), dsn(stack.postgresql().port(), "dumped"));
    assertThat(dump).content().doesNotContain("ALGERIA").contains("CREATE FOREIGN TABLE");

    restore(dump, "whole");
    answers(port, "whole");
    try (Connection client = Stack.connect(port, "presto", "whole")) {
      assertThat(Stack.rows(client, "SELECT count(*) FROM own.names")).containsExactly("24");
    }
  }

  /** Through the proxy, which would give pg_dump all of Presto's rows. */
  private void shouldRestoreWithoutTheMirror(int port) throws Exception {
    Path config = folder.resolve("config.yml");
    Files.writeString(
        config,
        """
        instances:
          - listen: {name: dumps, host: 127.0.0.1, port: 1}
            redirect: {name: postgresql, host: 127.0.0.1, port: %d}
            presto: {url: "%s", catalog: tpch, databases: [dumped]}
        """
            .formatted(stack.postgresql().port(), stack.presto().uri()));
    List<String> options =
        run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.prestogres.server.Main",
                "dump-options",
                "--config",
                config.toString())
            .lines()
            .toList();
    assertThat(options)
        .containsExactly(
            "--exclude-schema=\"prestogres\"",
            "--exclude-schema=\"prestogres_scan\"",
            "--exclude-schema=\"tiny\"");
    Set<String> asked = stack.prestoQueryIds("");
    Path dump = folder.resolve("spared.sql");
    List<String> command = new ArrayList<>(List.of("pg_dump", "-f", dump.toString()));
    command.addAll(options);
    command.addAll(List.of("--exclude-schema=own", dsn(port, "dumped")));
    run(command.toArray(String[]::new));
    assertThat(stack.prestoQueryIds("")).isSubsetOf(asked);
    assertThat(dump).content().doesNotContain("tiny").contains("public.mine");

    restore(dump, "spared");
    answers(port, "spared");
  }

  /** A dump of a schema alone has none: such shells would answer nothing. */
  private void shouldGiveShellsTheirChildrenBack(int port) throws Exception {
    Path dump = folder.resolve("childless.sql");
    run("pg_dump", "-n", "tiny", "-f", dump.toString(), dsn(stack.postgresql().port(), "dumped"));
    if (Stack.SHELL_KIND == InstanceConfig.Shell.FOREIGN) {
      // Its shells need the server, which is in no dump of a schema.
      return;
    }
    restore(dump, "childless");
    try (Connection direct = stack.direct("presto", "childless")) {
      Stack.run(direct, "CREATE TABLE public.mine AS SELECT generate_series(1, 1000)");
    }
    answers(port, "childless");
  }

  /** The first client to come finds all of it, by every way. */
  private void answers(int port, String database) throws SQLException {
    try (Connection client = Stack.connect(port, "presto", database);
        Connection direct = stack.direct("presto", database)) {
      assertThat(Stack.rows(client, "SELECT count(*) FROM tiny.orders")).containsExactly("15000");
      assertThat(Stack.rows(direct, "SELECT count(*) FROM tiny.nation")).containsExactly("25");
      assertThat(Stack.rows(direct, "SELECT count(*) FROM public.mine")).containsExactly("1000");
      assertThat(Stack.rows(direct, "SELECT count(*) FROM prestogres.catalog_problem"))
          .containsExactly("0");
    }
  }

  private static String dsn(int port, String database) {
    return "host=127.0.0.1 user=postgres port=" + port + " dbname=" + database;
  }

  private void restore(Path dump, String database) throws Exception {
    run(
        "psql",
        "-Xqv",
        "ON_ERROR_STOP=1",
        "-f",
        dump.toString(),
        dsn(stack.postgresql().port(), database));
  }

  /** What it prints. */
  private String run(String... command) throws Exception {
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return output;
  }
}
