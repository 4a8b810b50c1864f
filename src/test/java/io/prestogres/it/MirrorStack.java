package io.prestogres.it;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.PrestoConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real PostgreSQL with its default {@code max_locks_per_transaction}, a Presto of metadata alone,
 * and as many proxies between as a test starts. The catalog is {@code web}, shown in the database
 * of that name. A class of tests registers one as an extension; before each test it is empty again.
 */
final class MirrorStack implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  /** Nothing is refreshed unless a test says so. */
  static final CatalogConfig CALM = refreshing(Duration.ofHours(1));

  private final List<Prestogres> proxies = new ArrayList<>();
  private EmbeddedPostgresql postgresql;
  private MetadataPresto presto;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    postgresql =
        EmbeddedPostgresql.start(
            BundledPostgresql.options().withServerSetting("max_locks_per_transaction", "64"));
    postgresql.createRole("alice", "");
    presto = MetadataPresto.start("web");
  }

  /** A database {@code web} in which nothing was ever mirrored, and a Presto without any schema. */
  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    proxies.forEach(Prestogres::close);
    proxies.clear();
    presto.clear();
    postgresql.execute("postgres", "DROP DATABASE IF EXISTS web WITH (FORCE)");
    postgresql.createDatabase("web", "postgres");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    proxies.forEach(Prestogres::close);
    presto.close();
    postgresql.close();
  }

  /** Refreshed often. */
  static CatalogConfig refreshing(Duration refresh) {
    return catalog(refresh, CatalogConfig.WaitFor.FRESH, Duration.ofSeconds(60));
  }

  static CatalogConfig catalog(
      Duration refresh, CatalogConfig.WaitFor waitFor, Duration connectTimeout) {
    CatalogConfig defaults = CatalogConfig.DEFAULT;
    return new CatalogConfig(
        refresh,
        connectTimeout,
        waitFor,
        Duration.ofSeconds(3),
        defaults.schemas(),
        defaults.include(),
        defaults.exclude(),
        defaults.maxTables(),
        defaults.unlistedSchemas(),
        defaults.defaultSchema(),
        defaults.createDatabases(),
        Duration.ZERO,
        Duration.ZERO,
        defaults.perUserVisibility());
  }

  /** One more proxy; its port. */
  int proxy(CatalogConfig catalog) throws Exception {
    int port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.instance("mirror-" + port, port, postgresql.port(), presto.url());
    proxies.add(Prestogres.start(Stack.config(Stack.withCatalog(instance, catalog))));
    return port;
  }

  /** Comments of tables are asked for again and again. */
  static CatalogConfig commented() {
    Duration often = Duration.ofSeconds(1);
    CatalogConfig usual = refreshing(often);
    return with(usual, often, usual.perUserVisibility());
  }

  /** Users see what Presto lets them see, asked again at most this often. */
  static CatalogConfig perUser(Duration refresh) {
    return perUser(refreshing(refresh));
  }

  /** The same, and users see what Presto lets them see. */
  static CatalogConfig perUser(CatalogConfig usual) {
    return with(usual, usual.tableComments(), true);
  }

  private static CatalogConfig with(
      CatalogConfig usual, Duration tableComments, boolean perUserVisibility) {
    return new CatalogConfig(
        usual.refresh(),
        usual.connectTimeout(),
        usual.waitFor(),
        usual.readTimeout(),
        usual.schemas(),
        usual.include(),
        usual.exclude(),
        usual.maxTables(),
        usual.unlistedSchemas(),
        usual.defaultSchema(),
        usual.createDatabases(),
        usual.statistics(),
        tableComments,
        perUserVisibility);
  }

  /** One more with another kind of shell. */
  int proxy(InstanceConfig.Shell shell) throws Exception {
    int port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.instance("mirror-" + port, port, postgresql.port(), presto.url());
    proxies.add(
        Prestogres.start(Stack.config(Stack.withShell(Stack.withCatalog(instance, CALM), shell))));
    return port;
  }

  /** One more that takes Presto for a Trino. */
  int trinoProxy(CatalogConfig catalog) throws Exception {
    int port = LoopbackPort.claim(0);
    InstanceConfig presto =
        Stack.withCatalog(
            Stack.instance("mirror-" + port, port, postgresql.port(), this.presto.url()), catalog);
    PrestoConfig defaults = presto.presto();
    PrestoConfig trino =
        new PrestoConfig(
            defaults.url(),
            PrestoConfig.Flavor.TRINO,
            defaults.catalog(),
            defaults.databases(),
            defaults.session(),
            defaults.login(),
            defaults.requestTimeout(),
            defaults.writes());
    proxies.add(Prestogres.start(Stack.config(Stack.withPresto(presto, trino))));
    return port;
  }

  /** Ends a proxy, as by a signal. */
  void endProxies() {
    proxies.forEach(Prestogres::close);
    proxies.clear();
  }

  MetadataPresto presto() {
    return presto;
  }

  EmbeddedPostgresql postgresql() {
    return postgresql;
  }

  /** A connection through a proxy. */
  static Connection connect(int port, String user) throws SQLException {
    return Stack.connect(port, user, "web");
  }

  /** A connection around the proxies. */
  Connection direct(String user) throws SQLException {
    return postgresql.connect(user, "web");
  }

  /** Rows of PostgreSQL's own catalogue. */
  List<String> ask(String sql) throws SQLException {
    try (Connection direct = direct("postgres")) {
      return Stack.rows(direct, sql);
    }
  }

  /** Brings the mirror up to date, around the proxies. */
  void refresh() throws SQLException {
    try (Connection direct = direct("postgres")) {
      Stack.run(direct, "CALL prestogres.refresh_catalog()");
    }
  }

  /** The columns of a table, as {@code name type}, in order. */
  List<String> columns(String table) throws SQLException {
    return ask(
        "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute"
            + " WHERE attrelid = '"
            + table
            + "'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
  }

  /** The reason why a table or schema is left out. */
  List<String> problems(String schema, String table) throws SQLException {
    return ask(
        "SELECT reason FROM prestogres.catalog_problem WHERE schema_name = '"
            + schema.replace("'", "''")
            + "' AND table_name = '"
            + table.replace("'", "''")
            + "'");
  }
}
