package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.LimitsConfig;
import io.prestogres.config.ScanLimits;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans of many rows are told of, with the reason, and too many are refused. */
@ExtendWith(StackExtension.class)
class ScanLimitsIT {
  /** The length of a row's text form is PostgreSQL's alone to say. */
  private static final String SCANS = "select max(length(s::text)) from sf1.supplier s";

  private final Stack stack;

  ScanLimitsIT(Stack stack) {
    this.stack = stack;
  }

  /** A proxy of its own database, so that it shares no foreign server with the other one. */
  private Prestogres proxy(int port, ScanLimits scans) throws Exception {
    stack.postgresql().createDatabase("limited" + port, "presto");
    InstanceConfig usual =
        Stack.instance("limited", port, stack.postgresql().port(), stack.presto().uri());
    LimitsConfig limits = LimitsConfig.DEFAULT;
    return Prestogres.start(
        Stack.config(
            new InstanceConfig(
                usual.listen(),
                usual.tls(),
                usual.redirect(),
                usual.control(),
                Stack.presto(stack.presto().uri(), "tpch", List.of("limited" + port)),
                usual.catalog(),
                usual.results(),
                usual.tableFunction(),
                usual.shell(),
                usual.pushdown(),
                new LimitsConfig(
                    limits.maxClients(),
                    limits.maxClientsPerUser(),
                    limits.maxClientsPerDatabase(),
                    limits.startupTimeout(),
                    limits.connectTimeout(),
                    limits.idleTimeout(),
                    limits.shutdownTimeout(),
                    limits.maxStatementBytes(),
                    scans))));
  }

  private Connection connect(int port, String mode) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%1$d/limited%1$d?user=presto&preferQueryMode=%2$s"
            .formatted(port, mode));
  }

  private static List<String> notices(Statement statement) throws SQLException {
    List<String> texts = new ArrayList<>();
    for (SQLWarning warning = statement.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      texts.add(warning.getMessage());
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void shouldSayWhyALargeTableIsScanned(String mode) throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = proxy(port, new ScanLimits(9_000, 0));
        Connection connection = connect(port, mode);
        Statement statement = connection.createStatement()) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThat(Stack.rows(statement.executeQuery(SCANS))).hasSize(1);
      assertThat(notices(statement))
          .singleElement()
          .asString()
          .startsWith("more than 9000 rows of sf1.supplier are read into PostgreSQL, because ")
          .doesNotContain("by a view");

      Stack.run(connection, "create view pg_temp.v as select * from sf1.supplier");
      statement.clearWarnings();
      assertThat(Stack.rows(statement.executeQuery("select max(length(v::text)) from pg_temp.v v")))
          .hasSize(1);
      assertThat(notices(statement)).singleElement().asString().contains("it is read by a view");

      statement.clearWarnings();
      assertThat(Stack.rows(statement.executeQuery("select count(*) from sf1.supplier")))
          .containsExactly("10000");
      assertThat(notices(statement)).isEmpty();
    }
  }

  @Test
  void shouldRefuseToReadMoreThanTheLimit() throws Exception {
    int port = LoopbackPort.claim(0);
    try (Prestogres proxy = proxy(port, new ScanLimits(100_000, 9_999));
        Connection connection = connect(port, "simple");
        Statement statement = connection.createStatement()) {
      assertThat(proxy.adminPort()).isEmpty();
      assertThatThrownBy(() -> statement.executeQuery(SCANS))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("54000"))
          .hasMessageContaining("more than 9999 rows of sf1.supplier")
          .hasMessageContaining("scan-row-limit");
      assertThat(Stack.rows(connection, "select count(*) from sf1.supplier"))
          .containsExactly("10000");
    }
  }
}
