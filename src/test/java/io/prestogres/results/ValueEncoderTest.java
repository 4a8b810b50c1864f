package io.prestogres.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoType;
import io.prestogres.presto.RowCursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueEncoderTest {

  static String encode(String type, String json) {
    RowCursor rows = RowCursor.of("[[" + json + "]]");
    rows.nextRow();
    rows.nextValue();
    TextSink sink = new TextSink(1);
    ValueEncoder.of(PrestoType.parse(type)).append(rows, sink);
    return sink.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | true | t",
        "boolean | false | f",
        "bigint | -9223372036854775808 | -9223372036854775808",
        "double | 1.0E300 | 1.0E300",
        "double | -0.0 | -0.0",
        "double | \"NaN\" | NaN",
        "real | \"-Infinity\" | -Infinity",
        "decimal(38,10) | \"1234567890123456789012345678.0123456789\" | 1234567890123456789012345678.0123456789",
        "varchar | \"\" | ``",
        "varchar | \"NULL\" | NULL",
        "varchar | \"a\\\"b\\\\c\" | a\"b\\c",
        "varchar | \"{é€😀}\" | {é€😀}",
        "char(4) | \"ab  \" | `ab  `",
        "varbinary | \"AP8Q\" | \\x00ff10",
        "varbinary | \"AP8=\" | \\x00ff",
        "varbinary | \"/w==\" | \\xff",
        "varbinary | \"\" | \\x",
        "json | \"{\\\"a\\\":[1,null]}\" | {\"a\":[1,null]}",
        "date | \"2024-02-29\" | 2024-02-29",
        "date | \"0001-01-01\" | 0001-01-01",
        "date | \"-0043-03-15\" | 0044-03-15 BC",
        "date | \"0000-12-31\" | 0001-12-31 BC",
        "date | \"+10000-01-01\" | 10000-01-01",
        "time | \"12:34:56.789\" | 12:34:56.789",
        "timestamp | \"2024-07-01 12:34:56.789\" | 2024-07-01 12:34:56.789",
        "timestamp(6) | \"-0043-03-15 01:02:03.123456\" | 0044-03-15 01:02:03.123456 BC",
        "timestamp with time zone | \"2024-07-01 12:34:56.789 UTC\" | 2024-07-01 12:34:56.789+00",
        "timestamp with time zone | \"2024-07-01 12:34:56.789 +05:30\" | 2024-07-01 12:34:56.789+05:30",
        "timestamp with time zone | \"2024-07-01 12:34:56.789 Europe/Berlin\" | 2024-07-01 12:34:56.789+02:00",
        "timestamp with time zone | \"2024-01-01 12:34:56.789 Europe/Berlin\" | 2024-01-01 12:34:56.789+01:00",
        "timestamp with time zone | \"1800-01-01 12:34:56.789 Europe/Berlin\" | 1800-01-01 12:34:56.789+00:53:28",
        "timestamp with time zone | \"-0043-03-15 01:02:03.000 UTC\" | 0044-03-15 01:02:03.000+00 BC",
        "timestamp(3) with time zone | \"2024-01-01 00:00:00.000 Nowhere/Land\" | 2024-01-01 00:00:00.000 Nowhere/Land",
        "time with time zone | \"12:34:56.789 +05:30\" | 12:34:56.789+05:30",
        "time with time zone | \"12:34:56.789+05:30\" | 12:34:56.789+05:30",
        "time with time zone | \"12:34:56.789-05:30\" | 12:34:56.789-05:30",
        "time with time zone | \"12:34:56.789 Europe/Berlin\" | 12:34:56.789+01:00",
        "interval day to second | \"3 04:05:06.789\" | 3 days 04:05:06.789",
        "interval day to second | \"-0 00:00:05.000\" | -0 days -00:00:05.000",
        "INTERVAL YEAR TO MONTH | \"2-3\" | 2 years 3 mons",
        "interval year to month | \"-0-1\" | -0 years -1 mons",
        "uuid | \"12151fd2-7586-11e9-8f9e-2a86e4085a59\" | 12151fd2-7586-11e9-8f9e-2a86e4085a59",
        "ipaddress | \"::1\" | ::1",
        "BingTile | {\"x\":1,\"y\":2,\"zoom\":10} | {\"x\":1,\"y\":2,\"zoom\":10}",
        "Geometry | \"POINT (1 2)\" | POINT (1 2)",
      })
  void shouldWriteScalarAsPostgresReadsIt(String type, String json, String expected) {
    assertThat(encode(type, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // As the server sends them by default, and as plain JSON.
        "array(integer) | \"[ 1, null, 3 ]\" | {1,NULL,3}",
        "array(integer) | [1,null,3] | {1,NULL,3}",
        "array(integer) | [] | {}",
        "array(double) | \"[ \\\"NaN\\\", 1.5 ]\" | {NaN,1.5}",
        "array(boolean) | [true,null,false] | {t,NULL,f}",
        "array(varchar) | [\"\",\"NULL\",\"a,b\",\"{x}\",\"q\\\"\\\\\"] | {\"\",\"NULL\",\"a,b\",\"{x}\",\"q\\\"\\\\\"}",
        "array(varbinary) | \"[ \\\"AP8=\\\" ]\" | {\"\\\\x00ff\"}",
        "array(date) | [\"-0043-03-15\",null] | {0044-03-15 BC,NULL}",
        "array(json) | \"[ \\\"{\\\\\\\"a\\\\\\\":1}\\\" ]\" | {\"{\\\"a\\\":1}\"}",
        "array(array(varchar)) | \"[ \\\"[ \\\\\\\"a\\\\\\\" ]\\\", \\\"[ ]\\\" ]\" | [[\"a\"],[]]",
        "array(array(varchar)) | [[\"a\"],[],null] | [[\"a\"],[],null]",
        "map(integer,varchar) | {\"1\":\"a\",\"2\":null} | {\"1\":\"a\",\"2\":null}",
        "map(integer,array(varchar(1))) | \"{\\n  \\\"1\\\" : \\\"[ \\\\\\\"a\\\\\\\" ]\\\"\\n}\" | {\"1\":[\"a\"]}",
        "map(varchar,bigint) | {} | {}",
        "map(varchar,bigint) | {\"a\\\"b\":1} | {\"a\\\"b\":1}",
        "row(a integer, \"B c\" varchar) | [1,\"x\"] | {\"a\":1,\"B c\":\"x\"}",
        "row(integer, varchar(1)) | \"[ 1, \\\"x\\\" ]\" | {\"f1\":1,\"f2\":\"x\"}",
        "row(row(integer,decimal(2,1))) | \"[ \\\"[ 1, \\\\\\\"2.5\\\\\\\" ]\\\" ]\" | {\"f1\":{\"f1\":1,\"f2\":2.5}}",
        "row(x double, y date) | [\"NaN\",\"2020-01-01\"] | {\"x\":\"NaN\",\"y\":\"2020-01-01\"}",
        "row(j json, b varbinary) | [\"{\\\"k\\\": 1}\",\"/w==\"] | {\"j\":{\"k\": 1},\"b\":\"\\\\xff\"}",
        "row(s varchar) | [\"a\\nb\\u0001\"] | {\"s\":\"a\\u000ab\\u0001\"}",
      })
  void shouldWriteNestedValueInBothForms(String type, String json, String expected) {
    assertThat(encode(type, json)).isEqualTo(expected);
  }

  @Test
  void shouldKeepNewLineAsItIs() {
    assertThat(encode("varchar", "\"a\\nb\\tc\"")).isEqualTo("a\nb\tc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "varchar | \"a\\u0000b\" | 22021",
        "varchar | \"\\ud83d\" | 22021",
        "varchar | \"\\ude00x\" | 22021",
        "array(varchar) | [\"\\u0000\"] | 22021",
        "row(a varchar) | [\"\\u0000\"] | 22021",
        "timestamp with time zone | \"2024-10-27 02:30:00.000 Europe/Berlin\" | 22008",
        "bigint | \"1}\" | 58030",
        "bigint | true | 58030",
        "boolean | 1 | 58030",
        "row(a integer) | [1,2] | 58030",
        "row(a integer, b integer) | [1] | 58030",
        "array(integer) | \"[ 1\" | 58030",
        "varbinary | \"A\" | 58030",
      })
  void shouldRefuseWhatPostgresCannotHold(String type, String json, String sqlState) {
    assertThatThrownBy(() -> encode(type, json))
        .isInstanceOfSatisfying(
            PrestoException.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState));
  }
}
