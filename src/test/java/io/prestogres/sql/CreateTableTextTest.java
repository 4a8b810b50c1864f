package io.prestogres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreateTableTextTest {
  @Test
  void shouldFindTheCommentBehindTheColumns() {
    assertThat(
            CreateTableText.comment(
                """
                CREATE TABLE hive.web."odd (name" (
                   "id" bigint COMMENT 'of (a) column',
                   "price" decimal(12,2)
                )
                COMMENT 'it''s a table'
                WITH (
                   format = 'ORC'
                )"""))
        .contains("it's a table");
    assertThat(CreateTableText.comment("CREATE TABLE a.b.c (\n   x bigint\n)\nCOMMENT U&'\\6771'"))
        .contains("\u6771");
  }

  @Test
  void shouldTellThatATableHasNone() {
    assertThat(CreateTableText.comment("CREATE TABLE a.b.c (\n   x bigint COMMENT 'x'\n)"))
        .contains("");
    assertThat(
            CreateTableText.comment(
                "CREATE TABLE a.b.c (\n   x bigint\n)\nWITH (\n   comment = 'x'\n)"))
        .contains("");
  }

  @Test
  void shouldTellNothingOfWhatIsNoTable() {
    assertThat(CreateTableText.comment("CREATE VIEW a.b.c COMMENT 'x' AS SELECT (1)")).isEmpty();
    assertThat(CreateTableText.comment("")).isEmpty();
  }
}
