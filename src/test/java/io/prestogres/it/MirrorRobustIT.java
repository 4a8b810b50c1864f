package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.prestogres.config.CatalogConfig;
import io.prestogres.it.MetadataPresto.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong costs the table or schema concerned, and the user is told. */
class MirrorRobustIT {
  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private MetadataPresto presto;

  @BeforeEach
  void clear() throws SQLException {
    presto = stack.presto().table("s", "fine", "a bigint");
  }

  private static int mirror() throws Exception {
    int port = stack.proxy(MirrorStack.CALM);
    MirrorStack.connect(port, "alice").close();
    return port;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPPER",
        "with blank",
        "with\nnewline",
        "50%_of_it",
        "%s$1%1$s",
        "quo\"te",
        "apos'trophe",
        "back\\slash",
        "dollar$$",
        "a.b.c",
        "größe_東京_😀",
        "select",
        "--",
        "x/*",
        "123"
      })
  void shouldTakeEveryNameThatPostgresqlCanHold(String name) throws Exception {
    presto.table(name, name, new Column(name, "bigint", true, name));

    mirror();

    String literal = "'" + name.replace("'", "''") + "'";
    assertThat(
            stack.ask(
                "SELECT n.nspname || c.relname || a.attname || col_description(c.oid, a.attnum)"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attnum > 0"
                    + " AND n.nspname = "
                    + literal))
        .containsExactly(name.repeat(4));
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
    String before = stack.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class").get(0);
    stack.refresh();
    assertThat(stack.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class"))
        .as("and finds it again")
        .containsExactly(before);
  }

  @Test
  void shouldLeaveOutWhatPostgresqlCannotHold() throws Exception {
    presto.table("s", "t".repeat(64), "a bigint").table("s", "é".repeat(32), "a bigint");
    presto.table("s", "long_column", Column.of("c".repeat(64), "bigint"));
    presto.table("s", "nul", Column.of("a\0b", "bigint")).table("s", "nul\0", "a bigint");
    presto.table("s", "empty", Column.of("", "bigint"));
    presto.table("s", "twice", Column.of("a", "bigint"), Column.of("a", "bigint"));
    presto.table(
        "s",
        "wide",
        IntStream.range(0, 1601)
            .mapToObj(i -> Column.of("c" + i, "tinyint"))
            .toArray(Column[]::new));
    for (String column : List.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid")) {
      presto.table("s", "with_" + column, column + " bigint");
    }
    presto.table("pg_mine", "t", "a bigint").table("information_schema", "tables", "a bigint");

    int port = mirror();

    assertThat(stack.ask("SELECT relname FROM pg_class WHERE relnamespace = 's'::regnamespace"))
        .containsExactly("fine");
    assertThat(stack.ask("SELECT count(*) FROM prestogres.catalog_problem WHERE reason <> ''"))
        .containsExactly("15");
    assertThat(stack.problems("pg_mine", "")).hasSize(1);
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(Stack.rows(connection, "SELECT 1 FROM prestogres.catalog_problem")).hasSize(15);
    }
  }

  @Test
  void shouldTakeNamesThatDifferByCaseOnlyAndOddTypes() throws Exception {
    presto.table("s", "T", "A bigint, a bigint").table("s", "t", "a bigint");
    presto.table(
        "s",
        "odd",
        Column.of("a", "unknown"),
        Column.of("b", "hyperloglog"),
        Column.of("c", "array(array(row(x map(varchar,bigint))))"),
        Column.of("d", "no such (type"),
        Column.of("e", ""),
        Column.of("f", "decimal(38,38)"),
        Column.of("g", "varchar(2147483646)"),
        Column.of("h", "char(0)"));

    mirror();

    assertThat(stack.columns("s.\"T\"")).containsExactly("A bigint", "a bigint");
    assertThat(stack.columns("s.odd"))
        .containsExactly(
            "a text",
            "b text",
            "c jsonb",
            "d text",
            "e text",
            "f numeric(38,38)",
            "g text",
            "h text");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }

  @Test
  void shouldTakeTheMostColumns() throws Exception {
    presto.table(
        "s",
        "wide",
        IntStream.range(0, 1600)
            .mapToObj(i -> Column.of("c" + i, "varchar"))
            .toArray(Column[]::new));
    mirror();
    assertThat(stack.columns("s.wide")).hasSize(1600);

    presto.table(
        "s",
        "wide",
        IntStream.range(0, 1600)
            .mapToObj(i -> Column.of("d" + i, "varchar"))
            .toArray(Column[]::new));
    stack.refresh();

    assertThat(stack.columns("s.wide"))
        .as("for dropped columns PostgreSQL has no room: the table is made anew")
        .hasSize(1600)
        .contains("d7 text");
  }

  @Test
  void shouldShareThePublicSchemaAndLeaveOthersAlone() throws Exception {
    stack
        .postgresql()
        .execute(
            "web",
            "CREATE TABLE public.mine (x int)",
            "INSERT INTO public.mine VALUES (7)",
            "CREATE SEQUENCE public.seq",
            "CREATE TYPE public.kind AS ENUM ('a')",
            "CREATE SCHEMA own",
            "CREATE TABLE own.t (y int)");
    presto.table("public", "mine", "a bigint").table("public", "theirs", "a bigint");
    presto.table("public", "seq", "a bigint").table("public", "kind", "a bigint");
    presto.table("own", "t", "a bigint");

    int port = mirror();

    assertThat(stack.ask("SELECT x FROM public.mine")).containsExactly("7");
    assertThat(stack.columns("public.theirs")).containsExactly("a bigint");
    for (String name : List.of("mine", "seq", "kind")) {
      assertThat(stack.problems("public", name)).as(name).hasSize(1);
    }
    assertThat(stack.problems("own", "")).hasSize(1);
    assertThat(stack.columns("own.t")).containsExactly("y integer");
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(
              Stack.rows(
                  connection,
                  "SELECT has_table_privilege('theirs', 'SELECT'),"
                      + " pg_table_is_visible('theirs'::regclass)"))
          .containsExactly("t|t");
    }
    presto.dropSchema("public");
    stack.refresh();
    assertThat(stack.ask("SELECT x FROM public.mine")).containsExactly("7");
    assertThat(stack.ask("SELECT to_regclass('public.theirs')")).containsExactly("∅");
  }

  @Test
  void shouldLoseOneTableWhenItsMetadataFails() throws Exception {
    presto.table("s", "bad", "a bigint");
    mirror();
    presto.fail("s", "bad").table("s", "new", "a bigint").drop("s", "fine");

    stack.refresh();

    assertThat(stack.problems("s", "bad")).singleElement().asString().contains("no metadata");
    assertThat(stack.columns("s.bad")).as("what stands stays").hasSize(1);
    assertThat(stack.columns("s.new")).hasSize(1);

    presto.works("s");
    stack.refresh();
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
    assertThat(stack.ask("SELECT to_regclass('s.fine')")).containsExactly("∅");
  }

  @Test
  void shouldLoseOneSchemaWhenItHangs() throws Exception {
    presto.table("slow", "t", "a bigint");
    CountDownLatch hanging = presto.hang("slow");
    int port = stack.proxy(MirrorStack.CALM);
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(stack.columns("s.fine")).hasSize(1);
      assertThat(stack.problems("slow", "")).singleElement().asString().contains("3000 ms");
      assertThat(presto.cancels()).as("Presto is told").isPositive();
      hanging.countDown();
      presto.works("slow");

      Stack.run(connection, "CALL prestogres.refresh_catalog()");

      assertThat(Stack.rows(connection, "SELECT to_regclass('slow.t')")).containsExactly("slow.t");
    }
  }

  @Test
  void shouldShareADatabaseAmongProxies() throws Exception {
    presto.generated("g", 150, 3);
    int one = stack.proxy(MirrorStack.CALM);
    int two = stack.proxy(MirrorStack.CALM);
    List<CompletableFuture<Void>> clients =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.runAsync(() -> visit(i % 2 == 0 ? one : two)))
            .toList();
    clients.forEach(client -> client.orTimeout(60, TimeUnit.SECONDS).join());

    assertThat(stack.ask("SELECT count(*) FROM prestogres.shell")).containsExactly("151");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
    assertThat(presto.queries().stream().filter(sql -> sql.contains("table_schema = 'g'")).count())
        .as("one refresh for each proxy, however many clients come")
        .isEqualTo(2);
  }

  private static void visit(int port) {
    assertThatCode(
            () -> {
              try (Connection connection = MirrorStack.connect(port, "alice")) {
                assertThat(connection.getWarnings() == null ? "" : message(connection))
                    .doesNotContain("cannot");
              }
            })
        .doesNotThrowAnyException();
  }

  private static String message(Connection connection) throws SQLException {
    return Optional.ofNullable(connection.getWarnings()).map(SQLWarning::getMessage).orElse("");
  }

  @Test
  void shouldGoOnWhereABrokenMirrorWasLeft() throws Exception {
    presto.generated("g", 400, 5);
    int port = stack.proxy(MirrorStack.CALM);
    CompletableFuture<Void> client = CompletableFuture.runAsync(() -> visitAnyhow(port));
    Eventually.holds(Duration.ofSeconds(20), () -> shells() > 30);
    stack
        .postgresql()
        .execute(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = 'prestogres' AND datname = 'web'");
    client.get(60, TimeUnit.SECONDS);
    assertThat(
            stack.ask(
                "SELECT count(*) FROM prestogres.shell s WHERE NOT EXISTS"
                    + " (SELECT FROM pg_foreign_table WHERE ftoptions @> ARRAY['schema_name='"
                    + " || schema_name, 'table_name=' || table_name])"))
        .as("what is there is whole")
        .containsExactly("0");

    stack.endProxies();
    mirror();

    assertThat(stack.ask("SELECT count(*) FROM prestogres.shell")).containsExactly("401");
    assertThat(
            stack.ask(
                "SELECT count(*) FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = ftserver"
                    + " WHERE srvname = 'prestogres_scan'"))
        .containsExactly("401");
  }

  private static void visitAnyhow(int port) {
    try {
      MirrorStack.connect(port, "alice").close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long shells() {
    try {
      return Long.parseLong(stack.ask("SELECT count(*) FROM prestogres.shell").get(0));
    } catch (SQLException notYet) {
      return 0;
    }
  }

  @Test
  void shouldMakeTheDatabaseItsOwnAgainAfterItWasMadeAnew() throws Exception {
    int port = mirror();
    stack.postgresql().execute("postgres", "DROP DATABASE web WITH (FORCE)");
    stack.postgresql().createDatabase("web", "postgres");

    try (Connection connection = MirrorStack.connect(port, "alice");
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
    stack.endProxies();
    mirror();

    assertThat(stack.columns("s.fine")).hasSize(1);
  }

  @Test
  void shouldShowWhatStandsWhenPrestoIsNotThere() throws Exception {
    mirror();
    stack.endProxies();
    presto.rejectEverything(true);
    int port = stack.proxy(MirrorStack.CALM);
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      assertThat(message(connection)).contains("cannot be refreshed");
      assertThat(Stack.rows(connection, "SELECT to_regclass('s.fine')")).containsExactly("s.fine");
    } finally {
      presto.rejectEverything(false);
    }
  }

  @Test
  void shouldTellAClientThatItWaitsForTheFirstMirror() throws Exception {
    CountDownLatch hanging = presto.hang("s");
    int impatient =
        stack.proxy(
            MirrorStack.catalog(
                Duration.ofHours(1), CatalogConfig.WaitFor.FRESH, Duration.ofMillis(300)));
    try (Connection connection = MirrorStack.connect(impatient, "alice")) {
      assertThat(message(connection)).contains("for the first time; please wait");
      String next =
          Optional.ofNullable(connection.getWarnings())
              .map(SQLWarning::getNextWarning)
              .map(SQLWarning::getMessage)
              .orElse("");
      assertThat(next).contains("still being read");
      presto.works("s");
      hanging.countDown();
      Eventually.holds(Duration.ofSeconds(20), () -> shells() == 1);
    }
    int hasty =
        stack.proxy(
            MirrorStack.catalog(
                Duration.ofHours(1), CatalogConfig.WaitFor.NOTHING, Duration.ofSeconds(60)));
    presto.hang("s");
    try (Connection connection = MirrorStack.connect(hasty, "alice")) {
      assertThat(message(connection)).contains("still being read");
      presto.works("s");
    }
  }
}
