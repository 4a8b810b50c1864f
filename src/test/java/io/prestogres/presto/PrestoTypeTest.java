package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.presto.PrestoType.Field;
import io.prestogres.presto.PrestoType.Row;
import io.prestogres.presto.PrestoType.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrestoTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "boolean | boolean",
        "tinyint | smallint",
        "smallint | smallint",
        "INTEGER | integer",
        "bigint | bigint",
        "real | real",
        "double | double precision",
        "decimal(12,2) | numeric(12,2)",
        "decimal(38, 10) | numeric(38,10)",
        "varchar | text",
        "varchar(0) | text",
        "varchar(10) | character varying(10)",
        "varchar(2147483647) | text",
        "char(3) | character(3)",
        "char(0) | text",
        "varbinary | bytea",
        "json | jsonb",
        "date | date",
        "time | time without time zone",
        "time(9) | time(6) without time zone",
        "time with time zone | time with time zone",
        "timestamp | timestamp without time zone",
        "timestamp(0) | timestamp(0) without time zone",
        "timestamp(12) | timestamp(6) without time zone",
        "timestamp(3) with time zone | timestamp(3) with time zone",
        "TIMESTAMP WITH TIME ZONE | timestamp with time zone",
        "interval day to second | interval",
        "INTERVAL YEAR TO MONTH | interval",
        "uuid | uuid",
        "ipaddress | inet",
        "ipprefix | text",
        "unknown | text",
        "Geometry | text",
        "tdigest(double) | text",
        "test.enum.mood:VarcharEnum(test.enum.mood{\"A\":\"x,y\"}) | text",
        "array(integer) | integer[]",
        "array(decimal(2,1)) | numeric(2,1)[]",
        "array(timestamp(3) with time zone) | timestamp(3) with time zone[]",
        "array(varchar(10)) | character varying(10)[]",
        "array(json) | jsonb[]",
        "array(unknown) | text[]",
        "array(array(integer)) | jsonb",
        "array(row(a integer)) | jsonb",
        "map(varchar, array(row(x bigint))) | jsonb",
        "row(a integer) | jsonb",
        "array(integer | text",
        "`` | text",
      })
  void shouldNamePostgresType(String presto, String postgres) {
    assertThat(PrestoType.parse(presto).postgresType()).isEqualTo(postgres);
  }

  @Test
  void shouldTakeRowApart() {
    PrestoType type =
        PrestoType.parse(
            "row(a integer, \"B \"\"c,(\" varchar(3), timestamp with time zone, x double, t timestamp"
                + " with time zone, row(y map(bigint,double precision)), varchar(1))");

    assertThat(type)
        .isEqualTo(
            new Row(
                List.of(
                    new Field("a", new Scalar("integer", "")),
                    new Field("B \"c,(", new Scalar("varchar", "3")),
                    new Field("", new Scalar("timestamp with time zone", "")),
                    new Field("x", new Scalar("double", "")),
                    new Field("t", new Scalar("timestamp with time zone", "")),
                    new Field(
                        "",
                        new Row(
                            List.of(
                                new Field(
                                    "y",
                                    new PrestoType.MapOf(
                                        new Scalar("bigint", ""), new Scalar("double", "")))))),
                    new Field("", new Scalar("varchar", "1")))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "row(a integer, \"B c\" varchar, decimal(2,1))",
        "array(map(varchar(3), timestamp(3) with time zone))",
        "interval day to second",
      })
  void shouldPrintWhatItParses(String text) {
    PrestoType type = PrestoType.parse(text);

    assertThat(PrestoType.parse(type.toString())).isEqualTo(type);
  }

  @Test
  void shouldNotOverflowOnDeepType() {
    String text = "array(".repeat(5000) + "integer" + ")".repeat(5000);

    assertThat(PrestoType.parse(text).postgresType()).isEqualTo("jsonb");
  }
}
