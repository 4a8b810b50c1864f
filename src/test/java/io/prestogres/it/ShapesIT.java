package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns of geometry and tiles are texts to PostgreSQL, in conditions, too; to Presto they are
 * not. Of Trino's geospatial functions Maven Central has none that fit its server.
 */
@ExtendWith(StackExtension.class)
class ShapesIT {
  private final Stack stack;

  ShapesIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void create(Stack stack) throws SQLException {
    stack
        .presto()
        .execute(
            "create table memory.default.places as select id,"
                + " if(id < 3, ST_Point(id, 2)) as place, bing_tile(id, 0, 3) as tile,"
                + " to_spherical_geography(ST_Point(id, 3)) as sphere"
                + " from (values 1, 2, 3) as rows (id)");
    stack.awaitShell("memory", "\"default\".places");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "select id from places where place = 'POINT (1 2)'; 1",
        "select id from places where place in ('POINT (1 2)', 'POINT (2 2)', 'x') order by id; 1 2",
        "select id from places where place like 'POINT (2%'; 2",
        "select id from places where place is null; 3",
        "select id from places where sphere = 'POINT (3 3)'; 3",
        "select id from places where tile = '{\"x\":1,\"y\":0,\"zoom\":3}'; 1",
        "select place from places where id = 1; POINT (1 2)",
        "select tile from places where id = 1; {\"x\":1,\"y\":0,\"zoom\":3}",
        "select sphere from places where id = 3; POINT (3 3)",
        "select max(place) from places; POINT (2 2)",
        "select count(*) from (select distinct place from places) d; 3",
        "select count(*) from places group by place order by place; 1 1 1",
        "select id from places order by place desc nulls last; 2 1 3",
        "select place || '!' from places where id = 1; POINT (1 2)!",
        "select count(*) from places a join places b on a.place = b.place; 2",
      })
  void shouldBeTexts(String sql, String rows) throws SQLException {
    String qualified = sql.replace("places", "\"default\".places");
    try (Connection simple = stack.connect("presto", "memory");
        Connection scanning = stack.direct("presto", "memory")) {
      for (Connection connection : List.of(simple, scanning)) {
        assertThat(String.join(" ", Stack.rows(connection, qualified))).isEqualTo(rows);
      }
    }
  }

  @Test
  void shouldShowColors() throws SQLException {
    String query = call("select rgb(1, 2, 255), array[color('red')]", "text", "text");
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, query)).containsExactly("#0102ff|{\"red\"}");
    }
  }

  static String call(String query, String... types) {
    StringBuilder columns = new StringBuilder();
    for (int i = 1; i <= types.length; i++) {
      columns.append(i > 1 ? ", " : "").append("unnest(b[" + i + "]::" + types[i - 1] + "[])");
    }
    return "select %s from (select prestogres.fetch_presto_query_results('%s') as b offset 0) t"
        .formatted(columns, query.replace("'", "''"));
  }

  @Test
  void shouldBeComputedWithByPresto() throws SQLException {
    String query =
        "select id from memory.default.places where ST_Distance(place, ST_Point(2, 2)) < 0.5";
    try (Connection connection = stack.connect("presto", "memory")) {
      assertThat(Stack.rows(connection, call(query, "integer"))).containsExactly("2");
    }
  }
}
