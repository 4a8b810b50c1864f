package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.util.PSQLException;

/** Shells in a PostgreSQL that can be told that nothing will be stored in them, as 16 and later. */
@ExtendWith(StackExtension.class)
class UnstoredShellIT {
  private static final int LENGTH = 300_000;

  private final Stack stack;

  UnstoredShellIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldAnswerWithValuesOfAnyLengthWithoutToastTables() throws Exception {
    int port = LoopbackPort.claim(0);
    try (EmbeddedPostgresql postgresql = EmbeddedPostgresql.start(BundledPostgresql.newest())) {
      postgresql.createDatabase("memory", "postgres");
      try (Prestogres proxy =
              Prestogres.start(
                  Stack.config(
                      Stack.instance("18", port, postgresql.port(), stack.presto().uri())));
          Connection client = Stack.connect(port, "postgres", "memory");
          Connection direct = postgresql.connect("postgres", "memory")) {
        assertThat(proxy.adminPort()).isEmpty();
        Stack.run(
            client,
            "CREATE TABLE \"default\".unstored AS SELECT n, rpad('', %d, name) AS long"
                    .formatted(LENGTH)
                + " FROM (VALUES (1, 'b'), (2, 'a'), (3, NULL)) AS t (n, name)");
        try {
          keepsNoFiles(direct);
          answers(client);
          answers(direct);
          lendsItsColumns(direct);
        } finally {
          Stack.run(client, "DROP TABLE IF EXISTS mine", "DROP TABLE \"default\".unstored");
        }
      }
    }
  }

  private static void keepsNoFiles(Connection direct) throws SQLException {
    assertThat(
            Stack.rows(
                direct,
                "SELECT relkind, reltoastrelid::bigint FROM pg_class"
                    + " WHERE oid = '\"default\".unstored'::regclass"))
        .containsExactly("r|0");
  }

  private static void answers(Connection connection) throws SQLException {
    assertThat(
            Stack.rows(
                connection,
                "SELECT n, length(long), left(long, 1) FROM \"default\".unstored"
                    + " ORDER BY long NULLS LAST"))
        .containsExactly("2|%d|a".formatted(LENGTH), "1|%d|b".formatted(LENGTH), "3|∅|∅");
    assertThat(
            Stack.rows(
                connection,
                "WITH whole AS MATERIALIZED (SELECT u FROM \"default\".unstored u)"
                    + " SELECT (u).n, length((u).long) FROM whole ORDER BY 1"))
        .containsExactly("1|" + LENGTH, "2|" + LENGTH, "3|∅");
  }

  /** A table that inherits how columns are stored holds rows of a page, until it is told. */
  private static void lendsItsColumns(Connection direct) throws SQLException {
    String fill =
        "INSERT INTO mine SELECT 4, string_agg(md5(g::text), '') FROM generate_series(1, 1000) g";
    Stack.run(direct, "CREATE TABLE mine () INHERITS (\"default\".unstored)");
    assertThatThrownBy(() -> Stack.run(direct, fill))
        .isInstanceOfSatisfying(
            PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("54000"));
    Stack.run(direct, "ALTER TABLE mine ALTER COLUMN long SET STORAGE EXTENDED", fill);
    assertThat(Stack.rows(direct, "SELECT n, length(long) FROM \"default\".unstored ORDER BY n"))
        .isEqualTo(List.of("1|" + LENGTH, "2|" + LENGTH, "3|∅", "4|32000"));
  }
}
