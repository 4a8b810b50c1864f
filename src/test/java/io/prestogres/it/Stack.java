package io.prestogres.it;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.ControlConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.LimitsConfig;
import io.prestogres.config.LogLevel;
import io.prestogres.config.NamedAddress;
import io.prestogres.config.PrestoConfig;
import io.prestogres.config.ProxyConfig;
import io.prestogres.config.RedirectConfig;
import io.prestogres.config.ResultsConfig;
import io.prestogres.config.Settings;
import io.prestogres.config.TlsConfig;
import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.demo.engines.QueryInfo;
import io.prestogres.server.Prestogres;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A real PostgreSQL, a real Presto and the proxy between a test and them. {@code
 * -Dshell.kind=partitioned} or {@code foreign} runs every test over shells of that kind.
 */
public final class Stack implements AutoCloseable {
  /** The kind of shell of this run. */
  public static final InstanceConfig.Shell SHELL_KIND =
      InstanceConfig.Shell.valueOf(
          System.getProperty("shell.kind", "table").toUpperCase(Locale.ROOT));

  /** Reading the catalogues of all test data costs Presto more than most tests do. */
  private static final Duration REFRESH = Duration.ofMinutes(2);

  private final EmbeddedPostgresql postgresql;
  private final EmbeddedPresto presto;
  private final Prestogres proxy;
  private final int proxyPort;
  private final int resultsPort;

  private Stack(
      EmbeddedPostgresql postgresql, EmbeddedPresto presto, Prestogres proxy, InstanceConfig main) {
    this.postgresql = postgresql;
    this.presto = presto;
    this.proxy = proxy;
    this.proxyPort = main.listen().port();
    this.resultsPort = main.results().port();
  }

  /** With the bundled PostgreSQL, which has no PL/Java. */
  static Stack start() throws Exception {
    int connections = Math.max(300, TogetherIT.SESSIONS + 100);
    return start(
        BundledPostgresql.options()
            .withServerSetting("max_connections", Integer.toString(connections)),
        InstanceConfig.TableFunction.AUTO);
  }

  static Stack start(EmbeddedPostgresql.Options options, InstanceConfig.TableFunction provider)
      throws Exception {
    EmbeddedPresto presto = EmbeddedPresto.start();
    EmbeddedPostgresql postgresql = EmbeddedPostgresql.start(options);
    postgresql.createRole("presto", "");
    postgresql.createRole("alice", "PASSWORD 'secret'");
    for (String database : List.of("tpch", "tpcds", "memory", "blackhole", "scans", "plain")) {
      postgresql.createDatabase(database, "presto");
    }
    int port = LoopbackPort.claim(0);
    int scansPort = LoopbackPort.claim(0);
    InstanceConfig main =
        refreshedSeldom(instance("it", port, postgresql.port(), presto.uri(), provider));
    InstanceConfig scans =
        new InstanceConfig(
            new NamedAddress("it-scans", "127.0.0.1", scansPort),
            main.tls(),
            main.redirect(),
            main.control(),
            presto(presto.uri(), "tpch", List.of("scans")),
            main.catalog(),
            new ResultsConfig("127.0.0.1", LoopbackPort.claim(0), ""),
            main.tableFunction(),
            main.shell(),
            InstanceConfig.Pushdown.SCANS,
            main.limits());
    Prestogres proxy = Prestogres.start(config(main, scans));
    return new Stack(postgresql, presto, proxy, main);
  }

  /** A program of these instances. */
  public static ProxyConfig config(InstanceConfig... instances) {
    return new ProxyConfig(new Settings(LogLevel.WARN, 1, Optional.empty()), List.of(instances));
  }

  /** An instance with defaults on any free port for its results. */
  public static InstanceConfig instance(String name, int port, int postgresqlPort, URI presto)
      throws IOException {
    return instance(name, port, postgresqlPort, presto, InstanceConfig.TableFunction.AUTO);
  }

  static InstanceConfig instance(
      String name, int port, int postgresqlPort, URI presto, InstanceConfig.TableFunction provider)
      throws IOException {
    return new InstanceConfig(
        new NamedAddress(name, "127.0.0.1", port),
        TlsConfig.DEFAULT,
        RedirectConfig.plain("postgresql", "127.0.0.1", postgresqlPort),
        ControlConfig.DEFAULT,
        prestoDefaults(presto),
        catalog(Duration.ofSeconds(2), List.of("sf10")),
        new ResultsConfig("127.0.0.1", LoopbackPort.claim(0), ""),
        provider,
        SHELL_KIND,
        InstanceConfig.Pushdown.EXACT,
        LimitsConfig.DEFAULT);
  }

  private static CatalogConfig catalog(Duration refresh, List<String> unlistedSchemas) {
    CatalogConfig defaults = CatalogConfig.DEFAULT;
    return new CatalogConfig(
        refresh,
        Duration.ofSeconds(60),
        defaults.waitFor(),
        defaults.readTimeout(),
        defaults.schemas(),
        defaults.include(),
        defaults.exclude(),
        defaults.maxTables(),
        unlistedSchemas,
        defaults.defaultSchema(),
        defaults.createDatabases(),
        Duration.ZERO,
        Duration.ZERO,
        defaults.perUserVisibility());
  }

  /** The same instance with another mirror. */
  public static InstanceConfig withCatalog(InstanceConfig instance, CatalogConfig catalog) {
    return new InstanceConfig(
        instance.listen(),
        instance.tls(),
        instance.redirect(),
        instance.control(),
        instance.presto(),
        catalog,
        instance.results(),
        instance.tableFunction(),
        instance.shell(),
        instance.pushdown(),
        instance.limits());
  }

  /** The same instance, for tests that wait for no table, or call for it. */
  public static InstanceConfig refreshedSeldom(InstanceConfig instance) {
    return withCatalog(instance, catalog(REFRESH, instance.catalog().unlistedSchemas()));
  }

  /** The same instance with another kind of shell. */
  static InstanceConfig withShell(InstanceConfig instance, InstanceConfig.Shell shell) {
    return new InstanceConfig(
        instance.listen(),
        instance.tls(),
        instance.redirect(),
        instance.control(),
        instance.presto(),
        instance.catalog(),
        instance.results(),
        instance.tableFunction(),
        shell,
        instance.pushdown(),
        instance.limits());
  }

  /** The same instance with another way to PostgreSQL. */
  static InstanceConfig withRedirect(InstanceConfig instance, RedirectConfig redirect) {
    return new InstanceConfig(
        instance.listen(),
        instance.tls(),
        redirect,
        instance.control(),
        instance.presto(),
        instance.catalog(),
        instance.results(),
        instance.tableFunction(),
        instance.shell(),
        instance.pushdown(),
        instance.limits());
  }

  /** The same way to PostgreSQL, with backends that outlive their clients. */
  static RedirectConfig withWarmBackends(RedirectConfig redirect, WarmBackendsConfig warm) {
    return new RedirectConfig(
        redirect.name(), redirect.host(), redirect.port(), redirect.tls(), redirect.ca(), warm);
  }

  /** The same mirror of schema tiny alone. */
  static CatalogConfig onlyTiny(CatalogConfig usual, Duration refresh, Duration statistics) {
    return new CatalogConfig(
        refresh,
        usual.connectTimeout(),
        usual.waitFor(),
        usual.readTimeout(),
        usual.schemas(),
        List.of("tiny"),
        usual.exclude(),
        usual.maxTables(),
        List.of(),
        usual.defaultSchema(),
        usual.createDatabases(),
        statistics,
        usual.tableComments(),
        usual.perUserVisibility());
  }

  /** The same instance with another Presto. */
  static InstanceConfig withPresto(InstanceConfig instance, PrestoConfig presto) {
    return new InstanceConfig(
        instance.listen(),
        instance.tls(),
        instance.redirect(),
        instance.control(),
        presto,
        instance.catalog(),
        instance.results(),
        instance.tableFunction(),
        instance.shell(),
        instance.pushdown(),
        instance.limits());
  }

  /** The engine of this run. */
  private static PrestoConfig prestoDefaults(URI url) {
    PrestoConfig defaults = PrestoConfig.defaults(url);
    return new PrestoConfig(
        url,
        PrestoConfig.Flavor.valueOf(Engine.chosen().name()),
        defaults.catalog(),
        defaults.databases(),
        defaults.session(),
        defaults.login(),
        defaults.requestTimeout(),
        defaults.writes());
  }

  /** A catalog of a Presto shown in databases of other names. */
  public static PrestoConfig presto(URI url, String catalog, List<String> databases) {
    PrestoConfig defaults = prestoDefaults(url);
    return new PrestoConfig(
        url,
        defaults.flavor(),
        catalog,
        databases,
        defaults.session(),
        defaults.login(),
        defaults.requestTimeout(),
        defaults.writes());
  }

  /** The PostgreSQL behind the proxy. */
  public EmbeddedPostgresql postgresql() {
    return postgresql;
  }

  /** The Presto behind the proxy. */
  public EmbeddedPresto presto() {
    return presto;
  }

  /** Where the proxy listens for clients. */
  public int proxyPort() {
    return proxyPort;
  }

  /** Where the results endpoint of the proxy listens. */
  int resultsPort() {
    return resultsPort;
  }

  /** A connection through the proxy that sends simple queries. */
  Connection connect(String user, String database) throws SQLException {
    return connect(user, database, properties -> properties);
  }

  Connection connect(String user, String database, UnaryOperator<Properties> change)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("preferQueryMode", "simple");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + proxyPort + "/" + database, change.apply(properties));
  }

  /** Like {@link #connect}, with the extended protocol, whose statements are never rewritten. */
  Connection connectExtended(String user, String database) throws SQLException {
    return connect(
        user,
        database,
        properties -> {
          properties.setProperty("preferQueryMode", "extended");
          properties.setProperty("prepareThreshold", "1");
          properties.setProperty("binaryTransfer", "false");
          properties.setProperty("stringtype", "unspecified");
          return properties;
        });
  }

  /** Has the mirror make the shell of a new table. */
  void awaitShell(String database, String table) throws SQLException {
    try (Connection connection = connect("presto", database)) {
      run(connection, "CALL prestogres.refresh_catalog()");
      if (!rows(connection, "select to_regclass('" + table + "') is not null")
          .equals(List.of("t"))) {
        throw new IllegalStateException("no shell " + table + " in " + database);
      }
    }
  }

  /** A connection through a proxy of a test's own that sends simple queries. */
  static Connection connect(int port, String user, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&preferQueryMode=simple"
            .formatted(port, database, user));
  }

  /** A connection to PostgreSQL itself, around the proxy. */
  Connection direct(String user, String database) throws SQLException {
    return postgresql.connect(user, database);
  }

  /** Rows as text, columns joined by {@code |}, NULL as {@code ∅}. */
  public static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows(result);
    }
  }

  static List<String> rows(ResultSet result) throws SQLException {
    List<String> rows = new ArrayList<>();
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      List<String> values = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        values.add(Optional.ofNullable(result.getString(i)).orElse("∅"));
      }
      rows.add(String.join("|", values));
    }
    return rows;
  }

  /** Whether the only row is this one; for {@link Eventually}. */
  static boolean answers(Connection connection, String sql, String row) {
    try {
      return rows(connection, sql).equals(List.of(row));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a statement runs without an error; for {@link Eventually}. */
  public static boolean succeeds(Connection connection, String sql) {
    try {
      run(connection, sql);
      return true;
    } catch (SQLException failed) {
      return false;
    }
  }

  /** The SQLSTATE with which a statement that runs elsewhere ends, empty if it ends well. */
  static CompletableFuture<String> sqlState(Statement statement, String sql) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            statement.execute(sql);
            return "";
          } catch (SQLException e) {
            return e.getSQLState();
          }
        });
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Queries of Presto whose text holds this. */
  List<QueryInfo> prestoQueries(String part) {
    return presto.queries().stream().filter(query -> query.query().contains(part)).toList();
  }

  /** The ids of those queries. Presto forgets old ones, so their number tells nothing. */
  Set<String> prestoQueryIds(String part) {
    return prestoQueries(part).stream().map(QueryInfo::id).collect(Collectors.toSet());
  }

  /** How many of PostgreSQL's backends run a statement like this. */
  public int backends(String like) {
    try (Connection direct = direct("postgres", "tpch")) {
      return Integer.parseInt(
          rows(
                  direct,
                  "select count(*) from pg_stat_activity where pid <> pg_backend_pid()"
                      + " and query like '"
                      + like
                      + "'")
              .get(0));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    proxy.close();
    presto.close();
    postgresql.close();
  }
}
