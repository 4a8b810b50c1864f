package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.PrestoConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** {@code presto.writes: never}: nothing goes to Presto that would change anything there. */
@ExtendWith(StackExtension.class)
class WritingNeverIT {
  private static final String DATABASE = "writing_never";
  private static final String TABLE = "read_only";

  private final Stack stack;
  private Prestogres proxy;
  private int port;
  private Connection connection;

  WritingNeverIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() throws Exception {
    stack.presto().execute("CREATE TABLE memory.default." + TABLE + " AS SELECT 7 AS a, 'x' AS b");
    stack.postgresql().createDatabase(DATABASE, "presto");
    port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.instance(DATABASE, port, stack.postgresql().port(), stack.presto().uri());
    PrestoConfig presto = Stack.presto(stack.presto().uri(), "memory", List.of(DATABASE));
    proxy =
        Prestogres.start(
            Stack.config(
                Stack.withPresto(instance, WritingIT.writing(presto, PrestoConfig.Writes.NEVER))));
    connection = Stack.connect(port, "presto", DATABASE);
    Stack.run(connection, "set search_path to \"default\"");
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    proxy.close();
    stack.postgresql().execute("postgres", "DROP DATABASE " + DATABASE + " WITH (FORCE)");
    stack.presto().execute("DROP TABLE memory.default." + TABLE);
  }

  private static void assertRefused(Connection client, String sql) {
    assertThatThrownBy(() -> Stack.run(client, sql))
        .isInstanceOfSatisfying(
            PSQLException.class,
            error -> {
              assertThat(error.getSQLState()).isEqualTo("0A000");
              assertThat(error.getMessage())
                  .contains("cannot be done for", "presto.writes is never");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into read_only values (1, 'y')",
        "insert into read_only select a, b from read_only",
        "update read_only set a = 1",
        "delete from read_only",
        "truncate read_only",
        "drop table read_only",
        "drop table if exists read_only",
        "alter table read_only rename to read_only_2",
        "alter table read_only add column c int",
        "create table read_only_2 (a int)",
        "create table read_only_2 as select a from read_only",
        "create view read_only_2 as select a from read_only",
        "copy read_only from stdin",
        "explain insert into read_only values (1, 'y')",
        "select 1; delete from read_only"
      })
  void shouldRefuseEveryWrite(String sql) throws Exception {
    assertRefused(connection, sql);
    Stack.run(connection, "begin");
    assertRefused(connection, sql);
    Stack.run(connection, "rollback");

    assertThat(Stack.rows(connection, "select * from read_only")).containsExactly("7|x");
    assertThat(stack.prestoQueries(TABLE))
        .filteredOn(query -> !query.query().contains("CREATE TABLE memory.default." + TABLE + " "))
        .filteredOn(query -> !query.query().contains("DROP TABLE memory.default." + TABLE))
        .as("all that Presto was asked about the table")
        .allMatch(query -> query.query().startsWith("SELECT"));
  }

  @Test
  void shouldRefuseWhatIsPrepared() throws Exception {
    try (Connection extended =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE, "presto", "");
        PreparedStatement insert =
            extended.prepareStatement("insert into \"default\".read_only values (?, ?)")) {
      insert.setInt(1, 1);
      insert.setString(2, "y");
      assertThatThrownBy(insert::executeUpdate)
          .hasMessageContaining("presto.writes is never in the proxy's configuration");
    }
    assertThat(Stack.rows(connection, "select * from read_only")).containsExactly("7|x");
  }

  @Test
  void shouldWriteToTablesOfPostgresql() throws Exception {
    Stack.run(
        connection,
        "create temp table own as select * from read_only",
        "insert into own values (8, 'y')",
        "delete from own where a = 7");
    assertThat(Stack.rows(connection, "select * from own")).containsExactly("8|y");
  }
}
