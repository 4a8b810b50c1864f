package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.QueryInfo;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a condition reaches Presto, by the text of the query that it runs. */
@ExtendWith(StackExtension.class)
class PushdownTextIT {
  private static final String SHELL = SampleTables.SHELL;

  private final Stack stack;

  PushdownTextIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeAll
  static void create(Stack stack) throws IOException, SQLException {
    SampleTables.create(stack);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "i = 424242 ; 424242",
        "l > 4242424242424242 ; 4242424242424242",
        "t = 'pushed''as text' ; pushed''as text",
        "t like 'pushed\\_%' ; LIKE 'pushed",
        "da < '1987-06-05' ; 1987-06-05",
        "i in (31415, 92653) ; 31415, 92653",
        "not b and j is null and n > 27182.81 ; 27182.81",
      })
  void shouldLetPrestoEvaluateWhatItHasARuleFor(String condition, String text) throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Set<String> before = samplesQueries().keySet();
      Stack.rows(extended, "select id from " + SHELL + " where " + condition);
      assertThat(newQueries(before))
          .singleElement()
          .asString()
          .contains(" WHERE ")
          .contains(text)
          .doesNotContain("\"v\"");
    }
  }

  @Test
  void shouldTestForNanOnlyWhereTheEngineHasAnotherOrder() throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Set<String> before = samplesQueries().keySet();
      Stack.rows(extended, "select id from " + SHELL + " where d > 42.4242");
      assertThat(newQueries(before))
          .singleElement()
          .asString()
          .contains(" WHERE ", "42.4242")
          .matches(asked -> asked.contains("is_nan") == (Engine.chosen() == Engine.TRINO));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "c = 'kept'",
        "upper(t) = 'KEPT'",
        "t ~ '^kept'",
        "x = '\\x4242'",
        "i = 5 and lower(t) = 'kept'",
        "n / 7 < 0.2",
        "d::text = '1.5'",
        "t || random()::text = 'kept'",
      })
  void shouldLetPostgresqlEvaluateWhatHasNoRule(String condition) throws SQLException {
    try (Connection extended = stack.connectExtended("presto", "memory")) {
      Set<String> before = samplesQueries().keySet();
      Stack.rows(extended, "select id from " + SHELL + " where " + condition);
      assertThat(newQueries(before))
          .singleElement()
          .asString()
          .doesNotContainIgnoringCase("where")
          .doesNotContain("\"v\"");
    }
  }

  private Map<String, String> samplesQueries() {
    return stack.prestoQueries("\"samples\"").stream()
        .collect(Collectors.toMap(QueryInfo::id, QueryInfo::query));
  }

  private Set<String> newQueries(Set<String> before) {
    Map<String, String> queries = samplesQueries();
    queries.keySet().removeAll(new HashSet<>(before));
    return new HashSet<>(queries.values());
  }
}
