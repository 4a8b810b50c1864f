package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prestogres.config.InstanceConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The real psql: its catalogue commands, its own copying and its Ctrl-C. */
@ExtendWith(StackExtension.class)
class PsqlIT {
  /** What psql calls them. */
  private static final Map<InstanceConfig.Shell, String> KINDS =
      Map.of(
          InstanceConfig.Shell.TABLE,
          "table",
          InstanceConfig.Shell.PARTITIONED,
          "partitioned table",
          InstanceConfig.Shell.FOREIGN,
          "foreign table");

  private final Stack stack;

  PsqlIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void needsPsql() {
    boolean there =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
    assumeTrue(there, "psql is not installed; package postgresql-client has it");
  }

  @Test
  void shouldBrowseTheCatalogue() throws Exception {
    String output =
        psql("tpch", "\\l", "\\dn", "\\dtE sf1.*", "\\d sf1.orders", "\\df prestogres.*");
    assertThat(output)
        .contains("tpcds")
        .contains("sf1000")
        .contains("sf10|prestogres_owner")
        .contains("sf1|lineitem|" + KINDS.get(Stack.SHELL_KIND) + "|prestogres_owner")
        .contains("orderdate|date||not null|")
        .contains("totalprice|double precision||not null|")
        .contains("fetch_presto_query_results")
        .doesNotContain("ERROR");
  }

  @Test
  void shouldCopyToAndFromFiles(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("region.tsv");
    String output =
        psql(
            "tpch",
            "\\copy sf1.region (regionkey, name) to '" + file + "'",
            "create temp table r (k bigint, n text)",
            "\\copy r from '" + file + "'",
            "select count(*), min(n) from r");
    assertThat(output).contains("COPY 5").contains("5|AFRICA").doesNotContain("ERROR");
    assertThat(Files.readAllLines(file)).hasSize(5).contains("2\tASIA");
  }

  @Test
  void shouldEndALongQueryOnCtrlC() throws Exception {
    Process psql = start("tpch", List.of("-c", "select count(*) from sf100.partsupp"));
    long pid = psql.pid();
    // Psql takes no signal before it is connected.
    Eventually.holds(Duration.ofSeconds(30), () -> running("\"partsupp\""));
    new ProcessBuilder("kill", "-INT", String.valueOf(pid)).start().waitFor();
    assertThat(psql.waitFor(2, TimeUnit.SECONDS)).as("psql is back").isTrue();
    assertThat(text(psql.getErrorStream())).contains("canceling statement due to user request");
    Eventually.holds(() -> !running("\"partsupp\""));
  }

  private boolean running(String part) {
    return stack.prestoQueries(part).stream().anyMatch(query -> !query.ended());
  }

  private String psql(String database, String... commands) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-A", "-t"));
    for (String command : commands) {
      arguments.add("-c");
      arguments.add(command);
    }
    Process process = start(database, arguments);
    String output = text(process.getInputStream()) + text(process.getErrorStream());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private Process start(String database, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "psql",
                "-X",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(stack.proxyPort()),
                "-U",
                "presto",
                "-d",
                database));
    command.addAll(arguments);
    return new ProcessBuilder(command).start();
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
