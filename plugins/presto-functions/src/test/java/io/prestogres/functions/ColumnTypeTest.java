package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ColumnTypeTest {
  @Test
  void shouldDropArgumentsWhenTypeIsScalar() {
    assertThat(ColumnType.parse("DECIMAL(38,10)").name()).isEqualTo("decimal");
    assertThat(ColumnType.parse("TIMESTAMP(3) WITH TIME ZONE").name())
        .isEqualTo("timestamp with time zone");
  }

  @Test
  void shouldReadNestedTypes() {
    ColumnType type = ColumnType.parse("MAP(VARCHAR(3),ARRAY(DECIMAL(5,2)))");

    assertThat(type.name()).isEqualTo("map");
    assertThat(type.children()).extracting(ColumnType::name).containsExactly("varchar", "array");
  }

  @Test
  void shouldTellFieldsWithNameFromThoseWithout() {
    ColumnType type =
        ColumnType.parse(
            "ROW(A INTEGER,\"x, \"\"(y\" varchar(3),TIMESTAMP WITH TIME ZONE,T TIME WITH TIME"
                + " ZONE,DECIMAL(3, 1),R ROW(INTEGER))");

    assertThat(type.children())
        .extracting(ColumnType::name)
        .containsExactly(
            "integer",
            "varchar",
            "timestamp with time zone",
            "time with time zone",
            "decimal",
            "row");
    assertThat(type.names()).containsExactly("A", "x, \"(y", "", "T", "", "R");
  }
}
