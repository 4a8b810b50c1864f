package io.prestogres.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogDiffTest {
  private static final ShellColumn ID = new ShellColumn("id", "bigint", "bigint");
  private static final ShellColumn NAME =
      new ShellColumn("name", "varchar(9)", "character varying(9)");

  private static PrestoTable table(String name, ShellColumn... columns) {
    return new PrestoTable("s", name, List.of(columns));
  }

  private static PrestoMetadata wanted(PrestoTable... tables) {
    return new PrestoMetadata(
        "c",
        Arrays.stream(tables).map(PrestoTable::schema).distinct().toList(),
        List.of(tables),
        List.of(),
        List.of(),
        true);
  }

  private static Shell shell(String name, ShellColumn... columns) {
    return new Shell("c", "s", name, "s", name, List.of(columns));
  }

  private static StandingCatalog nothing() {
    return new StandingCatalog(Map.of(), Set.of(), Set.of(), Set.of("public"), Set.of(), true);
  }

  private static StandingCatalog standing(Shell... shells) {
    Map<Long, Shell> byOid = new java.util.HashMap<>();
    for (Shell shell : shells) {
      byOid.put(100L + byOid.size(), shell);
    }
    return new StandingCatalog(byOid, Set.of(), Set.of("s"), Set.of("public"), Set.of(), true);
  }

  private static List<String> statements(PrestoMetadata wanted, StandingCatalog standing) {
    CatalogDiff.Result diff = CatalogDiff.of(wanted, standing);
    assertThat(diff.problems()).isEmpty();
    return diff.changes().stream().flatMap(List::stream).toList();
  }

  private static void assertRefused(PrestoTable table, String reason) {
    CatalogDiff.Result diff = CatalogDiff.of(wanted(table, table("fine", ID)), standing());
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
        .satisfies(change -> assertThat(change.get(0)).startsWith("CREATE TABLE \"s\".\"fine\""));
  }

  @Test
  void shouldMakeASchemaAndATable() {
    assertThat(statements(wanted(table("t", ID, NAME)), nothing()))
        .containsExactly(
            "CREATE SCHEMA \"s\"",
            "GRANT USAGE ON SCHEMA \"s\" TO PUBLIC",
            "INSERT INTO prestogres.mirrored_schema VALUES ('s')",
            "CREATE TABLE \"s\".\"t\" (\"id\" bigint, \"name\" character varying(9),"
                + " CONSTRAINT \"rows are in Presto\" CHECK (false) NO INHERIT)",
            "GRANT SELECT ON \"s\".\"t\" TO PUBLIC",
            "CREATE FOREIGN TABLE prestogres_scan.\"s.t\" () INHERITS (\"s\".\"t\")"
                + " SERVER prestogres_scan OPTIONS (schema_name 's', table_name 't')",
            "INSERT INTO prestogres.shell VALUES ('s', 't', jsonb_object(ARRAY["
                + "'id', 'bigint'::text, 'name', 'varchar(9)'::text]::text[]))"
                + " ON CONFLICT (schema_name, table_name) DO UPDATE"
                + " SET presto_types = excluded.presto_types");
  }

  @Test
  void shouldDoNothingWhenNothingHasChanged() {
    assertThat(statements(wanted(table("t", ID, NAME)), standing(shell("t", ID, NAME)))).isEmpty();
  }

  @Test
  void shouldNotMindTheOrderOfColumns() {
    assertThat(statements(wanted(table("t", NAME, ID)), standing(shell("t", ID, NAME)))).isEmpty();
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
    PrestoMetadata unread =
        new PrestoMetadata("c", List.of("s"), List.of(), List.of("s"), List.of(), true);

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
    assertThat(retyped).hasSize(2);
    assertThat(retyped.get(0))
        .isEqualTo("ALTER TABLE \"s\".\"t\" DROP COLUMN \"id\", ADD COLUMN \"id\" integer");
    assertThat(retyped.get(1)).contains("'id', 'integer'::text");
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
                    .contains("'map(bigint,bigint)'"));
  }

  @Test
  void shouldGiveAShellItsMissingChild() {
    StandingCatalog childless =
        new StandingCatalog(
            Map.of(7L, shell("t", ID)), Set.of(7L), Set.of("s"), Set.of(), Set.of(), true);

    assertThat(statements(wanted(table("t", ID)), childless))
        .containsExactly(
            "CREATE FOREIGN TABLE prestogres_scan.\"s.t\" () INHERITS (\"s\".\"t\")"
                + " SERVER prestogres_scan OPTIONS (schema_name 's', table_name 't')");
  }

  @Test
  void shouldLeaveTheSchemaOfSomebodyElseAlone() {
    StandingCatalog users =
        new StandingCatalog(Map.of(), Set.of(), Set.of(), Set.of("s"), Set.of(), true);

    CatalogDiff.Result diff = CatalogDiff.of(wanted(table("t", ID)), users);

    assertThat(diff.changes()).isEmpty();
    assertThat(diff.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.reason()).contains("somebody else"));
  }

  @Test
  void shouldLeaveTheTableOfSomebodyElseAlone() {
    StandingCatalog users =
        new StandingCatalog(Map.of(), Set.of(), Set.of("s"), Set.of(), Set.of("s\0t"), true);

    CatalogDiff.Result diff = CatalogDiff.of(wanted(table("t", ID), table("u", ID)), users);

    assertThat(diff.changes()).hasSize(1);
    assertThat(diff.changes().get(0).get(0)).startsWith("CREATE TABLE \"s\".\"u\"");
    assertThat(diff.problems()).extracting(CatalogProblem::table).containsExactly("t");
  }

  @Test
  void shouldRefuseSchemasThatPostgresqlCannotHave() {
    for (String schema : List.of("pg_temp_9", "é".repeat(32))) {
      CatalogDiff.Result diff =
          CatalogDiff.of(wanted(new PrestoTable(schema, "t", List.of(ID))), nothing());

      assertThat(diff.changes()).isEmpty();
      assertThat(diff.problems()).extracting(CatalogProblem::schema).containsExactly(schema);
    }
  }

  @Test
  void shouldRefuseNamesThatPostgresqlWouldCut() {
    assertRefused(table("t".repeat(64), ID), "too long");
    assertRefused(table("é".repeat(32), ID), "too long");
    assertRefused(table("t", new ShellColumn("c".repeat(64), "bigint", "bigint")), "too long");
    assertThat(CatalogDiff.of(wanted(table("t".repeat(63), ID)), standing()).problems()).isEmpty();
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
    assertThat(CatalogDiff.of(wanted(table("t", most)), standing()).problems()).isEmpty();
    ShellColumn[] tooMany = Arrays.copyOf(most, 1601);
    tooMany[1600] = ID;
    assertRefused(table("t", tooMany), "1600");
  }

  @Test
  void shouldDropTheShellOfATableThatIsNowRefused() {
    CatalogDiff.Result diff =
        CatalogDiff.of(
            wanted(table("t", ID, new ShellColumn("ctid", "bigint", "bigint"))),
            standing(shell("t", ID)));

    assertThat(diff.problems()).hasSize(1);
    assertThat(diff.changes())
        .singleElement()
        .satisfies(change -> assertThat(change).contains("DROP TABLE \"s\".\"t\""));
  }

  @Test
  void shouldQuoteWhateverIsInAName() {
    PrestoTable odd =
        new PrestoTable(
            "a\"b'c",
            "d'e\"f\\",
            List.of(new ShellColumn("g\"h'i\\", "row(\"x'y\" bigint)", "jsonb")));

    List<String> statements = statements(wanted(odd), nothing());

    assertThat(statements)
        .contains(
            "CREATE SCHEMA \"a\"\"b'c\"",
            "INSERT INTO prestogres.mirrored_schema VALUES ('a\"b''c')",
            "CREATE FOREIGN TABLE prestogres_scan.\"a\"\"b'c.d'e\"\"f\\\" () INHERITS"
                + " (\"a\"\"b'c\".\"d'e\"\"f\\\") SERVER prestogres_scan OPTIONS"
                + " (schema_name 'a\"b''c', table_name E'd''e\"f\\\\')");
    assertThat(statements)
        .anyMatch(
            sql ->
                sql.startsWith("CREATE TABLE \"a\"\"b'c\".\"d'e\"\"f\\\" (\"g\"\"h'i\\\" jsonb,"))
        .anyMatch(sql -> sql.contains("ARRAY[E'g\"h''i\\\\', 'row(\"x''y\" bigint)'::text]"));
  }

  @Test
  void shouldNameChildrenUniquelyWithinPostgresqlsBound() {
    String longSchema = "é".repeat(31);
    String one = CatalogDiff.childName(longSchema, "a".repeat(60));
    String two = CatalogDiff.childName(longSchema, "a".repeat(59) + "b");

    assertThat(one).isNotEqualTo(two);
    assertThat(one.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(63);
    assertThat(CatalogDiff.childName("s", "t")).isEqualTo("s.t");
  }

  @Test
  void shouldNotConfuseNamesWithDots() {
    assertThat(CatalogDiff.childName("a.b", "c")).isNotEqualTo(CatalogDiff.childName("a", "b.c"));
  }
}
