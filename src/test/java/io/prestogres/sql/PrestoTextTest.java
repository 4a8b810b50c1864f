package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrestoTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "describe orders; | describe \"tpch\".\"sf1\".\"orders\"",
        "show columns from sf1.orders | show columns from \"tpch\".\"sf1\".\"orders\"",
        "show create table orders | show create table \"tpch\".\"sf1\".\"orders\"",
        "show tables from orders | show tables from orders",
        "describe input orders | describe input orders",
        "select approx_distinct(custkey) from sf1.orders -- end | select approx_distinct(custkey) from"
            + " \"tpch\".\"sf1\".\"orders\"",
        "select orders, extract(year from orders) from Orders o /* x */ where nation = E'a\\\\b' | select"
            + " orders, extract(year from orders) from \"tpch\".\"sf1\".\"orders\" o   where nation = 'a\\b'",
        "select 1 from orders o, nation join (region r cross join part) on true, f(x), nation n where x in"
            + " (select part from part) | select 1 from \"tpch\".\"sf1\".\"orders\" o,"
            + " \"tpch\".\"sf1\".\"nation\" join (\"tpch\".\"sf1\".\"region\" r cross join"
            + " \"tpch\".\"sf1\".\"part\") on true, f(x), \"tpch\".\"sf1\".\"nation\" n where x in (select"
            + " part from \"tpch\".\"sf1\".\"part\")",
        "with part as (select 1 from nation) select * from part where a is distinct from nation | with part"
            + " as (select 1 from \"tpch\".\"sf1\".\"nation\") select * from part where a is distinct from"
            + " nation",
        "select a from nation group by region, part order by orders, nation | select a from"
            + " \"tpch\".\"sf1\".\"nation\" group by region, part order by orders, nation"
      })
  void shouldReplaceNamesOnlyWhereRelationsStand(String statement, String expected) {
    assertThat(PrestoText.parametrize(statement, new TpchShells()).text().replaceAll("\\s+", " "))
        .isEqualTo(expected.replaceAll("\\s+", " "));
  }

  @Test
  void shouldCountParametersInTheOrderOfTheText() {
    PrestoText.Parametrized text =
        PrestoText.parametrize(
            "select $2, '$3', \"$4\" from orders where a = $1 and b = $2 -- $5", new TpchShells());
    assertThat(text.text())
        .isEqualTo("select ?, '$3', \"$4\" from \"tpch\".\"sf1\".\"orders\" where a = ? and b = ?");
    assertThat(text.numbers()).containsExactly(2, 1, 2);
  }

  @Test
  void shouldGiveEachParameterTheTypeThatItHas() throws Untranslatable {
    PrestoText.Typed text =
        PrestoText.typed(
            "select approx_distinct($2) from orders where a = $1 and b = $2",
            new TpchShells(),
            Map.of(1, "bigint", 2, "text"));
    assertThat(text.text())
        .isEqualTo(
            "select approx_distinct(cast(? as varchar)) from \"tpch\".\"sf1\".\"orders\""
                + " where a = cast(? as bigint) and b = cast(? as varchar)");
    assertThat(text.parameters())
        .containsExactly(
            "$2::pg_catalog.text::pg_catalog.text",
            "$1::pg_catalog.int8::pg_catalog.text",
            "$2::pg_catalog.text::pg_catalog.text");
  }

  @Test
  void shouldRefuseParametersThatPrestoWouldRound() {
    for (String type : List.of("numeric", "timestamp without time zone", "inet")) {
      assertThatThrownBy(() -> PrestoText.typed("select $1", new TpchShells(), Map.of(1, type)))
          .as(type)
          .isInstanceOf(Untranslatable.class);
    }
  }
}
