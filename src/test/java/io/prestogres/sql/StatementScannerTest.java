package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatementScannerTest {

  static Stream<Table.Case> statements() throws IOException {
    return Table.read("statements.txt", "=> ").cases().stream();
  }

  static List<String> describe(String text) {
    return StatementScanner.scan(text).stream().map(s -> "=> " + describe(text, s)).toList();
  }

  private static String describe(String text, ScannedStatement statement) {
    Shape shape = statement.shape();
    String kind = shape.getClass().getSimpleName();
    if (shape instanceof Shape.Query query) {
      kind += " " + text.substring(query.start(), query.end());
    } else if (shape instanceof Shape.Wrapped wrapped) {
      kind += " " + wrapped.verb() + " " + text.substring(wrapped.start(), wrapped.end());
    } else if (shape instanceof Shape.Prepare prepare) {
      kind +=
          " %s %s %s"
              .formatted(
                  prepare.types(),
                  text.substring(prepare.typesStart(), prepare.typesEnd()),
                  text.substring(prepare.start(), prepare.end()));
    } else if (shape instanceof Shape.CopyTable copy) {
      kind += " " + copy.asQuery(text);
    } else if (shape instanceof Shape.PrestoOnly presto) {
      kind += " " + presto.verb() + " " + presto.setting();
    } else if (shape instanceof Shape.TransactionControl control) {
      kind += " " + control.verb();
    } else if (shape instanceof Shape.Harmless harmless) {
      kind += " " + harmless.verb();
    } else if (shape instanceof Shape.Other other) {
      kind += " " + other.verb();
    }
    List<String> names =
        statement.names().stream()
            .map(n -> (n.only() ? "only " : "") + String.join(".", n.parts()))
            .toList();
    return (kind + " " + names).replace("\n", "\\n");
  }

  @ParameterizedTest
  @MethodSource("statements")
  void shouldTellWhatStatementsAre(Table.Case row) {
    assertThat(describe(row.statement())).isEqualTo(row.expected());
  }

  @Test
  void shouldReadEveryPrefixOfANastyMessage() {
    String nasty =
        "/* a /* b */ c */ select E'\\'' 'x', $t$ $q$ ; $t$, U&\"d\\0061t\" , 'a'\n -- '\n 'b;'"
            + " from only (\"x\"\"y\".z), b where c ~ B'01' and d = $1 and e ->> 'f' = 1.5e-3;"
            + " copy t (a, b) to stdout; create function f() returns int begin atomic select case"
            + " when true then 1 end; end; set session a.b = c; explain (analyze) select 1;;"
            + " insert into t (a) select 1 on conflict do nothing returning *; \u0000 é\ud83d";
    for (int i = 0; i <= nasty.length(); i++) {
      String prefix = nasty.substring(0, i);
      for (ScannedStatement statement : StatementScanner.scan(prefix)) {
        assertThat(statement.start()).isBetween(0, statement.end());
        assertThat(statement.end()).isLessThanOrEqualTo(i);
        statement.names().forEach(name -> name.blankOnly(prefix));
      }
      PrestoText.parametrize(prefix, new TpchShells());
      TranslatorTest.translate(prefix, new TranslationOptions(true));
    }
  }

  @Test
  void shouldLeaveMaintenanceItsOnly() {
    for (String text : List.of("analyze only s.t", "VACUUM (ANALYZE) ONLY s.t")) {
      NameReference name = StatementScanner.scan(text).get(0).names().get(0);
      assertThat(name.parts()).containsExactly("s", "t");
      assertThat(name.only()).isFalse();
    }
    assertThat(StatementScanner.scan("explain analyze select 1 from only s.t").get(0).names())
        .anyMatch(NameReference::only);
  }

  @Test
  void shouldBlankOnlyAndItsBrackets() {
    String text = "select * from only (orders) where only_x = 1";
    NameReference orders = StatementScanner.scan(text).get(0).names().get(0);
    assertThat(orders.blankOnly(text)).isEqualTo("select * from       orders  where only_x = 1");
  }
}
