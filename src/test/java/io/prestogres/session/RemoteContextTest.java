package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.protocol.ErrorFields;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemoteContextTest {

  private static ErrorFields error(String where) {
    return ErrorFields.error("22012", "division by zero").with(ErrorFields.WHERE, where);
  }

  private static Optional<String> stripped(String where) {
    return RemoteContext.strip(error(where)).orElseThrow().field(ErrorFields.WHERE);
  }

  @Test
  void shouldLeaveErrorsOfOthersAlone() {
    assertThat(RemoteContext.strip(ErrorFields.error("22012", "division by zero"))).isEmpty();
    assertThat(RemoteContext.strip(error("PL/pgSQL function f() line 1 at RETURN"))).isEmpty();
  }

  @Test
  void shouldTakeAwayTheTableFunction() {
    assertThat(
            stripped(
                """
                remote SQL command: DECLARE c1 CURSOR FOR
                SELECT batch FROM prestogres.result_batch WHERE ((request = $1::jsonb))
                SQL function "fetch_presto_query_results" statement 1"""))
        .isEmpty();
  }

  @Test
  void shouldTakeAwayAFetch() {
    assertThat(stripped("remote SQL command: FETCH 100 FROM c1")).isEmpty();
  }

  @Test
  void shouldKeepWhatIsTheUsers() {
    assertThat(
            stripped(
                """
                remote SQL command: FETCH 100 FROM c1
                SQL statement "SELECT count(*) FROM sf1.nation"
                PL/pgSQL function regions(bigint) line 1 at RETURN"""))
        .contains(
            """
            SQL statement "SELECT count(*) FROM sf1.nation"
            PL/pgSQL function regions(bigint) line 1 at RETURN""");
  }
}
