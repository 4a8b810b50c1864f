package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prestogres.demo.engines.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * DELETE and UPDATE that succeed, on Trino's connector blackhole: a table of 35 rows of zeros that
 * takes any change and keeps none. {@link WritingTagsIT} has more of them with a fake.
 */
@ExtendWith(StackExtension.class)
class ChangedRowsIT {
  private static final int ROWS = 35;

  private final Stack stack;

  ChangedRowsIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void needsTrino() {
    assumeTrue(
        Engine.chosen() == Engine.TRINO,
        "no connector of the Presto that the tests run changes rows; ./mvnw -Ptrino verify runs it");
  }

  @BeforeEach
  void make() throws SQLException {
    stack.presto().execute("DROP TABLE IF EXISTS blackhole.default.changed");
    stack
        .presto()
        .execute(
            "CREATE TABLE blackhole.default.changed (a bigint, b varchar(3))"
                + " WITH (split_count = 1, pages_per_split = 5, rows_per_page = 7)");
  }

  private Connection connect() throws SQLException {
    Connection connection = stack.connect("presto", "blackhole");
    Stack.run(connection, "CALL prestogres.refresh_catalog()");
    return connection;
  }

  @Test
  void shouldCountTheRowsThatTrinoHasChanged() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(Stack.rows(connection, "SELECT count(*), sum(a) FROM \"default\".changed"))
          .containsExactly(ROWS + "|0");
      assertThat(statement.executeUpdate("UPDATE \"default\".changed SET b = 'x' WHERE a = 0"))
          .isEqualTo(ROWS);
      assertThat(statement.executeUpdate("UPDATE \"default\".changed SET b = 'x' WHERE a > 0"))
          .isZero();
      assertThat(statement.executeUpdate("DELETE FROM \"default\".changed WHERE a = 0"))
          .isEqualTo(ROWS);
      assertThat(statement.executeUpdate("DELETE FROM \"default\".changed WHERE a > 0")).isZero();
    }
  }

  @Test
  void shouldTakeParameters() throws SQLException {
    try (Connection connection = connect();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE \"default\".changed SET b = ?, a = ? WHERE a < ?")) {
      update.setString(1, "its");
      update.setLong(2, Long.MIN_VALUE);
      update.setLong(3, 1);
      for (int i = 0; i < 6; i++) {
        assertThat(update.executeUpdate()).isEqualTo(ROWS);
      }
    }
  }
}
