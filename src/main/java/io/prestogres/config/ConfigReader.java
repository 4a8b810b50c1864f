package io.prestogres.config;

import static io.prestogres.config.ValueKind.NAME;
import static io.prestogres.config.ValueKind.PORT;
import static io.prestogres.config.ValueKind.choice;
import static io.prestogres.config.ValueKind.duration;
import static io.prestogres.config.ValueKind.number;
import static io.prestogres.config.ValueKind.size;

import java.nio.file.Path;
import java.util.List;

/** The keys of the file, block by block, and the records that they make. */
final class ConfigReader {

  /** Stands where a required value is missing, in records that are thrown away. */
  static final String MISSING = "missing.invalid";

  private static final Address ADMIN = new Address("127.0.0.1", 9439);

  private ConfigReader() {}

  /** The parts of a file whose list of instances may be empty still. */
  record Contents(Settings settings, List<PluginConfig> plugins, List<InstanceConfig> instances) {}

  static Contents file(BlockReader file) {
    Settings settings = file.block("settings", ConfigReader::settings);
    List<PluginConfig> plugins = file.blocks("plugins", ConfigReader::plugin);
    List<InstanceConfig> instances = file.blocks("instances", ConfigReader::instance);
    if (instances.isEmpty() && file.problems().noneAt("instances")) {
      file.problems().add("instances", "at least one instance is needed");
    }
    return new Contents(settings, plugins, instances);
  }

  private static Settings settings(BlockReader block) {
    Settings defaults = Settings.DEFAULT;
    return new Settings(
        block.value("log-level", choice(LogLevel.class), defaults.logLevel()),
        block.value("event-loops", number(Bounds.EVENT_LOOPS, "a number"), defaults.eventLoops()),
        block.optionalBlock("admin", ConfigReader::admin));
  }

  private static Address admin(BlockReader block) {
    return new Address(
        block.value("host", NAME, ADMIN.host()), block.value("port", PORT, ADMIN.port()));
  }

  private static PluginConfig plugin(BlockReader block) {
    return new PluginConfig(
        block.required("name", NAME, MISSING),
        block.required("jar", ValueKind.file(block.directory()), Path.of(MISSING)),
        block.secrets("settings"),
        block.valuesOrWord("instances", "all", NAME),
        block.value("timeout", duration(Bounds.TIMEOUT), PluginConfig.DEFAULT_TIMEOUT));
  }

  private static InstanceConfig instance(BlockReader block) {
    InstanceConfig instance = parts(block);
    if (instance.presto().login().forwardPassword()
        && instance.tls().mode() != TlsConfig.Mode.REQUIRE) {
      block
          .problems()
          .add(
              block.at("presto.login.forward-password"),
              "needs tls.mode: require, for clients send their passwords in clear text");
    }
    return instance;
  }

  private static InstanceConfig parts(BlockReader block) {
    return new InstanceConfig(
        block.block("listen", ConfigReader::namedAddress),
        block.block("tls", TlsReader::tls),
        block.block("redirect", TlsReader::redirect),
        block.block("control", ConfigReader::control),
        block.block("presto", PrestoReader::presto),
        block.block("catalog", ConfigReader::catalog),
        block.block("results", ConfigReader::results),
        block.value(
            "table-function",
            choice(InstanceConfig.TableFunction.class),
            InstanceConfig.TableFunction.AUTO),
        block.value("shell", choice(InstanceConfig.Shell.class), InstanceConfig.Shell.TABLE),
        block.value(
            "pushdown", choice(InstanceConfig.Pushdown.class), InstanceConfig.Pushdown.EXACT),
        block.block("limits", ConfigReader::limits));
  }

  private static NamedAddress namedAddress(BlockReader block) {
    return new NamedAddress(
        block.required("name", NAME, MISSING),
        block.required("host", NAME, MISSING),
        block.required("port", PORT, 1));
  }

  static WarmBackendsConfig warmBackends(BlockReader block) {
    WarmBackendsConfig defaults = WarmBackendsConfig.DEFAULT;
    return new WarmBackendsConfig(
        block.value(
            "count", number(Bounds.WARM_BACKENDS, "a number of backends"), defaults.count()),
        block.value("idle-timeout", duration(Bounds.TIMEOUT), defaults.idleTimeout()),
        block.value("lifetime", duration(Bounds.TIMEOUT), defaults.lifetime()));
  }

  private static ControlConfig control(BlockReader block) {
    ControlConfig defaults = ControlConfig.DEFAULT;
    return new ControlConfig(
        block.value("user", NAME, defaults.user()),
        block.value("password", ValueKind.SECRET, defaults.password()),
        block.value(
            "connections",
            number(Bounds.CONTROL_CONNECTIONS, "a number of connections"),
            defaults.connections()));
  }

  private static CatalogConfig catalog(BlockReader block) {
    CatalogConfig defaults = CatalogConfig.DEFAULT;
    return new CatalogConfig(
        block.value("refresh", duration(Bounds.REFRESH), defaults.refresh()),
        block.value("connect-timeout", duration(Bounds.TIMEOUT), defaults.connectTimeout()),
        block.value("wait-for", choice(CatalogConfig.WaitFor.class), defaults.waitFor()),
        block.value("read-timeout", duration(Bounds.TIMEOUT), defaults.readTimeout()),
        block.value("schemas", choice(CatalogConfig.Schemas.class), defaults.schemas()),
        block.values("include", NAME),
        block.values("exclude", NAME),
        block.value(
            "max-tables", number(Bounds.TABLES, "a number of tables"), defaults.maxTables()),
        block.values("unlisted-schemas", NAME),
        block.value("default-schema", ValueKind.TEXT, defaults.defaultSchema()),
        block.value("create-databases", ValueKind.BOOLEAN, defaults.createDatabases()),
        block.value("statistics", duration(Bounds.AGE_OR_NEVER), defaults.statistics()),
        block.value("table-comments", duration(Bounds.AGE_OR_NEVER), defaults.tableComments()),
        block.value("per-user-visibility", ValueKind.BOOLEAN, defaults.perUserVisibility()));
  }

  private static ResultsConfig results(BlockReader block) {
    ResultsConfig defaults = ResultsConfig.DEFAULT;
    return new ResultsConfig(
        block.value("host", NAME, defaults.host()),
        block.value("port", PORT, defaults.port()),
        block.value("address", ValueKind.ADDRESS_OR_EMPTY, defaults.address()));
  }

  private static LimitsConfig limits(BlockReader block) {
    LimitsConfig defaults = LimitsConfig.DEFAULT;
    ValueKind<Integer> clients = number(Bounds.CLIENTS, "a number of clients");
    ValueKind<Integer> rows = number(Bounds.ROWS, "a number of rows");
    return new LimitsConfig(
        block.value("max-clients", clients, defaults.maxClients()),
        block.value("max-clients-per-user", clients, defaults.maxClientsPerUser()),
        block.value("max-clients-per-database", clients, defaults.maxClientsPerDatabase()),
        block.value("startup-timeout", duration(Bounds.TIMEOUT), defaults.startupTimeout()),
        block.value("connect-timeout", duration(Bounds.TIMEOUT), defaults.connectTimeout()),
        block.value("idle-timeout", duration(Bounds.TIMEOUT_OR_NONE), defaults.idleTimeout()),
        block.value(
            "shutdown-timeout", duration(Bounds.TIMEOUT_OR_NONE), defaults.shutdownTimeout()),
        block.value("max-statement", size(Bounds.STATEMENT_BYTES), defaults.maxStatementBytes()),
        new ScanLimits(
            block.value("scan-notice-rows", rows, defaults.scans().scanNoticeRows()),
            block.value("scan-row-limit", rows, defaults.scans().scanRowLimit())));
  }
}
