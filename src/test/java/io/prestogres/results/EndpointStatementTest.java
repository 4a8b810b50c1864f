package io.prestogres.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command is one that was seen on the wire from postgres_fdw of 15, 17 or 18. */
class EndpointStatementTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET search_path = pg_catalog",
        "SET timezone = 'GMT'",
        "SET datestyle = ISO",
        "SET intervalstyle = postgres",
        "SET extra_float_digits = 3",
        "DEALLOCATE ALL"
      })
  void shouldTakeSettings(String sql) {
    assertThat(EndpointStatement.read(sql)).isEqualTo(new EndpointStatement.Setting());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION ISOLATION LEVEL SERIALIZABLE"
      })
  void shouldBeginTransactions(String sql) {
    assertThat(EndpointStatement.read(sql)).isEqualTo(new EndpointStatement.Begin());
  }

  @Test
  void shouldEndTransactions() {
    assertThat(EndpointStatement.read("COMMIT TRANSACTION"))
        .isEqualTo(new EndpointStatement.End("COMMIT"));
    assertThat(EndpointStatement.read("ABORT TRANSACTION"))
        .isEqualTo(new EndpointStatement.End("ROLLBACK"));
  }

  @Test
  void shouldKnowTheLevelOfSavepoints() {
    assertThat(EndpointStatement.read("SAVEPOINT s2"))
        .isEqualTo(new EndpointStatement.Savepoint(List.of("SAVEPOINT"), 2));
    EndpointStatement.Savepoint release =
        (EndpointStatement.Savepoint) EndpointStatement.read("RELEASE SAVEPOINT s13");
    assertThat(release.level()).isEqualTo(13);
    assertThat(release.releases()).isTrue();
    assertThat(release.rollsBack()).isFalse();
    EndpointStatement.Savepoint rollback =
        (EndpointStatement.Savepoint)
            EndpointStatement.read("ROLLBACK TO SAVEPOINT s3; RELEASE SAVEPOINT s3");
    assertThat(rollback.level()).isEqualTo(3);
    assertThat(rollback.rollsBack()).isTrue();
    assertThat(rollback.releases()).isFalse();
    assertThat(rollback.tags()).containsExactly("ROLLBACK", "RELEASE");
  }

  @Test
  void shouldOpenReadAndCloseCursors() {
    assertThat(
            EndpointStatement.read(
                "DECLARE c1 CURSOR FOR\nSELECT a, b FROM s.t WHERE ((a = 'x\ny'))"))
        .isEqualTo(
            new EndpointStatement.Declare("c1", "SELECT a, b FROM s.t WHERE ((a = 'x\ny'))"));
    assertThat(EndpointStatement.read("DECLARE c12 CURSOR FOR SELECT a FROM s.t"))
        .isEqualTo(new EndpointStatement.Declare("c12", "SELECT a FROM s.t"));
    assertThat(EndpointStatement.read("FETCH 100 FROM c1"))
        .isEqualTo(new EndpointStatement.Fetch("c1", 100));
    assertThat(EndpointStatement.read("CLOSE c1")).isEqualTo(new EndpointStatement.Close("c1"));
  }

  @Test
  void shouldTellAnalyzeThatATableIsEmpty() {
    assertThat(
            EndpointStatement.read(
                "SELECT pg_catalog.pg_relation_size('sf1.region'::pg_catalog.regclass) / 8192"))
        .isEqualTo(new EndpointStatement.RelationSize());
  }

  @Test
  void shouldKnowWhatElseAnalyzeAsks() {
    assertThat(
            EndpointStatement.read(
                "SELECT reltuples, relkind FROM pg_catalog.pg_class"
                    + " WHERE oid = 'public.t'::pg_catalog.regclass"))
        .isEqualTo(new EndpointStatement.RelationInfo());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "SELECT 1",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "start transaction isolation level repeatable read",
        "START TRANSACTION",
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ; DROP TABLE t",
        "COMMIT TRANSACTION; SELECT 1",
        "SAVEPOINT mine",
        "SAVEPOINT s2; SELECT 1",
        "SAVEPOINT s9999999999",
        "ROLLBACK TO SAVEPOINT s2",
        "ROLLBACK TO SAVEPOINT s2; RELEASE SAVEPOINT s3",
        "FETCH ALL FROM c1",
        "FETCH 99999999999 FROM c1",
        "FETCH -1 FROM c1",
        "FETCH 100 FROM c1; SELECT 1",
        "FETCH 100 FROM mine",
        "MOVE BACKWARD ALL IN c1",
        "CLOSE ALL",
        "DECLARE c1 SCROLL CURSOR FOR SELECT 1",
        "DECLARE mine CURSOR FOR SELECT 1",
        "SET role = postgres",
        "SET search_pathology = x",
        "EXPLAIN SELECT 1",
        "INSERT INTO s.t VALUES (1)",
        "COPY s.t FROM STDIN",
        "SELECT reltuples FROM pg_catalog.pg_class"
      })
  void shouldKnowNothingElse(String sql) {
    assertThat(EndpointStatement.read(sql)).isEqualTo(new EndpointStatement.Unknown());
  }
}
