package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameFilterTest {

  private static final List<String> NAMES =
      List.of("orders", "Line Item", "2020_sales", "größe", "a\"b", "x$y", "U", "_");

  /** What relations may be written with, and what surrounds them. */
  private static final String[] FRAGMENTS = {
    "orders",
    "ORDERS",
    "\"orders\"",
    "\"Line Item\"",
    "\"2020_sales\"",
    "größe",
    "\"a\"\"b\"",
    "x$y",
    "\"x$y\"",
    "u",
    "_",
    "U&\"ord\\0065rs\"",
    "sf1.orders",
    "1orders",
    "$1orders",
    "$1",
    "$$ a $$",
    "$t$ b $t$",
    "'orders'",
    "'it''s'",
    "E'\\''",
    "/* orders */",
    "-- x\n",
    "select",
    "from",
    "only",
    "show tables",
    "SET SESSION a.b = 1",
    "use x",
    "desc t",
    ";",
    ",",
    "(",
    ")",
    " ",
    "\n",
    ".",
    "&",
    "1",
    "1.5e3",
    "\"",
    "'",
    "\u0000",
    "é",
    "😀",
    "abalance",
    "pgbench_accounts",
    "where aid = 7"
  };

  private static boolean mayConcern(String text) {
    return NameFilter.of(NAMES).mayConcern(text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean concerns(String text, List<String> names) {
    return StatementScanner.scan(text).stream()
        .anyMatch(
            statement ->
                statement.shape() instanceof Shape.PrestoOnly
                    || statement.names().stream()
                        .anyMatch(
                            name -> names.contains(name.parts().get(name.parts().size() - 1))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SELECT abalance FROM pgbench_accounts WHERE aid = 12345;",
        "select 1 from reorders, orders_2, \"my orders1\" where c = $1 and d = $23",
        "select 1e5, 0x1f, 'order'",
        "BEGIN"
      })
  void shouldLetPassWhatNamesNoRelation(String text) {
    assertThat(mayConcern(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from Orders",
        "select * from \"Line Item\"",
        "table \"2020_sales\"",
        "table größe",
        "table \"a\"\"b\"",
        "table U&\"ord\\0065rs\"",
        "do $$ begin end $$",
        "do $x$ begin end $x$",
        "/**/show tables",
        "select 1;use x",
        "deallocate all"
      })
  void shouldStopWhatMayConcernOne(String text) {
    assertThat(mayConcern(text)).isTrue();
  }

  @Test
  void shouldStopNamesThatAreCut() {
    String longest = "a".repeat(63);
    NameFilter filter = NameFilter.of(List.of(longest));

    assertThat(filter.mayConcern((longest + "bc").getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(filter.mayConcern("abc".getBytes(StandardCharsets.UTF_8))).isFalse();
    // Its only word may be cut where the text has more of it: nothing can be told.
    NameFilter late = NameFilter.of(List.of("----" + "a".repeat(59)));
    assertThat(late.mayConcern("abc".getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Test
  void shouldStopEverythingForANameWithoutAWord() {
    assertThat(NameFilter.of(List.of("%")).mayConcern(new byte[] {'1'})).isTrue();
  }

  @ParameterizedTest
  @MethodSource("io.prestogres.sql.StatementScannerTest#statements")
  void shouldStopEveryStatementThatNamesARelation(Table.Case row) {
    for (ScannedStatement statement : StatementScanner.scan(row.statement())) {
      for (NameReference name : statement.names()) {
        String relation = name.parts().get(name.parts().size() - 1);
        assertThat(
                NameFilter.of(List.of(relation))
                    .mayConcern(row.statement().getBytes(StandardCharsets.UTF_8)))
            .as(relation)
            .isTrue();
      }
    }
  }

  @Test
  void shouldNeverLetPassWhatTheScannerStops() {
    Random random = new Random(20_260_519);
    int stopped = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = random.nextInt(7); k >= 0; k--) {
        text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        text.append(random.nextBoolean() ? " " : "");
      }
      if (concerns(text.toString(), NAMES)) {
        stopped++;
        assertThat(mayConcern(text.toString())).as(text.toString()).isTrue();
      }
    }
    assertThat(stopped).isGreaterThan(50_000);
  }
}
