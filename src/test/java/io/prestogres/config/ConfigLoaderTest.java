package io.prestogres.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

  /** The shortest configuration there is. */
  static final String MINIMAL =
      """
      instances:
        - listen: {name: prestogres, host: 127.0.0.1, port: 5439}
          redirect: {name: postgresql, host: 127.0.0.1, port: 5432}
          presto:
            url: http://127.0.0.1:8080
      """;

  private final ConfigLoader loader =
      new ConfigLoader(Map.of("PASSWORD", "s3cret", "PORT", "6000", "EMPTY", ""));

  @Test
  void shouldFillInDefaultsWhenOnlyWhatIsRequiredIsThere() {
    ProxyConfig config = loader.parse(MINIMAL);

    assertThat(config.settings()).isEqualTo(Settings.DEFAULT);
    InstanceConfig instance = config.instances().get(0);
    assertThat(instance.name()).isEqualTo("prestogres");
    assertThat(instance.redirect().address()).hasToString("127.0.0.1:5432");
    assertThat(instance.control()).isEqualTo(ControlConfig.DEFAULT);
    assertThat(instance.presto()).isEqualTo(PrestoConfig.defaults(instance.presto().url()));
    assertThat(instance.limits().maxStatementBytes()).isEqualTo(16L * 1024 * 1024);
  }

  @Test
  void shouldReadTlsWithFilesBesideTheConfiguration(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("config.yml");
    Files.writeString(
        file,
        MINIMAL.replace("port: 5432}", "port: 5432, tls: verify-full, ca: ca.pem}")
            + "    tls: {mode: require, certificate: c.pem, key: /k.pem}\n");

    InstanceConfig instance = loader.load(file).instances().get(0);

    assertThat(instance.tls())
        .isEqualTo(
            new TlsConfig(
                TlsConfig.Mode.REQUIRE,
                folder.resolve("c.pem").toString(),
                "/k.pem",
                TlsConfig.ClientCertificates.NONE,
                ""));
    assertThat(instance.redirect().tls()).isEqualTo(RedirectConfig.Tls.VERIFY_FULL);
    assertThat(instance.redirect().ca()).isEqualTo(folder.resolve("ca.pem").toString());
  }

  @Test
  void shouldReportFilesThatTlsNeeds() {
    String yaml =
        MINIMAL.replace("port: 5432}", "port: 5432, tls: verify-ca}")
            + "    tls: {mode: allow, key: k.pem, client-certificates: require}\n";

    assertThatThrownBy(() -> loader.parse(yaml))
        .hasMessageContaining("instances[0].redirect.ca: is missing; tls asks for it")
        .hasMessageContaining("instances[0].tls.certificate: is missing; mode asks for it")
        .hasMessageContaining(
            "instances[0].tls.client-ca: is missing; client-certificates asks for it");
    assertThatThrownBy(
            () -> loader.parse(MINIMAL.replace("port: 5432}", "port: 5432, ca: ca.pem}")))
        .hasMessageContaining("redirect.ca: has a meaning only where tls is");
  }

  @Test
  void shouldReportEveryMistakeWhenThereAreMany() {
    String yaml =
        """
        settings:
          log-level: verbose
          event-loops: 0
          admni: {}
        plugins: [hll]
        instances:
          - listen: {name: one, host: 127.0.0.1, port: 5439}
            redirect: {name: postgresql, host: 127.0.0.1, port: 70000}
            presto:
              url: ftp://127.0.0.1
              request-timeout: 30
            control: {password: "${NOWHERE}"}
            results: {host: 0.0.0.0}
            limits: 5
          - listen: {name: one, host: 127.0.0.1, port: 5439}
            redirect: {name: postgresql, host: 127.0.0.1}
            presto: {url: "https://presto:8443", catalog: hive}
            results: {port: 5441}
            table-function: plperl
        """;

    assertThat(problems(yaml))
        .containsExactly(
            "settings.log-level: verbose is not known; it is: error, warn, info, debug, trace"
                + " (line 2)",
            "settings.event-loops: 0 is not a number (1 to 256) (line 3)",
            "settings.admni: unknown key; did you mean admin? (line 4)",
            "plugins[0]: must be a block of keys, not a value (line 5)",
            "plugins[0].name: is missing (line 5)",
            "plugins[0].jar: is missing (line 5)",
            "instances[0].redirect.port: 70000 is not a port (1 to 65535) (line 8)",
            "instances[0].presto.url: ftp://127.0.0.1 is not the URL of a coordinator"
                + " (http://host:port or https://host:port) (line 10)",
            "instances[0].presto.request-timeout: 30 is not a duration (such as 500ms, 30s, 5m,"
                + " 1h) (line 11)",
            "instances[0].control.password: the environment variable NOWHERE is not set (line 12)",
            "instances[0].results.host: must be a loopback address until TLS is configured, not"
                + " 0.0.0.0 (line 13)",
            "instances[0].limits: must be a block of keys, not a value (line 14)",
            "instances[1].listen.name: one is the name at instances[0].listen.name already"
                + " (line 15)",
            "instances[1].listen.port: 5439 is the port of instances[0].listen already (line 15)",
            "instances[1].redirect.port: is missing (line 16)",
            "instances[1].presto.databases: is missing: the login databases in which the catalog"
                + " hive is shown (line 17)",
            "instances[1].table-function: plperl is not known; it is: auto, pljava, loopback"
                + " (line 19)");
  }

  @Test
  void shouldTakeUnderscoresForHyphensAndTextForNumbers() {
    String yaml =
        """
        settings: {log_level: DEBUG, event_loops: "2"}
        plugins:
        instances:
          - listen: {name: 7, host: 127.0.0.1, port: "5111"}
            redirect: {name: postgresql, host: 127.0.0.1, port: 5432}
            control: {password: 0123}
            catalog:
            limits: {max-statement: 64MB}
            presto:
              url: http://127.0.0.1:8080
              databases:
              session_properties: {query_max_run_time: 10m, join-reordering: true}
        """;

    ProxyConfig config = loader.parse(yaml);

    InstanceConfig instance = config.instances().get(0);
    assertThat(config.settings()).isEqualTo(new Settings(LogLevel.DEBUG, 2, Optional.empty()));
    assertThat(instance.listen()).isEqualTo(new NamedAddress("7", "127.0.0.1", 5111));
    assertThat(instance.control().password().value()).isEqualTo("0123");
    assertThat(instance.catalog()).isEqualTo(CatalogConfig.DEFAULT);
    assertThat(instance.limits().maxStatementBytes()).isEqualTo(64L << 20);
    assertThat(instance.presto().session().sessionProperties())
        .containsExactly(
            Map.entry("query_max_run_time", "10m"), Map.entry("join-reordering", "true"));
  }

  @Test
  void shouldReadWhatIsShownOfACatalog() {
    String yaml =
        MINIMAL
            + """
                catalog:
                  wait-for: first
                  read-timeout: 5s
                  schemas: LAZY
                  include: ["sales_*", "web.page_?"]
                  exclude: ["*.tmp_*"]
                  max-tables: 7
                  default-schema: web
                  create-databases: true
                  statistics: 0s
                  table-comments: 2h
                  per-user-visibility: true
            """;

    CatalogConfig catalog = loader.parse(yaml).instances().get(0).catalog();

    assertThat(catalog)
        .isEqualTo(
            new CatalogConfig(
                CatalogConfig.DEFAULT.refresh(),
                CatalogConfig.DEFAULT.connectTimeout(),
                CatalogConfig.WaitFor.FIRST,
                Duration.ofSeconds(5),
                CatalogConfig.Schemas.LAZY,
                List.of("sales_*", "web.page_?"),
                List.of("*.tmp_*"),
                7,
                List.of(),
                "web",
                true,
                Duration.ZERO,
                Duration.ofHours(2),
                true));
    assertThat(problems(yaml.replace("create-databases: true", "create-databases: yes")))
        .singleElement()
        .asString()
        .contains("yes is neither true nor false");
  }

  @Test
  void shouldReadAdminBlockWhenItIsThere() {
    assertThat(loader.parse("settings: {admin: {}}\n" + MINIMAL).settings().admin())
        .contains(new Address("127.0.0.1", 9439));
    assertThat(loader.parse("settings: {admin: {port: 1}}\n" + MINIMAL).settings().admin())
        .contains(new Address("127.0.0.1", 1));
    assertThat(loader.parse("settings: {admin: }\n" + MINIMAL).settings().admin()).isEmpty();
  }

  @Test
  void shouldReadCatalogWithItsDatabases() {
    PrestoConfig presto =
        loader
            .parse(MINIMAL + "      catalog: hive\n      databases: [a, b]\n")
            .instances()
            .get(0)
            .presto();

    assertThat(presto.catalog()).isEqualTo("hive");
    assertThat(presto.databases()).containsExactly("a", "b");
  }

  @Test
  void shouldRefuseDatabasesWithoutCatalog() {
    assertThat(problems(MINIMAL + "      databases: [a]\n"))
        .containsExactly(
            "instances[0].presto.databases: has a meaning only together with catalog (line 6)");
  }

  @Test
  void shouldReadPluginsInTheirOrder(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("one.jar"), "");
    Path file = directory.resolve("config.yml");
    Files.writeString(
        file,
        """
        plugins:
          - {name: one, jar: one.jar, settings: {b: "${PASSWORD}", a: 01}, timeout: 2s}
          - {name: two, jar: ./one.jar, settings:, instances: [prestogres]}
          - {name: three, jar: one.jar, instances: all}
        """
            + MINIMAL);

    List<PluginConfig> plugins = loader.load(file).plugins();

    assertThat(plugins).extracting(PluginConfig::name).containsExactly("one", "two", "three");
    assertThat(plugins)
        .extracting(PluginConfig::jar)
        .containsOnly(directory.toAbsolutePath().resolve("one.jar"));
    assertThat(plugins.get(0).settings().keySet()).containsExactly("b", "a");
    assertThat(plugins.get(0).settings())
        .containsEntry("a", new Secret("01"))
        .containsEntry("b", new Secret("s3cret"));
    assertThat(plugins.get(0).timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(plugins.get(0).toString()).doesNotContain("s3cret");
    assertThat(plugins.get(1).serves("prestogres")).isTrue();
    assertThat(plugins.get(1).serves("other")).isFalse();
    assertThat(plugins.get(2).serves("other")).isTrue();
    assertThat(plugins.get(2).timeout()).isEqualTo(PluginConfig.DEFAULT_TIMEOUT);
  }

  @Test
  void shouldReportEveryMistakeOfPlugins(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("one.jar"), "");
    Path file = directory.resolve("config.yml");
    Files.writeString(
        file,
        """
        plugins:
          - {name: one, jar: absent.jar}
          - {name: one, jar: one.jar, instances: []}
          - {name: two, jar: ., instances: [prestogres, other], timeout: 0s}
          - {name: three, jar: one.jar, instances: every}
        """
            + MINIMAL);

    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> loader.load(file));

    assertThat(thrown.problems().stream().map(Problem::toString))
        .containsExactly(
            "plugins[0].jar: absent.jar is not a file that can be read (line 2)",
            "plugins[1].instances: must not be empty; all means all of them (line 3)",
            "plugins[1].name: one is the name at plugins[0].name already (line 3)",
            "plugins[2].jar: . is not a file that can be read (line 4)",
            "plugins[2].timeout: 0s is out of bounds (1ms to 1d) (line 4)",
            "plugins[2].instances: there is no instance of the name other (line 4)",
            "plugins[3].instances: must be a list, not a value (line 5)");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'instances: at least one instance is needed'",
    "'instances:', 'instances: at least one instance is needed (line 1)'",
    "'instances: {}', 'instances: must be a list, not a block (line 1)'",
    "'just text', 'must be a block of keys, not a value (line 1)'",
    "'a: [', 'not YAML:'",
    "'a: &x 1\nb: *x', 'aliases (*x) are not supported (line 2)'",
    "'settings: {}\nsettings: {}', 'settings: the key stands twice in its block (line 2)'",
    "'settings: {log-level: info, log_level: info}', 'here as log_level (line 1)'",
    "'settings:\n---\nsettings:', 'a second YAML document'",
    "'something: 1', 'something: unknown key; known here: settings, plugins, instances (line 1)'",
  })
  void shouldExplainFilesThatAreNoConfiguration(String yaml, String problem) {
    assertThat(problems(yaml)).anySatisfy(found -> assertThat(found).contains(problem));
  }

  @Test
  void shouldSayWhichFileCannotBeRead(@TempDir Path directory) {
    Path file = directory.resolve("absent.yml");

    assertThatThrownBy(() -> loader.load(file))
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": 1 problem\n  there is no such file")
        .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "30s, 30000",
    "5m, 300000",
    "1h, 3600000",
    "1d, 86400000",
    "2 s, 2000",
  })
  void shouldReadDurations(String text, long millis) {
    PrestoConfig presto =
        loader.parse(MINIMAL + "      request-timeout: " + text).instances().get(0).presto();

    assertThat(presto.requestTimeout()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "2048B, 2048",
    "16kB, 16384",
    "16KiB, 16384",
    "64MiB, 67108864",
    "64MB, 67108864",
  })
  void shouldReadSizes(String text, long bytes) {
    LimitsConfig limits =
        loader
            .parse(MINIMAL + "    limits: {max-statement: " + text + "}")
            .instances()
            .get(0)
            .limits();

    assertThat(limits.maxStatementBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "max-statement, 16, is not a size",
    "max-statement, 2GiB, is out of bounds (1024B to 1073741823B)",
    "startup-timeout, 0s, is out of bounds (1ms to 1d)",
    "startup-timeout, -1s, is not a duration",
    "startup-timeout, 2d, is out of bounds (1ms to 1d)",
    "max-clients, many, is not a number of clients (1 to 1000000)",
    "max-clients, '[1]', 'must be one value, not a list'",
  })
  void shouldRefuseLimits(String key, String value, String message) {
    assertThat(problems(MINIMAL + "    limits: {" + key + ": " + value + "}"))
        .singleElement()
        .asString()
        .startsWith("instances[0].limits." + key)
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource({"localhost", "127.0.0.2", "'::1'"})
  void shouldTakeLoopbackAddressesForResults(String host) {
    ResultsConfig results =
        loader
            .parse(MINIMAL + "    results: {host: \"" + host + "\", address: \"[::1]:1\"}")
            .instances()
            .get(0)
            .results();

    assertThat(results.host()).isEqualTo(host);
    assertThat(results.reachedBy(9)).isEqualTo(new Address("::1", 1));
  }

  @Test
  void shouldSeeThatEveryAddressIncludesTheOthers() {
    String yaml = MINIMAL.replace("127.0.0.1, port: 5439", "0.0.0.0, port: 5440");

    assertThat(problems(yaml))
        .containsExactly(
            "instances[0].results.port: 5440 is the port of instances[0].listen already (line 2)");
  }

  private List<String> problems(String yaml) {
    return problems(loader, yaml == null ? "" : yaml);
  }

  /** The mistakes that a loader finds in a configuration, which has some. */
  static List<String> problems(ConfigLoader loader, String yaml) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> loader.parse(yaml));
    return thrown.problems().stream().map(Problem::toString).toList();
  }
}
