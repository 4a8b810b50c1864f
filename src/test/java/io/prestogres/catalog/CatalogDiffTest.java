package io.prestogres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogDiffTest {
  private static final ShellColumn ID = new ShellColumn("id", "bigint", "bigint");
  private static final ShellColumn NAME =
      new ShellColumn("name", "varchar(9)", "character varying(9)");

  private static PrestoTable table(String name, ShellColumn... columns) {
    return tableOf("s", name, columns);
  }

  private static PrestoTable tableOf(String schema, String name, ShellColumn... columns) {
    return new PrestoTable(schema, name, Arrays.stream(columns).map(TableColumn::of).toList());
  }

  private static PrestoMetadata wanted(PrestoTable... tables) {
    Map<String, List<PrestoTable>> schemas =
        Arrays.stream(tables).collect(Collectors.groupingBy(PrestoTable::schema));
    return new PrestoMetadata(
        "c",
        schemas.entrySet().stream()
            .map(
                schema ->
                    new SchemaRead(
                        schema.getKey(), schema.getValue(), true, List.of(), Duration.ZERO))
            .toList(),
        List.of(),
        true);
  }

  private static Shell shell(String name, ShellColumn... columns) {
    return new Shell("c", "s", name, "s", name, List.of(columns));
  }

  private static StandingTable stands(long oid, Shell shell, boolean child) {
    return stands(oid, shell, ShellKind.TABLE, child);
  }

  private static StandingTable stands(long oid, Shell shell, ShellKind kind, boolean child) {
    return new StandingTable(oid, shell, Set.of(), Map.of(), shell.columns().size(), kind, child);
  }

  private static StandingCatalog nothing() {
    return new StandingCatalog(
        List.of(), Set.of(), Set.of(), Set.of("public"), Set.of(), true, false);
  }

  private static StandingCatalog standing(Shell... shells) {
    List<StandingTable> tables = new ArrayList<>();
    for (Shell shell : shells) {
      tables.add(stands(100L + tables.size(), shell, true));
    }
    return new StandingCatalog(
        tables, Set.of("s"), Set.of(), Set.of("public"), Set.of(), true, false);
  }

  private static CatalogDiff.Result diff(PrestoMetadata wanted, StandingCatalog standing) {
    return CatalogDiff.of(wanted, standing, ShellKind.TABLE, true);
  }

  private static List<String> statements(PrestoMetadata wanted, StandingCatalog standing) {
    CatalogDiff.Result diff = diff(wanted, standing);
    assertThat(diff.problems()).isEmpty();
    return diff.changes().stream().flatMap(change -> change.statements().stream()).toList();
  }

  private static void assertRefused(PrestoTable table, String reason) {
    CatalogDiff.Result diff = diff(wanted(table, table("fine", ID)), standing());
    assertThat(diff.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.schema()).isEqualTo(table.schema());
              assertThat(problem.table()).isEqualTo(table.name());
              assertThat(problem.reason()).contains(reason);
            });
    assertThat(diff.changes())
        .as("the other table is mirrored")
        .singleElement()
        .satisfies(
            change ->
                assertThat(change.statements().get(0)).startsWith("CREATE TABLE \"s\".\"fine\""));
  }

  @Test
  void shouldMakeASchemaAndATable() {
    assertThat(statements(wanted(table("t", ID, NAME)), nothing()))
        .containsExactly(
            "CREATE SCHEMA \"s\"",
            "GRANT USAGE ON SCHEMA \"s\" TO PUBLIC",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA \"s\" GRANT SELECT ON TABLES TO PUBLIC",
            "INSERT INTO prestogres.mirrored_schema VALUES ('s', false)",
            "CREATE TABLE \"s\".\"t\" (\"id\" bigint, \"name\" character varying(9),"
                + " CONSTRAINT \"rows are in Presto\" CHECK (false) NO INHERIT)",
            "CREATE FOREIGN TABLE prestogres_scan.\"s.t\" () INHERITS (\"s\".\"t\")"
                + " SERVER prestogres_scan OPTIONS (schema_name 's', table_name 't')",
            "INSERT INTO prestogres.shell (schema_name, table_name, presto_types, comments) VALUES"
                + " ('s', 't', '{\"id\":\"bigint\",\"name\":\"varchar(9)\"}', '{}')"
                + " ON CONFLICT (schema_name, table_name) DO UPDATE SET"
                + " presto_types = excluded.presto_types, comments = excluded.comments,"
                + " statistics = NULL");
  }

  @Test
  void shouldHavePostgresqlPrepareForNoStorageWhereItCanBeTold() {
    StandingCatalog standing =
        new StandingCatalog(
            List.of(stands(1, shell("old", ID), true)),
            Set.of("s"),
            Set.of(),
            Set.of(),
            Set.of(),
            true,
            true);
    PrestoMetadata wanted = wanted(table("old", ID, NAME), table("t", ID));
    assertThat(statements(wanted, standing))
        .anyMatch(
            statement ->
                statement.startsWith("CREATE TABLE \"s\".\"t\" (\"id\" bigint STORAGE PLAIN, "))
        .contains(
            "ALTER TABLE \"s\".\"old\" ADD COLUMN \"name\" character varying(9) STORAGE PLAIN");
    assertThat(CatalogDiff.of(wanted, standing, ShellKind.FOREIGN, true).changes())
        .flatExtracting(TableChange::statements)
        .noneMatch(statement -> statement.toString().contains("STORAGE"));
  }

  @Test
  void shouldDoNothingWhenNothingHasChanged() {
    assertThat(statements(wanted(table("t", ID, NAME)), standing(shell("t", ID, NAME)))).isEmpty();
  }

  @Test
  void shouldMoveColumnsBehindTheFirstThatDiffers() {
    ShellColumn last = new ShellColumn("last", "date", "date");
    CatalogDiff.Result diff =
        diff(wanted(table("t", ID, last, NAME)), standing(shell("t", ID, NAME, last)));

    TableChange change = diff.changes().get(0);
    assertThat(change.statements().get(0))
        .isEqualTo(
            "ALTER TABLE \"s\".\"t\" DROP COLUMN \"name\", DROP COLUMN \"last\","
                + " ADD COLUMN \"last\" date, ADD COLUMN \"name\" character varying(9)");
    assertThat(change.fallback()).as("another order harms nobody").containsExactly("SELECT 1");
  }

  @Test
  void shouldDropATable() {
    assertThat(statements(wanted(table("t", ID)), standing(shell("t", ID), shell("gone", ID))))
        .containsExactly(
            "DROP FOREIGN TABLE IF EXISTS prestogres_scan.\"s.gone\"",
            "DROP TABLE \"s\".\"gone\"",
            "DELETE FROM prestogres.shell WHERE schema_name = 's' AND table_name = 'gone'");
  }

  @Test
  void shouldNotDropWhatCouldNotBeRead() {
    PrestoMetadata unread = new PrestoMetadata("c", List.of(SchemaRead.left("s")), List.of(), true);

    assertThat(statements(unread, standing(shell("t", ID)))).isEmpty();
  }

  @Test
  void shouldAddADropAndRetypeColumns() {
    assertThat(statements(wanted(table("t", ID, NAME)), standing(shell("t", ID))))
        .first()
        .isEqualTo("ALTER TABLE \"s\".\"t\" ADD COLUMN \"name\" character varying(9)");
    assertThat(statements(wanted(table("t", ID)), standing(shell("t", ID, NAME))))
        .first()
        .isEqualTo("ALTER TABLE \"s\".\"t\" DROP COLUMN \"name\"");
    List<String> retyped =
        statements(
            wanted(table("t", new ShellColumn("id", "integer", "integer"))),
            standing(shell("t", ID)));
    assertThat(retyped).hasSize(4);
    assertThat(retyped.get(1))
        .isEqualTo("ALTER TABLE \"s\".\"t\" ALTER COLUMN \"id\" TYPE integer USING NULL");
    assertThat(retyped.get(3)).contains("{\"id\":\"integer\"}");
  }

  @Test
  void shouldWriteDownAnotherTypeOfPrestoBehindTheSameOfPostgresql() {
    assertThat(
            statements(
                wanted(table("t", new ShellColumn("x", "map(bigint,bigint)", "jsonb"))),
                standing(shell("t", new ShellColumn("x", "json", "jsonb")))))
        .singleElement()
        .satisfies(
            sql ->
                assertThat(sql)
                    .startsWith("INSERT INTO prestogres.shell")
                    .contains("map(bigint,bigint)"));
  }

  @Test
  void shouldGiveAShellItsMissingChild() {
    StandingCatalog childless =
        new StandingCatalog(
            List.of(stands(7L, shell("t", ID), false)),
            Set.of("s"),
            Set.of(),
            Set.of(),
            Set.of(),
            true,
            false);

    assertThat(statements(wanted(table("t", ID)), childless))
        .containsExactly(
            "CREATE FOREIGN TABLE prestogres_scan.\"s.t\" () INHERITS (\"s\".\"t\")"
                + " SERVER prestogres_scan OPTIONS (schema_name 's', table_name 't')");
  }

  @Test
  void shouldLeaveTheSchemaOfSomebodyElseAlone() {
    StandingCatalog users =
        new StandingCatalog(List.of(), Set.of(), Set.of(), Set.of("s"), Set.of(), true, false);

    CatalogDiff.Result diff = diff(wanted(table("t", ID)), users);

    assertThat(diff.changes()).isEmpty();
    assertThat(diff.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.reason()).contains("somebody else"));
  }

  @Test
  void shouldLeaveTheTableOfSomebodyElseAlone() {
    StandingCatalog users =
        new StandingCatalog(
            List.of(), Set.of("s"), Set.of(), Set.of(), Set.of("s\0t"), true, false);

    CatalogDiff.Result diff = diff(wanted(table("t", ID), table("u", ID)), users);

    assertThat(diff.changes()).hasSize(1);
    assertThat(diff.changes().get(0).statements().get(0)).startsWith("CREATE TABLE \"s\".\"u\"");
    assertThat(diff.problems()).extracting(CatalogProblem::table).containsExactly("t");
  }

  @Test
  void shouldRefuseSchemasThatPostgresqlCannotHave() {
    for (String schema : List.of("pg_temp_9", "é".repeat(32))) {
      CatalogDiff.Result diff = diff(wanted(tableOf(schema, "t", ID)), nothing());

      assertThat(diff.changes()).isEmpty();
      assertThat(diff.problems()).extracting(CatalogProblem::schema).containsExactly(schema);
    }
  }

  @Test
  void shouldRefuseNamesThatPostgresqlWouldCut() {
    assertRefused(table("t".repeat(64), ID), "too long");
    assertRefused(table("é".repeat(32), ID), "too long");
    assertRefused(table("t", new ShellColumn("c".repeat(64), "bigint", "bigint")), "cannot have");
    assertThat(diff(wanted(table("t".repeat(63), ID)), standing()).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
  void shouldRefuseSystemColumns(String name) {
    assertRefused(table("t", ID, new ShellColumn(name, "bigint", "bigint")), name);
  }

  @Test
  void shouldRefuseDuplicateColumns() {
    assertRefused(table("t", ID, NAME, ID), "\"id\"");
  }

  @Test
  void shouldRefuseMoreColumnsThanATableCanHave() {
    ShellColumn[] most =
        IntStream.range(0, 1600)
            .mapToObj(i -> new ShellColumn("c" + i, "bigint", "bigint"))
            .toArray(ShellColumn[]::new);
    assertThat(diff(wanted(table("t", most)), standing()).problems()).isEmpty();
    ShellColumn[] tooMany = Arrays.copyOf(most, 1601);
    tooMany[1600] = ID;
    assertRefused(table("t", tooMany), "1600");
  }

  @Test
  void shouldDropTheShellOfATableThatIsNowRefused() {
    CatalogDiff.Result diff =
        diff(
            wanted(table("t", ID, new ShellColumn("ctid", "bigint", "bigint"))),
            standing(shell("t", ID)));

    assertThat(diff.problems()).hasSize(1);
    assertThat(diff.changes())
        .singleElement()
        .satisfies(change -> assertThat(change.statements()).contains("DROP TABLE \"s\".\"t\""));
  }

  @Test
  void shouldQuoteWhateverIsInAName() {
    PrestoTable odd =
        tableOf("a\"b'c", "d'e\"f\\", new ShellColumn("g\"h'i\\", "row(\"x'y\" bigint)", "jsonb"));

    List<String> statements = statements(wanted(odd), nothing());

    assertThat(statements)
        .contains(
            "CREATE SCHEMA \"a\"\"b'c\"",
            "INSERT INTO prestogres.mirrored_schema VALUES ('a\"b''c', false)",
            "CREATE FOREIGN TABLE prestogres_scan.\"a\"\"b'c.d'e\"\"f\\\" () INHERITS"
                + " (\"a\"\"b'c\".\"d'e\"\"f\\\") SERVER prestogres_scan OPTIONS"
                + " (schema_name 'a\"b''c', table_name E'd''e\"f\\\\')");
    assertThat(statements)
        .anyMatch(
            sql ->
                sql.startsWith("CREATE TABLE \"a\"\"b'c\".\"d'e\"\"f\\\" (\"g\"\"h'i\\\" jsonb,"))
        .anyMatch(
            sql -> sql.contains("E'{\"g\\\\\"h''i\\\\\\\\\":\"row(\\\\\"x''y\\\\\" bigint)\"}'"));
  }

  @Test
  void shouldNameChildrenUniquelyWithinPostgresqlsBound() {
    String longSchema = "é".repeat(31);
    String one = ShellSql.childName(longSchema, "a".repeat(60));
    String two = ShellSql.childName(longSchema, "a".repeat(59) + "b");

    assertThat(one).isNotEqualTo(two);
    assertThat(one.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(63);
    assertThat(ShellSql.childName("s", "t")).isEqualTo("s.t");
  }

  @Test
  void shouldNotConfuseNamesWithDots() {
    assertThat(ShellSql.childName("a.b", "c")).isNotEqualTo(ShellSql.childName("a", "b.c"));
  }

  private static List<String> statementsOf(ShellKind kind, StandingTable... tables) {
    StandingCatalog standing =
        new StandingCatalog(
            List.of(tables), Set.of("s"), Set.of(), Set.of("public"), Set.of(), true, false);
    return CatalogDiff.of(wanted(table("t", ID, NAME)), standing, kind, true).changes().stream()
        .flatMap(change -> change.statements().stream())
        .filter(statement -> !statement.contains("prestogres.shell"))
        .toList();
  }

  @Test
  void shouldMakePartitionedTablesAndForeignTables() {
    String columns = "(\"id\" bigint, \"name\" character varying(9))";
    String server = " SERVER prestogres_scan OPTIONS (schema_name 's', table_name 't')";
    assertThat(statementsOf(ShellKind.PARTITIONED))
        .containsExactly(
            "CREATE TABLE \"s\".\"t\" " + columns + " PARTITION BY LIST (((\"t\".*) IS NULL))",
            "CREATE FOREIGN TABLE prestogres_scan.\"s.t\" PARTITION OF \"s\".\"t\" DEFAULT"
                + server);
    assertThat(statementsOf(ShellKind.FOREIGN))
        .containsExactly("CREATE FOREIGN TABLE \"s\".\"t\" " + columns + server);
  }

  @Test
  void shouldRetypeForeignTablesWithoutTakingAnythingAway() {
    ShellColumn old = new ShellColumn("name", "bigint", "bigint");
    assertThat(
            statementsOf(
                ShellKind.FOREIGN, stands(1, shell("t", ID, old), ShellKind.FOREIGN, true)))
        .containsExactly("ALTER TABLE \"s\".\"t\" ALTER COLUMN \"name\" TYPE character varying(9)");
  }

  @Test
  void shouldMakeAShellOfAnotherKindAnewOrElseKeepItTrue() {
    StandingCatalog standing =
        new StandingCatalog(
            List.of(stands(1, shell("t", ID), ShellKind.TABLE, true)),
            Set.of("s"),
            Set.of(),
            Set.of(),
            Set.of(),
            true,
            false);
    assertThat(
            CatalogDiff.of(wanted(table("t", ID, NAME)), standing, ShellKind.FOREIGN, true)
                .changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.statements())
                  .startsWith(
                      "DROP FOREIGN TABLE IF EXISTS prestogres_scan.\"s.t\"",
                      "DROP TABLE \"s\".\"t\"")
                  .anyMatch(statement -> statement.startsWith("CREATE FOREIGN TABLE \"s\".\"t\""));
              assertThat(change.fallback())
                  .startsWith("ALTER TABLE \"s\".\"t\" ADD COLUMN \"name\" character varying(9)");
              assertThat(change.told()).isTrue();
            });
  }
}
