package io.prestogres.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.intercept.PluginJar;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private static final String INSTANCES =
      """
      instances:
        - listen: {name: prestogres, host: 127.0.0.1, port: 5439}
          redirect: {name: postgresql, host: 127.0.0.1, port: 5432}
          presto: {url: "http://127.0.0.1:8080"}
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldSayThatConfigurationIsValid() throws IOException {
    int code = run("check", "--config", file(INSTANCES));

    assertThat(out).hasToString("configuration is valid: 1 instance" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
  }

  @Test
  void shouldTakeTheEnvironmentIntoTheConfiguration() throws IOException {
    assertThat(run("check", "--config", file(INSTANCES.replace("5439", "\"${PORT}\"")))).isZero();
  }

  @Test
  void shouldListMistakesOnStandardError() throws IOException {
    String file = file(INSTANCES.replace("5432", "70000") + "extra: 1\n");

    int code = run("check", "--config", file);

    assertThat(err.toString().lines())
        .containsExactly(
            file + ": 2 problems",
            "  instances[0].redirect.port: 70000 is not a port (1 to 65535) (line 3)",
            "  extra: unknown key; known here: settings, plugins, instances (line 5)");
    assertThat(out.toString()).isEmpty();
    assertThat(code).isEqualTo(1);
  }

  @Test
  void shouldSayWhichPluginsCannotBeLoaded() throws IOException {
    Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
    Path empty = PluginJar.write(directory.resolve("empty.jar"), Map.of());
    String plugins = "plugins: [{name: a, jar: text.jar}, {name: b, jar: empty.jar}]\n";

    int code = run("check", "--config", file(plugins + INSTANCES));

    assertThat(err.toString().lines().toList())
        .hasSize(3)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).isEqualTo("plugins: 2 problems");
              assertThat(lines.get(1))
                  .startsWith("  plugins[0].jar: " + text + " cannot be read as a jar");
              assertThat(lines.get(2))
                  .startsWith("  plugins[1].jar: " + empty + " holds no plugin");
            });
    assertThat(code).isEqualTo(1);
  }

  @Test
  void shouldNotServeWhenAPluginDoesNotStart() throws IOException {
    PluginJar.of("picky")
        .start(
            "throw new IllegalArgumentException(\"color \" + context.settings().get(\"color\"));")
        .write(directory.resolve("picky.jar"));
    String plugins = "plugins: [{name: picky, jar: picky.jar, settings: {color: red}}]\n";

    assertThat(run("check", "--config", file(plugins + INSTANCES))).isZero();
    int code = run("serve", "--config", file(plugins + INSTANCES));

    assertThat(err.toString().lines())
        .containsExactly("plugins: 1 problem", "  plugins[0]: picky does not start: color red");
    assertThat(code).isEqualTo(1);
  }

  @Test
  void shouldNotServeWhenConfigurationHasMistakes() {
    int code = run("serve", "--config", directory.resolve("absent.yml").toString());

    assertThat(err.toString()).contains("absent.yml: 1 problem").contains("there is no such file");
    assertThat(code).isEqualTo(1);
  }

  @Test
  void shouldNameThePortWhenItIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String settings = "settings: {admin: {port: " + taken.getLocalPort() + "}}\n";

      int code = run("serve", "--config", file(settings + INSTANCES));

      assertThat(err.toString().lines())
          .singleElement()
          .asString()
          .startsWith(
              "settings: cannot listen on port " + taken.getLocalPort() + " (admin.port): ");
      assertThat(code).isEqualTo(1);
    }
  }

  @Test
  void shouldShowUsageWhenThereIsNoCommand() {
    int code = run();

    assertThat(err.toString()).contains("Usage: prestogres").contains("check").contains("serve");
    assertThat(code).isEqualTo(2);
  }

  @Test
  void shouldRefuseUnknownOptions() {
    int code = run("serve", "--confg", "x");

    assertThat(err.toString()).contains("Unknown option").contains("--confg");
    assertThat(code).isEqualTo(2);
  }

  @Test
  void shouldShowHelpAndVersion() {
    assertThat(run("--help")).isZero();
    assertThat(run("serve", "--help")).isZero();
    assertThat(out.toString()).contains("--config=FILE").contains("(default: config.yml)");
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).containsPattern("prestogres [0-9]+\\.[0-9]+\\.[0-9]+");
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("config.yml"), yaml).toString();
  }

  private int run(String... arguments) {
    return Main.run(
        Map.of("PORT", "6000"), new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
