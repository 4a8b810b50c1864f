package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** Two proxies that mirror into one database, of which one goes away. */
@ExtendWith(StackExtension.class)
class MirrorTakeoverIT {
  private static final String DATABASE = "takeover";

  /** Presto runs this itself, by the table function. */
  private static final String WHOLE = "select count(*) from tiny.nation";

  /** PostgreSQL reads the shell. */
  private static final String SCAN = "select count(*) from tiny.nation, generate_series(1, 1) g";

  private static final Duration SELDOM = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofSeconds(1);

  private final Stack stack;
  private final List<Prestogres> proxies = new ArrayList<>();

  MirrorTakeoverIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void createDatabase() throws SQLException {
    stack.postgresql().createDatabase(DATABASE, "presto");
  }

  @AfterEach
  void dropDatabase() throws SQLException {
    proxies.forEach(Prestogres::close);
    stack.postgresql().execute("postgres", "DROP DATABASE " + DATABASE + " WITH (FORCE)");
  }

  private InstanceConfig start(Duration refresh) throws Exception {
    int port = LoopbackPort.claim(0);
    InstanceConfig plain =
        Stack.withPresto(
            Stack.instance(
                "takeover-" + port, port, stack.postgresql().port(), stack.presto().uri()),
            Stack.presto(stack.presto().uri(), "tpch", List.of(DATABASE)));
    CatalogConfig catalog = Stack.onlyTiny(plain.catalog(), refresh, Duration.ZERO);
    InstanceConfig instance = Stack.withCatalog(plain, catalog);
    proxies.add(Prestogres.start(Stack.config(instance)));
    return instance;
  }

  private static Connection connect(InstanceConfig instance) throws SQLException {
    return Stack.connect(instance.listen().port(), "presto", DATABASE);
  }

  /** The ports to which the servers lead, and what says that nobody has changed them. */
  private List<String> servers() throws SQLException {
    try (Connection direct = stack.direct("postgres", DATABASE)) {
      return Stack.rows(
          direct,
          "select (select o from unnest(srvoptions) o where o like 'port=%'), xmin"
              + " from pg_foreign_server where srvname like 'prestogres%'");
    }
  }

  private static String port(InstanceConfig instance) {
    return "port=" + instance.results().port() + "|";
  }

  private void endLast() {
    proxies.remove(proxies.size() - 1).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE, SCAN, "call prestogres.refresh_catalog()"})
  void shouldAnswerTheNextStatementWhenTheProxyThatCameLastIsGone(String statement)
      throws Exception {
    InstanceConfig stays = start(SELDOM);
    try (Connection client = connect(stays);
        Connection other = connect(stays)) {
      InstanceConfig goes = start(SELDOM);
      connect(goes).close();
      assertThat(servers()).hasSize(2).allMatch(server -> server.startsWith(port(goes)));
      Stack.run(client, statement);

      endLast();

      assertThatThrownBy(() -> Stack.run(client, statement))
          .isInstanceOfSatisfying(
              PSQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("08001"));
      Stack.run(client, statement);
      assertThat(Stack.rows(other, WHOLE)).containsExactly("25");
      assertThat(Stack.rows(client, SCAN)).containsExactly("25");
      assertThat(servers()).hasSize(2).allMatch(server -> server.startsWith(port(stays)));
    }
  }

  @Test
  void shouldAnswerTheNextStatementWhenTheProxyGoesWhileItIsRead() throws Exception {
    InstanceConfig stays = start(SELDOM);
    try (Connection client = connect(stays)) {
      connect(start(SELDOM)).close();
      Stack.run(client, "begin");
      Stack.run(client, "declare c cursor for select * from tiny.lineitem where random() >= 0");
      assertThat(Stack.rows(client, "fetch 1 from c")).hasSize(1);

      endLast();

      assertThatThrownBy(() -> Stack.run(client, "move 20000 in c"))
          .isInstanceOfSatisfying(
              PSQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("08006"));
      Stack.run(client, "rollback");
      assertThat(Stack.rows(client, SCAN)).containsExactly("25");
      assertThat(Stack.rows(client, WHOLE)).containsExactly("25");
    }
  }

  @Test
  void shouldTakeOverWithItsNextRefreshWhenNobodyHasSeenAnError() throws Exception {
    InstanceConfig stays = start(OFTEN);
    connect(stays).close();
    connect(start(SELDOM)).close();

    endLast();
    Thread.sleep(OFTEN.plusMillis(100).toMillis());
    connect(stays).close();

    assertThat(servers()).hasSize(2).allMatch(server -> server.startsWith(port(stays)));
    try (Connection around = stack.direct("presto", DATABASE)) {
      assertThat(Stack.rows(around, SCAN)).containsExactly("25");
    }
  }

  @Test
  void shouldLeaveTheServersToAProxyThatAnswers() throws Exception {
    InstanceConfig first = start(OFTEN);
    try (Connection client = connect(first)) {
      connect(start(SELDOM)).close();
      List<String> before = servers();

      Thread.sleep(OFTEN.plusMillis(100).toMillis());
      connect(first).close();
      Stack.run(client, "call prestogres.refresh_catalog()", WHOLE, SCAN);

      assertThat(servers()).isEqualTo(before);
    }
  }
}
