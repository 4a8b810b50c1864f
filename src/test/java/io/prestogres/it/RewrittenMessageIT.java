package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of messages whose queries were rewritten, and in which there are several. */
@ExtendWith(StackExtension.class)
class RewrittenMessageIT {
  private final Stack stack;

  RewrittenMessageIT(Stack stack) {
    this.stack = stack;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select name, nationkey + 1, regionkey as r from tiny.nation limit 2",
        "select r.name, count(*) from tiny.nation n join tiny.region r using (regionkey) group by 1",
        "select c.* from tiny.customer c where custkey < 3",
        "select x.name from (select name from tiny.region) x"
      })
  void shouldDescribeColumnsByteForByteAsPostgresqlDoes(String sql) throws IOException {
    Buffer describe =
        new WireWriter()
            .start('D')
            .writeBytes(new byte[] {'S'})
            .writeCString("s")
            .finish()
            .toBuffer();
    Buffer portal =
        new WireWriter()
            .start('D')
            .writeBytes(new byte[] {'P'})
            .writeCString("p")
            .finish()
            .toBuffer();
    Buffer bind =
        new WireWriter()
            .start('B')
            .writeCString("p")
            .writeCString("s")
            .writeShort((short) 0)
            .writeShort((short) 0)
            .writeShort((short) 0)
            .finish()
            .toBuffer();
    List<Buffer> batches =
        List.of(
            Frontend.query(sql),
            Frontend.parse("s", sql, List.of())
                .appendBuffer(describe)
                .appendBuffer(Frontend.sync()),
            bind.appendBuffer(portal).appendBuffer(Frontend.sync()));
    try (RawClient through = RawClient.session(stack.proxyPort(), "presto", "tpch");
        RawClient direct = RawClient.session(stack.postgresql().port(), "presto", "tpch")) {
      for (Buffer batch : batches) {
        assertThat(description(through, batch.copy())).isEqualTo(description(direct, batch));
      }
    }
  }

  private static Buffer description(RawClient client, Buffer batch) throws IOException {
    return client.send(batch).readTo('Z').stream()
        .filter(frame -> frame.type() == 'T')
        .findFirst()
        .orElseThrow()
        .bytes();
  }

  @Test
  void shouldSendEachQueryOfAMessageToPrestoWhole() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "select count(*) from tiny.partsupp; begin; select max(suppkey) from tiny.partsupp");
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("8000"));
      statement.getMoreResults();
      statement.getMoreResults();
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("100"));
      Stack.run(connection, "commit");
    }
    assertThat(stack.prestoQueries("partsupp"))
        .extracting(query -> query.query().toLowerCase(Locale.ROOT))
        .anyMatch(sql -> sql.contains("count(*)"))
        .anyMatch(sql -> sql.contains("max("));
  }

  @Test
  void shouldSeeWhatAnEarlierStatementOfTheMessageHasChanged() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      Stack.run(connection, "set search_path to tiny");
      statement.execute(
          "select count(*) from region; create temp table region (x int);"
              + " select count(*) from region");
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("5"));
      statement.getMoreResults();
      statement.getMoreResults();
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("0"));
    }
  }

  @Test
  void shouldUndoAWholeMessageOfWhichOneQueryFailsOnPresto() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(
              () ->
                  statement.execute(
                      "create temp table kept (x int); select count(*) from tiny.region;"
                          + " select 1 / (regionkey - regionkey) from tiny.region"))
          .hasMessageContaining("zero");
      assertThat(Stack.rows(connection, "select to_regclass('kept') is null")).containsExactly("t");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback", "rollback to a"})
  void shouldNotResolveNamesBeforeATransactionEnds(String end) throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      Stack.run(connection, "set search_path to tiny");
      Stack.run(connection, "begin", "savepoint a", "set local search_path to sf1");
      statement.execute(end + "; select count(*) from supplier");
      statement.getMoreResults();
      assertThat(Stack.rows(statement.getResultSet())).isEqualTo(List.of("100"));
      Stack.run(connection, "rollback");
    }
  }

  @Test
  void shouldLoseNoStatementBesideOneThatTheProxyAnswers() throws SQLException {
    try (Connection connection = stack.connect("presto", "tpch");
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("begin; set session query_priority = '1'"))
          .hasMessageContaining("message of their own");
      assertThat(Stack.rows(connection, "select now() = statement_timestamp()"))
          .containsExactly("t");
    }
  }
}
