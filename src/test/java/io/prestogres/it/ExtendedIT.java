package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/** Statements of the extended protocol that concern Presto's tables. */
@ExtendWith(StackExtension.class)
class ExtendedIT {
  private final Stack stack;

  ExtendedIT(Stack stack) {
    this.stack = stack;
  }

  private static Properties extended(Properties properties) {
    properties.setProperty("preferQueryMode", "extended");
    return properties;
  }

  private static Buffer execute(String portal, int rows) {
    return new WireWriter().start('E').writeCString(portal).writeInt(rows).finish().toBuffer();
  }

  private static Buffer parse(String name, String sql) {
    return Frontend.parse(name, sql, List.of());
  }

  private static Buffer batch(Buffer... messages) {
    Buffer all = Buffer.buffer();
    for (Buffer message : messages) {
      all.appendBuffer(message);
    }
    return all;
  }

  /** The types of the messages up to ReadyForQuery. */
  private static String types(RawClient client) throws IOException {
    return client.readTo('Z').stream()
        .map(frame -> String.valueOf(frame.type()))
        .filter(type -> !"SN".contains(type))
        .collect(Collectors.joining());
  }

  private static List<String> values(List<RawClient.Frame> frames) {
    return frames.stream()
        .filter(frame -> frame.type() == 'D')
        .map(frame -> Backend.readDataRow(frame.bytes()).get(0).orElse("null"))
        .toList();
  }

  private RawClient session() throws IOException {
    return RawClient.session(stack.proxyPort(), "presto", "tpch");
  }

  /** The texts of the queries that Presto ran. */
  private List<String> prestoQueries(String part) {
    return stack.prestoQueries(part).stream().map(query -> query.query()).toList();
  }

  @Test
  void shouldRewriteAStatementOnPresto() throws Exception {
    String text = "select regionkey, count(*) from sf1.nation where nationkey <> 900001 group by 1";
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended)) {
      assertThat(Stack.rows(connection, text)).hasSize(5);
    }
    assertThat(prestoQueries("900001")).singleElement().asString().containsIgnoringCase("group by");
  }

  @Test
  void shouldDescribeWithoutRunningAnythingOnPresto() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement =
            connection.prepareStatement(
                "select name, regionkey as r from sf1.nation"
                    + " where nationkey > ? and nationkey <> 900002")) {
      ResultSetMetaData columns = statement.getMetaData();
      ParameterMetaData parameters = statement.getParameterMetaData();

      assertThat(columns.getColumnName(2)).isEqualTo("r");
      assertThat(columns.getColumnTypeName(1)).isEqualTo("varchar");
      assertThat(columns.getColumnTypeName(2)).isEqualTo("int8");
      assertThat(parameters.getParameterTypeName(1)).isEqualTo("int8");
    }
    assertThat(prestoQueries("900002")).isEmpty();
  }

  @Test
  void shouldRunANamedStatementAgainAndAgain() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement =
            connection.prepareStatement("select name from sf1.nation where nationkey = ?")) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(1);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        statement.setLong(1, i);
        names.addAll(Stack.rows(statement.executeQuery()));
      }
      assertThat(names).hasSize(8).startsWith("ALGERIA", "ARGENTINA").doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldSendParametersToPrestoWithTheirTypes() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement =
            connection.prepareStatement(
                "select name from sf1.nation where nationkey between ? and ? and name like ?"
                    + " and nationkey <> ? order by name limit 3")) {
      statement.setLong(1, 3);
      statement.setInt(2, 20);
      statement.setString(3, "%I%");
      statement.setLong(4, 900_004);

      assertThat(Stack.rows(statement.executeQuery()))
          .containsExactly("CHINA", "ETHIOPIA", "INDIA");
    }
    assertThat(prestoQueries("900004"))
        .anySatisfy(query -> assertThat(query).startsWith("EXECUTE").contains("'%I%'"));
  }

  @Test
  void shouldFollowTheSearchPathOfANamedStatement() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended)) {
      connection.unwrap(PGConnection.class).setPrepareThreshold(1);
      Stack.run(connection, "set search_path to sf1");
      try (PreparedStatement statement =
          connection.prepareStatement("select count(*) from supplier")) {
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("10000");
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("10000");
        Stack.run(connection, "set search_path to tiny");
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("100");
        Stack.run(connection, "create temp table supplier (id int)");
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("0");
        Stack.run(connection, "drop table supplier");
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("100");
      }
    }
  }

  @Test
  void shouldTellThatAResultHasChangedItsType() throws Exception {
    try (RawClient client = session()) {
      client.send(Frontend.query("set search_path to sf1")).readTo('Z');
      client.send(batch(parse("s", "select * from nation"), Frontend.sync())).readTo('Z');
      client.send(Frontend.query("create temp table nation (a int)")).readTo('Z');

      client.send(batch(Frontend.bind("", "s"), Frontend.execute(""), Frontend.sync()));
      var error = client.readError();

      assertThat(error.sqlState()).isEqualTo("0A000");
      assertThat(error.message()).isEqualTo("cached plan must not change result type");
      client.readTo('Z');
      client.send(Frontend.query("drop table pg_temp.nation")).readTo('Z');
      client.send(batch(Frontend.bind("", "s"), Frontend.execute(""), Frontend.sync()));
      assertThat(client.readTo('Z').stream().filter(f -> f.type() == 'D')).hasSize(25);
    }
  }

  @Test
  void shouldPlanAgainWithinABlockAndLeaveNoSavepoint() throws Exception {
    try (RawClient client = session()) {
      client.send(Frontend.query("set search_path to sf1")).readTo('Z');
      client.send(batch(parse("s", "select count(*) from supplier"), Frontend.sync())).readTo('Z');
      client.send(Frontend.query("begin")).readTo('Z');
      client.send(Frontend.query("set search_path to tiny")).readTo('Z');

      client.send(batch(Frontend.bind("", "s"), Frontend.execute(""), Frontend.sync()));
      assertThat(values(client.readTo('Z'))).containsExactly("100");
      client.send(Frontend.query("release savepoint \"prestogres_describe\""));
      assertThat(client.readError().sqlState()).isEqualTo("3B001");
    }
  }

  @Test
  void shouldStopAtARowLimitAndGoOn() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement =
            connection.prepareStatement("select orderkey from tiny.orders order by 1")) {
      connection.setAutoCommit(false);
      statement.setFetchSize(7);
      List<String> keys = Stack.rows(statement.executeQuery());
      assertThat(keys).hasSize(15_000).doesNotHaveDuplicates();
      connection.commit();
    }
  }

  @Test
  void shouldKeepSeveralPortalsOpen() throws Exception {
    try (RawClient client = session()) {
      client.send(Frontend.query("begin")).readTo('Z');
      client.send(
          batch(
              parse("a", "select nationkey from sf1.nation order by 1"),
              parse("b", "select regionkey from sf1.region order by 1"),
              Frontend.bind("pa", "a"),
              Frontend.bind("pb", "b"),
              execute("pa", 2),
              execute("pb", 2),
              execute("pa", 2),
              Frontend.sync()));
      List<RawClient.Frame> frames = client.readTo('Z');

      assertThat(values(frames)).containsExactly("0", "1", "0", "1", "2", "3");
      client.send(batch(execute("pb", 0), Frontend.sync()));
      assertThat(values(client.readTo('Z'))).containsExactly("2", "3", "4");
    }
  }

  @Test
  void shouldAnswerAPipelineInOrder() throws Exception {
    try (RawClient client = session()) {
      Buffer pipeline = Buffer.buffer();
      for (int i = 0; i < 3; i++) {
        pipeline.appendBuffer(
            batch(
                parse("", "select %d".formatted(i)),
                Frontend.bind("", ""),
                Frontend.execute(""),
                parse("", "select count(*) + %d from sf1.nation".formatted(i)),
                Frontend.bind("", ""),
                Frontend.execute(""),
                Frontend.sync()));
      }
      client.send(pipeline);

      for (int i = 0; i < 3; i++) {
        List<RawClient.Frame> frames = client.readTo('Z');
        assertThat(values(frames)).containsExactly(String.valueOf(i), String.valueOf(25 + i));
      }
    }
  }

  @Test
  void shouldPlanAfterABeginInTheSameBatch() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended)) {
      connection.setAutoCommit(false);
      assertThat(
              Stack.rows(connection, "select count(*) from sf1.nation where nationkey <> 900003"))
          .containsExactly("25");
      connection.rollback();
    }
    assertThat(prestoQueries("900003")).singleElement().asString().containsIgnoringCase("count");
  }

  @Test
  void shouldRollBackABatchWhoseLaterStatementFails() throws Exception {
    try (RawClient client = session();
        Connection other = stack.connect("presto", "tpch")) {
      Stack.run(other, "create table if not exists public.batched (n bigint)");
      try {
        client.send(
            batch(
                parse("", "insert into public.batched values (1)"),
                Frontend.bind("", ""),
                Frontend.execute(""),
                parse("", "insert into public.batched select nationkey / 0 from sf1.nation"),
                Frontend.bind("", ""),
                Frontend.execute(""),
                Frontend.sync()));

        assertThat(client.readError().sqlState()).isEqualTo("22012");
        assertThat(client.readTo('Z').get(0).bytes().getByte(5)).isEqualTo(Backend.IDLE);
        assertThat(Stack.rows(other, "select count(*) from public.batched")).containsExactly("0");
      } finally {
        Stack.run(other, "drop table public.batched");
      }
    }
  }

  @Test
  void shouldIgnoreABatchAfterItsErrorAndTakeTheNext() throws Exception {
    try (RawClient client = session()) {
      client.send(
          batch(
              parse("", "select nosuch from sf1.nation"),
              Frontend.bind("", ""),
              Frontend.execute(""),
              Frontend.sync(),
              parse("", "select count(*) from sf1.region"),
              Frontend.bind("", ""),
              Frontend.execute(""),
              Frontend.sync()));

      assertThat(types(client)).isEqualTo("EZ");
      assertThat(types(client)).isEqualTo("12DCZ");
    }
  }

  @Test
  void shouldFailABlockAsPostgresqlDoes() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended)) {
      connection.setAutoCommit(false);
      assertThatThrownBy(
              () -> Stack.rows(connection, "select 1 / (regionkey - regionkey) from sf1.region"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22012"));
      assertThatThrownBy(() -> Stack.rows(connection, "select count(*) from sf1.region"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
      connection.rollback();
      assertThat(Stack.rows(connection, "select count(*) from sf1.region")).containsExactly("5");
    }
  }

  @Test
  void shouldTakePrestosOwnStatements() throws Exception {
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended)) {
      assertThat(Stack.rows(connection, "show schemas")).contains("sf1", "tiny");
      Stack.run(connection, "set session query_max_run_time = '10m'", "use tiny");
      assertThat(Stack.rows(connection, "select approx_distinct(regionkey) from nation"))
          .containsExactly("5");
    }
  }

  @Test
  void shouldGiveParametersToPrestosOwnStatements() throws Exception {
    String functions =
        "select approx_distinct(name), max_by(name, nationkey) from sf1.nation"
            + " where regionkey = ? and starts_with(name, ?) or nationkey = ?";
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement = connection.prepareStatement(functions)) {
      ParameterMetaData types = statement.getParameterMetaData();
      assertThat(types.getParameterTypeName(1)).isEqualTo("int8");
      assertThat(types.getParameterTypeName(2)).isEqualTo("text");
      for (int key = 0; key < 3; key++) {
        statement.setInt(1, 1);
        statement.setString(2, "C");
        statement.setLong(3, key);
        assertThat(Stack.rows(statement.executeQuery())).containsExactly("2|CANADA");
      }
    }
    try (Connection connection = stack.connect("presto", "tpch", ExtendedIT::extended);
        PreparedStatement statement =
            connection.prepareStatement("select to_utf8(name || ?) from sf1.region")) {
      statement.setBigDecimal(1, new BigDecimal("1.50"));
      assertThatThrownBy(statement::executeQuery)
          .hasMessageContaining("cannot take this parameter");
    }
  }

  @Test
  void shouldKeepTheUnnamedStatementWhileItAsks() throws Exception {
    try (RawClient client = session()) {
      client.send(
          batch(
              parse("", "select 'kept'"),
              parse("n", "select count(*) from sf1.nation"),
              Frontend.sync()));
      assertThat(types(client)).isEqualTo("11Z");

      client.send(
          batch(
              Frontend.bind("", "n"),
              Frontend.execute(""),
              Frontend.bind("", ""),
              Frontend.execute(""),
              Frontend.sync()));
      assertThat(values(client.readTo('Z'))).containsExactly("25", "kept");
    }
  }

  @Test
  void shouldLeaveNothingOfItsOwnInTheSession() throws Exception {
    try (RawClient client = session()) {
      client.send(Frontend.query("begin")).readTo('Z');
      client.send(
          batch(
              parse("mine", "select count(*) from sf1.nation"),
              Frontend.bind("", "mine"),
              Frontend.execute(""),
              Frontend.sync()));
      client.readTo('Z');

      client.send(Frontend.query("select string_agg(name, ',') from pg_prepared_statements"));
      assertThat(values(client.readTo('Z'))).containsExactly("mine");
      client.send(Frontend.query("select count(*) from pg_cursors"));
      assertThat(values(client.readTo('Z'))).containsExactly("0");
    }
  }
}
