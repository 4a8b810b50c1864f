package io.prestogres.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16 | -1 | boolean",
        "20 | -1 | bigint",
        "25 | -1 | text",
        "1042 | -1 | bpchar",
        "1042 | 5 | character(1)",
        "1043 | -1 | character varying",
        "1043 | 19 | character varying(15)",
        "1700 | -1 | numeric",
        "1700 | 786438 | numeric(12,2)",
        "1700 | 2490368 | numeric(37,2044)",
        "1700 | 2490372 | numeric(38,0)",
        "1083 | 3 | time(3) without time zone",
        "1114 | 0 | timestamp(0) without time zone",
        "1184 | -1 | timestamp with time zone",
        "1184 | 3 | timestamp(3) with time zone",
        "1266 | 6 | time(6) with time zone",
        "1016 | -1 | bigint[]",
        "1015 | 19 | character varying(15)[]",
        "1231 | 786438 | numeric(12,2)[]",
        "1014 | -1 | bpchar[]",
        "3807 | -1 | jsonb[]"
      })
  void shouldWriteTypesAsFormatTypeDoes(int oid, int modifier, String name) {
    assertThat(TypeNames.of(oid, modifier)).contains(name);
  }

  @Test
  void shouldNotGuess() {
    assertThat(TypeNames.of(705, -1)).isEmpty();
    assertThat(TypeNames.of(2249, -1)).isEmpty();
    assertThat(TypeNames.of(0, -1)).isEmpty();
    assertThat(TypeNames.of(123_456, -1)).isEmpty();
    assertThat(TypeNames.of(1186, 0x7fff)).isEmpty();
  }
}
