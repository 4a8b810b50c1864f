package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queries are those that postgres_fdw of 15, 17 or 18 was seen to send. */
class ScanQueryTest {
  private static ScanQuery read(String query) {
    return ScanQuery.read(query, List.of()).orElseThrow();
  }

  private static List<String> tables(ScanQuery scan) {
    return scan.tables().stream().map(ScanQuery.Table::display).toList();
  }

  @Test
  void shouldReadTheScanOfOneTable() {
    ScanQuery scan =
        read(
            "SELECT a, \"B c\" FROM s.\"T\" WHERE ((a < 3)) ORDER BY a ASC NULLS LAST LIMIT 10::bigint");

    assertThat(scan.columns()).containsExactly("a", "B c");
    assertThat(scan.outputs()).isEqualTo(2);
    assertThat(tables(scan)).containsExactly("s.T");
    assertThat(scan.text()).endsWith("LIMIT 10");
    assertThat(scan.over(table -> "(VALUES (1))"))
        .isEqualTo(
            "SELECT a, \"B c\" FROM (VALUES (1)) AS \"T\" WHERE ((a < 3))"
                + " ORDER BY a ASC NULLS LAST LIMIT 10");
  }

  @Test
  void shouldPutInParameters() {
    Optional<ScanQuery> scan =
        ScanQuery.read(
            "SELECT NULL FROM s.t WHERE ((a = $2::bigint)) LIMIT $1::bigint OFFSET $3::integer",
            List.of(Optional.of("5"), Optional.of("it's"), Optional.of("7")));

    assertThat(scan.orElseThrow().text())
        .isEqualTo("SELECT NULL FROM s.t WHERE ((a = 'it''s'::bigint)) LIMIT 5 OFFSET 7");
    assertThat(scan.orElseThrow().columns()).isEmpty();
    assertThat(scan.orElseThrow().outputs()).isEqualTo(1);
    assertThat(ScanQuery.read("SELECT NULL FROM s.t WHERE ((a = $1::bigint))", List.of()))
        .isEmpty();
  }

  @Test
  void shouldFindTheTablesOfJoinsAndOfWhatIsInBrackets() {
    ScanQuery scan =
        read(
            "SELECT r1.a, s4.c1, count(r1.r2) FILTER (WHERE (r1.b > r2.b)) FROM ((s.t r1 INNER JOIN"
                + " s.u r2 ON (((r1.a = r2.a)))) FULL JOIN (SELECT x, y FROM s.v WHERE ((x < 3)))"
                + " s4(c1, c2) ON (((r1.a = s4.c1)))) WHERE EXISTS (SELECT NULL FROM s.w r5 WHERE"
                + " ((r1.a = r5.a))) GROUP BY 1, 2");

    assertThat(tables(scan)).containsExactly("s.t", "s.u", "s.v", "s.w");
    assertThat(scan.outputs()).isEqualTo(3);
    assertThat(scan.columns()).isEmpty();
    assertThat(scan.over(table -> "[" + table.name() + "]"))
        .contains("FROM (([t] r1 INNER JOIN [u] r2 ON", "FROM [v] AS \"v\" WHERE", "FROM [w] r5");
  }

  @Test
  void shouldTakeNoColumnForATable() {
    ScanQuery scan =
        read(
            "SELECT (r1.a IS DISTINCT FROM r2.a), r1.r2 FROM (s.t r1 INNER JOIN s.u r2 ON (((r1.b IS"
                + " DISTINCT FROM r2.b)))) WHERE ((r1.c IS DISTINCT FROM r2.c))");

    assertThat(tables(scan)).containsExactly("s.t", "s.u");
    assertThat(scan.outputs()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a, ctid FROM s.t FOR UPDATE",
        "SELECT r1.a FROM (s.t r1 INNER JOIN s.u r2 ON (TRUE)) FOR SHARE OF r1",
        "SELECT a FROM t",
        "SELECT 1",
        "DELETE FROM s.t",
        "INSERT INTO s.t SELECT a FROM s.u"
      })
  void shouldRefuseWhatIsNoScan(String query) {
    assertThat(ScanQuery.read(query, List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "03/02/2020",
        "03.02.2020",
        "03-02-2020",
        "03/02/2020 04:05:06.789",
        "Mon 03 Feb 04:05:06 2020 CET",
        "Mon Feb 03 04:05:06 2020",
        "{03/02/2020,NULL}",
        "-1 2:03:04"
      })
  void shouldDoubtConstantsOfTheSelectListThatAreInAnotherStyle(String constant) {
    String filtered = "SELECT count(*) FILTER (WHERE (a > '" + constant + "')) FROM s.t";
    assertThat(read(filtered).doubtful()).contains(constant);
    assertThat(read("SELECT count(*) FROM s.t WHERE ((a > '" + constant + "'))").doubtful())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020-02-03",
        "2020-02-03 04:05:06.789+01",
        "0044-03-15 BC",
        "infinity",
        "1 mon -2 days +03:04:05.6",
        "-1 days +02:03:04",
        "-02:03:04",
        "Mon",
        "1.5",
        ""
      })
  void shouldTakeTheOthers(String constant) {
    String filtered = "SELECT count(*) FILTER (WHERE (a > '" + constant + "')) FROM s.t";
    assertThat(read(filtered).doubtful()).isEmpty();
  }
}
