package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SQL's PREPARE and EXECUTE of queries on Presto's tables. */
@ExtendWith(StackExtension.class)
class SqlPrepareIT {
  private final Stack stack;

  SqlPrepareIT(Stack stack) {
    this.stack = stack;
  }

  /** Whether PostgreSQL evaluates a prepared statement over shells, by its plan. */
  private static boolean scans(Connection connection, String execute) throws SQLException {
    return Stack.rows(connection, "EXPLAIN " + execute).stream()
        .anyMatch(line -> line.contains("Foreign Scan on ") && !line.contains("result_batch"));
  }

  @Test
  void shouldRunWholeOnPresto() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "PREPARE p (int, varchar(3)) AS SELECT name, regionkey FROM tiny.nation"
              + " WHERE regionkey = $1 AND name >= $2 ORDER BY name LIMIT 2");

      assertThat(Stack.rows(connection, "EXECUTE p(2, 'C')")).containsExactly("CHINA|2", "INDIA|2");
      assertThat(Stack.rows(connection, "EXECUTE p(2, 'I')"))
          .containsExactly("INDIA|2", "INDONESIA|2");
      assertThat(Stack.rows(connection, "EXECUTE p(NULL, 'I')")).isEmpty();
      assertThat(scans(connection, "EXECUTE p(2, 'I')")).isFalse();
    }
  }

  @Test
  void shouldInferTypesThatAreNotGiven() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "PREPARE p AS SELECT count(*) AS many FROM tiny.orders"
              + " WHERE orderdate < $1 AND totalprice > $2",
          "PREPARE q (date) AS SELECT count(*) FROM tiny.orders"
              + " WHERE orderdate < $1 AND totalprice > $2");
      String direct =
          "SELECT count(*) FROM tiny.orders WHERE orderdate < '1995-01-01' AND totalprice > 1e5";
      List<String> expected = Stack.rows(connection, direct);

      assertThat(Stack.rows(connection, "EXECUTE p('1995-01-01', 1e5)")).isEqualTo(expected);
      assertThat(Stack.rows(connection, "EXECUTE q('1995-01-01', 1e5)")).isEqualTo(expected);
      assertThat(
              Stack.rows(
                  connection,
                  "SELECT name, parameter_types FROM pg_prepared_statements WHERE name = 'p'"))
          .containsExactly("p|{date,\"double precision\"}");
      assertThat(scans(connection, "EXECUTE p('1995-01-01', 1e5)")).isFalse();
    }
  }

  @Test
  void shouldBeExecutedTwentyTimesAndInOtherStatements() throws Exception {
    try (Connection connection = stack.connectExtended("presto", "tpch")) {
      Stack.run(
          connection,
          "PREPARE p (bigint) AS SELECT nationkey, name FROM tiny.nation WHERE nationkey < $1");
      for (int i = 1; i <= 20; i++) {
        assertThat(Stack.rows(connection, "EXECUTE p(" + i + ")")).hasSize(i);
      }
      Stack.run(connection, "CREATE TEMP TABLE kept AS EXECUTE p(5)");

      assertThat(Stack.rows(connection, "SELECT max(name) FROM kept")).containsExactly("EGYPT");
      Stack.run(connection, "DEALLOCATE p");
      assertThatThrownBy(() -> Stack.rows(connection, "EXECUTE p(1)"))
          .hasMessageContaining("prepared statement \"p\" does not exist");
    }
  }

  @Test
  void shouldFollowTheSearchPathAsPostgresqlDoes() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "SET search_path TO tiny",
          "PREPARE p AS SELECT count(*) FROM supplier ORDER BY 1");
      assertThat(Stack.rows(connection, "EXECUTE p")).containsExactly("100");
      assertThat(scans(connection, "EXECUTE p")).isFalse();

      Stack.run(connection, "SET search_path TO sf1");
      assertThat(Stack.rows(connection, "EXECUTE p")).containsExactly("10000");

      Stack.run(
          connection,
          "CREATE TEMP TABLE supplier (suppkey int)",
          "SET search_path TO pg_temp, tiny");
      assertThat(Stack.rows(connection, "EXECUTE p")).containsExactly("0");

      Stack.run(connection, "DROP TABLE pg_temp.supplier", "SET search_path TO pg_catalog");
      assertThatThrownBy(() -> Stack.rows(connection, "EXECUTE p"))
          .hasMessageContaining("relation \"supplier\" does not exist");

      Stack.run(connection, "SET search_path TO tiny");
      assertThat(Stack.rows(connection, "EXECUTE p")).containsExactly("100");
    }
  }

  @Test
  void shouldScanWhatCannotBeRewritten() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      Stack.run(
          connection,
          "PREPARE p (int) AS SELECT count(*) FROM ONLY tiny.nation WHERE regionkey = $1",
          "PREPARE q AS SELECT age(max(orderdate), min(orderdate)) > interval '1 year'"
              + " FROM tiny.orders");

      assertThat(Stack.rows(connection, "EXECUTE p(1)")).containsExactly("5");
      assertThat(Stack.rows(connection, "EXECUTE q")).containsExactly("t");
    }
  }

  @Test
  void shouldLeaveErrorsToPostgresql() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch")) {
      assertThatThrownBy(
              () -> Stack.run(connection, "PREPARE p (nix) AS SELECT $1 FROM tiny.nation"))
          .hasMessageContaining("type \"nix\" does not exist");
      assertThatThrownBy(() -> Stack.run(connection, "PREPARE p AS SELECT nix FROM tiny.nation"))
          .hasMessageContaining("column \"nix\" does not exist");
      Stack.run(connection, "PREPARE p AS SELECT name FROM tiny.nation");
      assertThatThrownBy(() -> Stack.run(connection, "PREPARE p AS SELECT name FROM tiny.nation"))
          .hasMessageContaining("prepared statement \"p\" already exists");
      Stack.run(connection, "PREPARE q (int) AS SELECT name FROM tiny.nation WHERE nationkey = $1");
      assertThatThrownBy(() -> Stack.rows(connection, "EXECUTE q"))
          .hasMessageContaining("wrong number of parameters for prepared statement \"q\"");
    }
  }
}
