package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.PrestoConfig;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.protocol.Backend;
import io.prestogres.protocol.Frontend;
import io.prestogres.protocol.WireWriter;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;

/** Statements that write to Presto, in PostgreSQL's words. */
@ExtendWith(StackExtension.class)
class WritingIT {
  private static final AtomicInteger TABLES = new AtomicInteger();

  private final Stack stack;
  private final String table = "written_" + getClass().getSimpleName().length() + "_" + next();
  private Connection connection;

  WritingIT(Stack stack) throws SQLException {
    this.stack = stack;
    this.connection = stack.connect("presto", "memory");
  }

  private static int next() {
    return TABLES.incrementAndGet();
  }

  private static Properties extended(Properties properties) {
    properties.setProperty("preferQueryMode", "extended");
    return properties;
  }

  @BeforeEach
  void connect() throws SQLException {
    Stack.run(connection, "set search_path to \"default\"");
  }

  @AfterEach
  void drop() throws SQLException {
    connection.close();
    stack.presto().execute("DROP TABLE IF EXISTS memory.default." + table);
  }

  private int update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql.replace("<t>", table));
    }
  }

  private List<String> rows(String sql) throws SQLException {
    return Stack.rows(connection, sql.replace("<t>", table));
  }

  private void assertRefused(String sql, String sqlState, String message) {
    assertThatThrownBy(() -> update(sql))
        .isInstanceOfSatisfying(
            PSQLException.class,
            error -> {
              assertThat(error.getMessage()).contains(message);
              assertThat(error.getSQLState()).isEqualTo(sqlState);
            });
  }

  /** The types of the replies up to ReadyForQuery, and the tags. */
  private static String replies(RawClient client) throws IOException {
    return client.readTo('Z').stream()
        .filter(frame -> "SN".indexOf(frame.type()) < 0)
        .map(
            frame ->
                switch (frame.type()) {
                  case 'C' -> "C(" + Backend.readCommandComplete(frame.bytes()) + ")";
                  case 'E' -> "E(" + frame.error().sqlState() + ")";
                  default -> String.valueOf(frame.type());
                })
        .collect(Collectors.joining(" "));
  }

  @Test
  void shouldShowWhatABatchHasMadeInSeveralSchemas() throws Exception {
    stack.presto().execute("CREATE SCHEMA memory.second");
    try (RawClient client = RawClient.session(stack.proxyPort(), "presto", "memory")) {
      Stack.run(connection, "call prestogres.refresh_catalog()");
      client.send(
          Buffer.buffer()
              .appendBuffer(create("a", "second." + table))
              .appendBuffer(create("b", "\"default\"." + table))
              .appendBuffer(Frontend.bind("a", "a"))
              .appendBuffer(Frontend.execute("a"))
              .appendBuffer(Frontend.bind("b", "b"))
              .appendBuffer(Frontend.execute("b"))
              .appendBuffer(Frontend.sync()));
      assertThat(replies(client)).isEqualTo("1 1 2 C(CREATE TABLE) 2 C(CREATE TABLE) Z");
      assertThat(rows("select to_regclass('second.<t>') is not null")).containsExactly("t");
      assertThat(rows("select to_regclass('\"default\".<t>') is not null")).containsExactly("t");
    } finally {
      stack.presto().execute("DROP TABLE IF EXISTS memory.second." + table);
      stack.presto().execute("DROP SCHEMA memory.second");
    }
  }

  private static Buffer create(String statement, String table) {
    return Frontend.parse(statement, "create table " + table + " (id int8)", List.of());
  }

  @Test
  void shouldMakeFillAndDropATable() throws Exception {
    assertThat(
            update(
                "create table <t> (id int8, name varchar(5), note text, price numeric(10,2), seen"
                    + " timestamptz, day date, ok bool, x float8, raw bytea)"))
        .isZero();
    assertThat(
            update(
                "insert into <t> values (1, 'eins', 'it''s', 1.005, '2024-02-03 04:05:06.789+00',"
                    + " '2024-02-29', true, 0.1, '\\x00ff'), (2, null, E'zwei\\n', -3, null, null,"
                    + " 'f', 'NaN', null)"))
        .isEqualTo(2);
    assertThat(
            update("insert into <t> (note, id) select upper(note), id + 10 from <t> where id = 1"))
        .isEqualTo(1);
    assertThat(
            update(
                "insert into <t> (id, name) select 20 + g, 'g' || g from generate_series(1, 3) g"))
        .isEqualTo(3);
    Stack.run(connection, "set timezone to 'UTC'");
    assertThat(rows("select * from <t> where id < 15 order by id"))
        .containsExactly(
            "1|eins|it's|1.01|2024-02-03 04:05:06.789+00|2024-02-29|t|0.1|\\x00ff",
            "2|∅|zwei\n|-3.00|∅|∅|f|NaN|∅",
            "11|∅|IT'S|∅|∅|∅|∅|∅|∅");
    assertThat(rows("select name from <t> where id > 15 order by id"))
        .containsExactly("g1", "g2", "g3");
    assertThat(update("drop table <t>")).isZero();
    assertThat(rows("select to_regclass('<t>') is null")).containsExactly("t");
    assertThat(stack.presto().execute("SHOW TABLES FROM memory.default LIKE '" + table + "'"))
        .isEmpty();
  }

  @Test
  void shouldCopyQueriesAndKeepViewsOnPresto() throws Exception {
    stack
        .presto()
        .execute(
            "CREATE TABLE memory.default."
                + table
                + " AS SELECT name, regionkey, nationkey FROM tpch.tiny.nation");
    Stack.run(connection, "call prestogres.refresh_catalog()");
    assertThat(
            update(
                "create table <t>_2 as select regionkey, count(*) as n, 'x' as kind from <t>"
                    + " group by regionkey"))
        .isEqualTo(5);
    assertThat(stack.prestoQueries(table + "_2\" AS"))
        .singleElement()
        .extracting(query -> query.query().contains("UNNEST"))
        .isEqualTo(false);
    assertThat(rows("select kind || n from <t>_2")).containsOnly("x5");
    assertThat(update("create table <t>_3 (h) as select md5(name), 1.25::numeric(4,2) d from <t>"))
        .isEqualTo(25);
    assertThat(rows("select h, d from <t>_3 where h = md5('CHINA')"))
        .singleElement()
        .asString()
        .endsWith("|1.25");
    assertThat(update("insert into <t> (nationkey, name) select 100 + nationkey, name from <t>"))
        .isEqualTo(25);
    assertThat(stack.prestoQueries("INSERT INTO \"memory\".\"default\".\"" + table + "\""))
        .noneMatch(query -> query.query().contains("UNNEST"));
    assertThatThrownBy(() -> update("insert into <t> (name) select h || h from <t>_3"))
        .hasMessageContaining("value too long for type character varying(25)");
    assertThat(rows("select count(*) from <t>")).containsExactly("50");
    assertThat(update("create view <t>_4 as select name as n from <t> where regionkey = 1"))
        .isZero();
    assertThat(rows("select count(*) from <t>_4")).containsExactly("5");
    assertThat(update("create or replace view <t>_4 as select name as m from <t>")).isZero();
    assertThat(rows("select count(m) from <t>_4")).containsExactly("50");
    update("drop view <t>_4");
    update("alter table <t>_2 rename to <t>_5");
    assertThat(rows("select max(n) from <t>_5")).containsExactly("5");
    assertThat(rows("select to_regclass('<t>_2') is null, to_regclass('<t>_4') is null"))
        .containsExactly("t|t");
    update("drop table <t>_5");
    update("drop table if exists <t>_3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into <t> values ('long text')|22001|too long",
        "insert into <t> values (1, 2, 3)|42601|more expressions",
        "insert into <t> values ('a') returning name|0A000|RETURNING",
        "insert into <t> values ('a') on conflict do nothing|0A000|ON CONFLICT",
        "insert into <t> default values|0A000|DEFAULT VALUES",
        "insert into <t> values (default)|0A000|DEFAULT",
        "insert into <t> values ('a'); select 1|0A000|message of its own",
        "explain insert into <t> values ('a')|0A000|EXPLAIN",
        "explain analyze insert into <t> values ('a')|0A000|EXPLAIN",
        "delete from <t> using <t> u|0A000|USING",
        "insert into <t> select name from only <t>|0A000|ONLY",
        "copy <t> from stdin|0A000|COPY FROM",
        "create index on <t> (name)|0A000|CREATE INDEX",
        "create trigger x before insert on <t> execute function y()|0A000|CREATE TRIGGER",
        "lock table <t> in exclusive mode|0A000|LOCK",
        "create table <t>_2 (a int primary key)|0A000|PRIMARY KEY",
        "create table <t>_2 (a numeric)|0A000|precision",
        "create table <t>_2 (a int) inherits (<t>)|0A000|INHERITS",
        "create table <t>_2 (\"A\" int)|0A000|capital",
        "drop table <t> cascade|0A000|CASCADE",
        "alter table <t> add constraint c check (true)|0A000|CONSTRAINT",
      })
  void shouldRefuseClearlyAndWriteNothing(String sql, String sqlState, String message)
      throws Exception {
    assertRefusedAndNothingWritten(sql, sqlState, message);
  }

  /** What the connector or the engine cannot do, in its own words. */
  static Stream<Arguments> refusedByTheEngine() {
    boolean trino = Engine.chosen() == Engine.TRINO;
    Stream<Arguments> both =
        Stream.of(
            arguments(
                "delete from <t> where name = 'a'",
                "0A000",
                trino ? "does not support modifying table rows" : "delet"),
            arguments(
                "update <t> set name = 'b' where name = 'a'",
                "0A000",
                trino ? "does not support modifying table rows" : "updat"),
            arguments("create table <t> (a int)", trino ? "42P07" : "42601", "exist"));
    return trino
        ? both
        : Stream.concat(
            both,
            Stream.of(
                arguments("truncate <t>", "0A000", "truncat"),
                arguments("alter table <t> rename column name to n", "0A000", "renaming columns")));
  }

  @ParameterizedTest
  @MethodSource("refusedByTheEngine")
  void shouldTellWhatTheEngineRefuses(String sql, String sqlState, String message)
      throws Exception {
    assertRefusedAndNothingWritten(sql, sqlState, message);
  }

  @Test
  @EnabledIfSystemProperty(
      named = "engine",
      matches = "trino",
      disabledReason = "Presto's memory connector can do neither; -Ptrino runs it")
  void shouldTruncateAndRenameColumns() throws Exception {
    update("create table <t> (name varchar(3))");
    update("insert into <t> values ('a'), ('b')");

    update("alter table <t> rename column name to n");
    assertThat(rows("select n from <t> order by n")).containsExactly("a", "b");
    assertThat(update("truncate <t>")).isZero();

    assertThat(rows("select count(*) from <t>")).containsExactly("0");
  }

  private void assertRefusedAndNothingWritten(String sql, String sqlState, String message)
      throws Exception {
    stack.presto().execute("CREATE TABLE memory.default." + table + " (name varchar(3))");
    Stack.run(connection, "call prestogres.refresh_catalog()");

    assertRefused(sql, sqlState, message);

    assertThat(rows("select count(*) from <t>")).containsExactly("0");
    assertThat(stack.presto().execute("SHOW TABLES FROM memory.default LIKE '" + table + "_2'"))
        .isEmpty();
  }

  @Test
  void shouldWriteInNoTransaction() throws Exception {
    update("create table <t> (a int)");
    Stack.run(connection, "begin");
    assertRefused("insert into <t> values (1)", "25001", "transaction block");
    assertRefused("select 1", "25P02", "aborted");
    Stack.run(connection, "rollback", "set default_transaction_read_only to on");
    assertRefused("insert into <t> values (1)", "25006", "read-only");
    Stack.run(connection, "set default_transaction_read_only to off");
    assertThat(rows("select count(*) from <t>")).containsExactly("0");
    assertThat(update("create temp table <t> (a int)")).isZero();
    assertThat(update("insert into <t> values (7)")).isEqualTo(1);
    assertThat(rows("select * from <t>")).containsExactly("7");
    assertThat(stack.presto().execute("SELECT count(*) FROM memory.default." + table).toString())
        .contains("0");
  }

  @Test
  void shouldWriteByPreparedStatements() throws Exception {
    try (Connection prepared = stack.connect("presto", "memory", WritingIT::extended)) {
      Stack.run(prepared, "set search_path to \"default\"");
      try (Statement statement = prepared.createStatement()) {
        statement.executeUpdate(
            "create table " + table + " (id int, name text, at timestamp, price decimal(12,3))");
      }
      try (PreparedStatement insert =
          prepared.prepareStatement("insert into " + table + " values (?, ?, ?, ?)")) {
        assertThat(insert.getMetaData()).isNull();
        assertThat(insert.getParameterMetaData().getParameterCount()).isEqualTo(4);
        for (int i = 0; i < 7; i++) {
          insert.setInt(1, i);
          insert.setString(2, i == 3 ? null : "it's $1 \\ \"" + i + "\" {NULL}, ä");
          insert.setTimestamp(3, Timestamp.valueOf("2024-01-02 03:04:05.678"));
          insert.setBigDecimal(4, new BigDecimal("12345.6785"));
          assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        for (int i = 10; i < 13; i++) {
          insert.setInt(1, i);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
      }
      assertThat(Stack.rows(prepared, "select * from " + table + " where id in (2, 3) order by id"))
          .containsExactly(
              "2|it's $1 \\ \"2\" {NULL}, ä|2024-01-02 03:04:05.678|12345.679",
              "3|∅|2024-01-02 03:04:05.678|12345.679");
      assertThat(Stack.rows(prepared, "select count(*) from " + table)).containsExactly("10");
      prepared.setAutoCommit(false);
      assertThatThrownBy(
              () -> {
                try (Statement statement = prepared.createStatement()) {
                  statement.executeUpdate("insert into " + table + " (id) values (99)");
                }
              })
          .hasMessageContaining("presto.writes");
      prepared.rollback();
      prepared.setAutoCommit(true);
      assertThat(Stack.rows(prepared, "select count(*) from " + table)).containsExactly("10");
    }
  }

  @Test
  void shouldWriteInTransactionsWhereTheConfigurationSaysAlways() throws Exception {
    String database = "always_" + getClass().getSimpleName().toLowerCase(Locale.ROOT);
    stack.postgresql().createDatabase(database, "presto");
    int port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.instance(database, port, stack.postgresql().port(), stack.presto().uri(), provider());
    PrestoConfig presto = Stack.presto(stack.presto().uri(), "memory", List.of(database));
    Prestogres proxy =
        Prestogres.start(
            Stack.config(Stack.withPresto(instance, writing(presto, PrestoConfig.Writes.ALWAYS))));
    try (Connection client =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "presto", "");
        Statement statement = client.createStatement()) {
      client.setAutoCommit(false);
      statement.executeUpdate("create table \"default\"." + table + " as select 1 as a");
      assertThat(statement.getWarnings().getMessage()).contains("ROLLBACK does not undo");
      assertThat(statement.executeUpdate("insert into \"default\"." + table + " values (2)"))
          .isEqualTo(1);
      client.rollback();
      assertThat(Stack.rows(client, "select sum(a) from \"default\"." + table))
          .containsExactly("3");
    } finally {
      proxy.close();
    }
  }

  InstanceConfig.TableFunction provider() {
    return InstanceConfig.TableFunction.AUTO;
  }

  private static Buffer parse(String name, String sql) {
    return Frontend.parse(name, sql, List.of());
  }

  private static Buffer execute(String portal, int rows) {
    return new WireWriter().start('E').writeCString(portal).writeInt(rows).finish().toBuffer();
  }

  private static Buffer batch(Buffer... messages) {
    Buffer all = Buffer.buffer();
    for (Buffer message : messages) {
      all.appendBuffer(message);
    }
    return all;
  }

  @Test
  void shouldAnswerAsPostgresqlDoesOnTheWire() throws Exception {
    String name = "\"default\"." + table;
    try (RawClient client = RawClient.session(stack.proxyPort(), "presto", "memory")) {
      client.send(Frontend.query("create table " + name + " (a int)"));
      assertThat(replies(client)).isEqualTo("C(CREATE TABLE) Z");
      client.send(
          batch(
              parse("w", "insert into " + name + " select 1 from generate_series(1, 2)"),
              Frontend.describeStatement("w"),
              Frontend.bind("p", "w"),
              execute("p", 1),
              Frontend.bind("q", "w"),
              execute("q", 0),
              Frontend.sync()));
      assertThat(replies(client)).isEqualTo("1 t n 2 C(INSERT 0 2) 2 C(INSERT 0 2) Z");
      client.send(
          batch(
              parse("", "select 5"),
              Frontend.bind("", ""),
              execute("", 0),
              Frontend.bind("p", "w"),
              execute("p", 0),
              Frontend.sync()));
      assertThat(replies(client)).isEqualTo("1 2 D C(SELECT 1) 2 E(25001) Z");
      client.send(
          batch(
              Frontend.bind("", "w"),
              Frontend.bind("r", ""),
              execute("r", 0),
              execute("", 0),
              Frontend.sync()));
      assertThat(replies(client)).isEqualTo("2 2 D C(SELECT 1) E(25001) Z");
      client.send(batch(Frontend.bind("", "w"), execute("", 0), Frontend.sync()));
      assertThat(replies(client)).isEqualTo("2 C(INSERT 0 2) Z");
      client.send(batch(Frontend.bind("", ""), execute("", 0), Frontend.sync()));
      assertThat(replies(client)).isEqualTo("2 D C(SELECT 1) Z");
      client.send(Frontend.query("select count(*) from " + name));
      assertThat(
              client.readTo('Z').stream()
                  .filter(frame -> frame.type() == 'D')
                  .map(frame -> Backend.readDataRow(frame.bytes()).get(0).orElse("")))
          .containsExactly("6");
    }
  }

  /** The same Presto, with another setting of what may be written to it. */
  static PrestoConfig writing(PrestoConfig presto, PrestoConfig.Writes writes) {
    return new PrestoConfig(
        presto.url(),
        presto.flavor(),
        presto.catalog(),
        presto.databases(),
        presto.session(),
        presto.login(),
        presto.requestTimeout(),
        writes);
  }
}
