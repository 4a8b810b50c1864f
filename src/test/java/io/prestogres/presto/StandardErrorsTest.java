package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SYNTAX_ERROR | USER_ERROR | line 1:8: mismatched input 'x' | 42601",
        "SYNTAX_ERROR | USER_ERROR | line 1:8: Column 'x' cannot be resolved | 42703",
        "SYNTAX_ERROR | USER_ERROR | line 1:15: Table tpch.tiny.x does not exist | 42P01",
        "SYNTAX_ERROR | USER_ERROR | Table tpch.tiny.x does not exist | 42P01",
        "SYNTAX_ERROR | USER_ERROR | line 1:15: Schema x does not exist | 3F000",
        "SYNTAX_ERROR | USER_ERROR | line 1:15: Catalog x does not exist | 3D000",
        "SYNTAX_ERROR | USER_ERROR | line 1:8: Function nope not registered | 42883",
        "TABLE_NOT_FOUND | USER_ERROR | | 42P01",
        "DIVISION_BY_ZERO | USER_ERROR | / by zero | 22012",
        "PERMISSION_DENIED | USER_ERROR | Access Denied | 42501",
        "USER_CANCELED | USER_ERROR | | 57014",
        "EXCEEDED_TIME_LIMIT | INSUFFICIENT_RESOURCES | | 57014",
        "EXCEEDED_GLOBAL_MEMORY_LIMIT | INSUFFICIENT_RESOURCES | | 53200",
        "NUMERIC_VALUE_OUT_OF_RANGE | USER_ERROR | | 22003",
        "INVALID_CAST_ARGUMENT | USER_ERROR | | 22018",
        "NOT_SUPPORTED | USER_ERROR | | 0A000",
        "HIVE_METASTORE_ERROR | EXTERNAL | | 58000",
        "SOME_CONNECTOR_ERROR | USER_ERROR | | 38000",
        "NEW_LIMIT | INSUFFICIENT_RESOURCES | | 53000",
        "NEW_BUG | INTERNAL_ERROR | | XX000",
      })
  void shouldDecideByName(String name, String type, String message, String sqlState) {
    String text = message == null ? "" : message;

    assertThat(StandardErrors.sqlState(name, type, text)).isEqualTo(sqlState);
  }
}
