package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.InstanceConfig.TableFunction;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which provider a database gets, and what is said where the wanted one is not ready. */
@ExtendWith(StackExtension.class)
@OverPljava
final class TableFunctionChoiceIT {
  private static final String BODY =
      "select prosrc from pg_proc where proname = 'fetch_presto_query_results'";

  private final Stack stack;

  TableFunctionChoiceIT(Stack stack) {
    this.stack = stack;
  }

  /** What a client of a proxy with this setting does. */
  @FunctionalInterface
  private interface Client {
    void use(Connection connection) throws SQLException;
  }

  private void through(
      TableFunction provider, EmbeddedPostgresql postgresql, String database, Client client)
      throws Exception {
    InstanceConfig config =
        Stack.instance(
            "choice", LoopbackPort.claim(0), postgresql.port(), stack.presto().uri(), provider);
    try (Prestogres proxy = Prestogres.start(Stack.config(config));
        Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:"
                    + config.listen().port()
                    + "/"
                    + database
                    + "?user=presto&preferQueryMode=simple")) {
      assertThat(proxy.adminPort()).isEmpty();
      client.use(connection);
    }
  }

  /** The first warning; a notice, of class 00, is none. */
  private static String warning(Connection connection) throws SQLException {
    SQLWarning warning = connection.getWarnings();
    while (warning != null && !warning.getSQLState().startsWith("01")) {
      warning = warning.getNextWarning();
    }
    return warning == null ? "" : warning.getMessage();
  }

  @Test
  void shouldTellWhatToWriteWhenPljavaIsNotReady() throws Exception {
    try (EmbeddedPostgresql postgresql = EmbeddedPostgresql.start(InstalledPljava.withoutJar())) {
      postgresql.createRole("presto", "");
      postgresql.createDatabase("tpch", "presto");
      through(
          TableFunction.PLJAVA,
          postgresql,
          "tpch",
          connection -> {
            assertThat(warning(connection))
                .contains("pljava.vmoptions has no class path")
                .contains("pljava.libjvm_location = '")
                .contains("pljava.vmoptions = '-Djava.class.path=")
                .contains("pljava.policy_urls = '");
            assertThat(Stack.rows(connection, "select 1")).containsExactly("1");
          });
      through(
          TableFunction.AUTO,
          postgresql,
          "tpch",
          connection -> {
            assertThat(warning(connection)).isEmpty();
            assertThat(Stack.rows(connection, BODY).get(0)).contains("result_batch");
            assertThat(Stack.rows(connection, "select count(*) from sf1.region"))
                .containsExactly("5");
          });
    }
  }

  @Test
  void shouldReplaceTheFunctionWhenTheProviderChanges() throws Exception {
    for (TableFunction provider :
        new TableFunction[] {TableFunction.LOOPBACK, TableFunction.AUTO, TableFunction.PLJAVA}) {
      through(
          provider,
          stack.postgresql(),
          "tpcds",
          connection -> {
            assertThat(warning(connection)).isEmpty();
            assertThat(Stack.rows(connection, BODY).get(0))
                .contains(provider == TableFunction.LOOPBACK ? "result_batch" : "pljava_fetch");
            assertThat(Stack.rows(connection, "select count(*) from sf1.store"))
                .containsExactly("12");
          });
    }
  }
}
