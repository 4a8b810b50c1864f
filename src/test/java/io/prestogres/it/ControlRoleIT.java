package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.ControlConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.Secret;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A control role that is no superuser, prepared by the very statements of
 * docs/managed-postgresql.md, run by an administrator who is none either.
 */
@ExtendWith(StackExtension.class)
class ControlRoleIT {
  /** Longer than the proxy waits before it tries again. */
  private static final Duration TIME = Duration.ofSeconds(10);

  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final String PUBLIC = "GRANT USAGE, CREATE ON SCHEMA public TO prestogres_owner";

  private final Stack stack;

  ControlRoleIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldMirrorAsAPlainRoleOfPostgresql15() throws Exception {
    shouldMirrorAsAPlainRole(EmbeddedPostgresql.Options.defaults());
  }

  @Test
  void shouldMirrorAsAPlainRoleOfPostgresql18() throws Exception {
    shouldMirrorAsAPlainRole(BundledPostgresql.newest());
  }

  private void shouldMirrorAsAPlainRole(EmbeddedPostgresql.Options options) throws Exception {
    List<String> statements = documented();
    int port = LoopbackPort.claim(0);
    int webPort = LoopbackPort.claim(0);
    try (EmbeddedPostgresql postgresql = service(options);
        MetadataPresto metadata = MetadataPresto.start("web").table("public", "page", "a bigint");
        Prestogres proxy =
            Prestogres.start(
                Stack.config(
                    instance(port, postgresql, stack.presto().uri(), "tiny"),
                    instance(webPort, postgresql, metadata.url(), "")))) {
      assertThat(proxy.adminPort()).isEmpty();
      as(postgresql, "tpch", statements.subList(0, 1));
      for (String statement : statements.subList(1, statements.size())) {
        if (!statement.startsWith("CREATE EXTENSION")) {
          Eventually.holds(TIME, () -> warning(port).contains(statement));
        }
        as(postgresql, "tpch", List.of(statement));
      }
      answers(postgresql, port);
      tellsThePlanner(port);
      sharesPublic(postgresql, webPort, statements.subList(3, statements.size()));
    }
  }

  /** Those of the manual, one by one, for the database tpch. */
  private static List<String> documented() throws IOException {
    String manual = Files.readString(Path.of("../docs/managed-postgresql.md"));
    return SQL.matcher(manual)
        .results()
        .flatMap(block -> Arrays.stream(block.group(1).split(";\\s*")))
        .map(statement -> statement.replace("hive", "tpch"))
        .toList();
  }

  /** As a managed service has it: postgres_fdw is the service's, the rest the administrator's. */
  private static EmbeddedPostgresql service(EmbeddedPostgresql.Options options) throws Exception {
    EmbeddedPostgresql postgresql = EmbeddedPostgresql.start(options);
    postgresql.createRole("admin", "CREATEROLE");
    postgresql.createRole("alice", "");
    for (String database : List.of("tpch", "web")) {
      postgresql.createDatabase(database, "admin");
      postgresql.execute(
          database,
          "CREATE EXTENSION postgres_fdw",
          "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO admin WITH GRANT OPTION");
    }
    return postgresql;
  }

  private static InstanceConfig instance(
      int port, EmbeddedPostgresql postgresql, URI presto, String defaultSchema) throws Exception {
    InstanceConfig usual = Stack.instance("plain-" + port, port, postgresql.port(), presto);
    CatalogConfig calm = CatalogConfig.DEFAULT;
    return new InstanceConfig(
        usual.listen(),
        usual.tls(),
        usual.redirect(),
        new ControlConfig("prestogres", new Secret("secret"), 4),
        usual.presto(),
        new CatalogConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            calm.waitFor(),
            calm.readTimeout(),
            calm.schemas(),
            List.of("tiny", "public"),
            calm.exclude(),
            calm.maxTables(),
            calm.unlistedSchemas(),
            defaultSchema,
            calm.createDatabases(),
            calm.statistics(),
            Duration.ZERO,
            calm.perUserVisibility()),
        usual.results(),
        InstanceConfig.TableFunction.LOOPBACK,
        usual.shell(),
        usual.pushdown(),
        usual.limits());
  }

  private static void as(EmbeddedPostgresql postgresql, String database, List<String> statements)
      throws SQLException {
    try (Connection admin = postgresql.connect("admin", database)) {
      Stack.run(admin, statements.toArray(String[]::new));
    }
  }

  /** All that a client is told when it connects. */
  private static String warning(int port) {
    StringBuilder told = new StringBuilder();
    try (Connection connection = Stack.connect(port, "alice", "tpch")) {
      SQLWarning warning = connection.getWarnings();
      while (warning != null) {
        told.append(warning.getMessage().replace("\"", ""));
        warning = warning.getNextWarning();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return told.toString();
  }

  /** Whole, by scans, and around the proxy, with the rights of a role that has none. */
  private static void answers(EmbeddedPostgresql postgresql, int port) throws Exception {
    Eventually.holds(TIME, () -> warning(port).isEmpty());
    try (Connection client = Stack.connect(port, "alice", "tpch");
        Connection direct = postgresql.connect("alice", "tpch")) {
      assertThat(Stack.rows(client, "SELECT count(*) FROM tiny.orders")).containsExactly("15000");
      assertThat(Stack.rows(client, "EXPLAIN VERBOSE SELECT count(*) FROM tiny.orders").toString())
          .contains("fetch_presto_query_results");
      assertThat(
              Stack.rows(
                  client,
                  "SELECT count(*) FROM tiny.nation n JOIN generate_series(0, 4) g"
                      + " ON n.regionkey = g AND n.name ~ '^[A-C]'"))
          .containsExactly("5");
      assertThat(Stack.rows(direct, "SELECT count(*) FROM tiny.region")).containsExactly("5");
      Stack.run(client, "CALL prestogres.refresh_catalog()");
    }
    as(
        postgresql,
        "tpch",
        List.of("ALTER DATABASE tpch SET search_path = tiny, \"$user\", public"));
    try (Connection client = Stack.connect(port, "alice", "tpch")) {
      assertThat(Stack.rows(client, "SELECT count(*) FROM region")).containsExactly("5");
    }
  }

  /** Without a superuser only PostgreSQL 18 lets us. */
  private static void tellsThePlanner(int port) throws Exception {
    String rows =
        "SELECT reltuples FROM pg_class"
            + " WHERE relname IN ('orders', 'tiny.orders') AND relkind = 'f'";
    try (Connection client = Stack.connect(port, "alice", "tpch")) {
      boolean told = Stack.rows(client, "SHOW server_version").get(0).startsWith("18");
      if (told) {
        Eventually.holds(TIME, () -> Stack.answers(client, rows, "15000"));
        Eventually.holds(
            TIME,
            () ->
                Stack.answers(
                    client,
                    "SELECT DISTINCT n_distinct FROM pg_stats"
                        + " WHERE schemaname = 'tiny' AND tablename = 'orders'"
                        + " AND attname = 'orderkey'",
                    "15000"));
      } else {
        assertThat(Stack.rows(client, rows)).containsExactly("-1");
      }
    }
  }

  private static void sharesPublic(EmbeddedPostgresql postgresql, int port, List<String> statements)
      throws Exception {
    as(postgresql, "web", statements.stream().map(one -> one.replace("tpch", "web")).toList());
    try (Connection client = Stack.connect(port, "alice", "web")) {
      assertThat(Stack.rows(client, "SELECT reason FROM prestogres.catalog_problem").toString())
          .contains(PUBLIC);
      as(postgresql, "web", List.of(PUBLIC));
      Stack.run(client, "CALL prestogres.refresh_catalog()");
      assertThat(
              Stack.rows(
                  client,
                  "SELECT has_table_privilege('public.page', 'SELECT')"
                      + " FROM pg_class WHERE oid = to_regclass('public.page')"))
          .containsExactly("t");
    }
  }
}
