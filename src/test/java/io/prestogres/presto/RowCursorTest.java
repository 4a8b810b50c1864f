package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.prestogres.presto.RowCursor.Kind;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of rows, beside Jackson's. */
class RowCursorTest {
  private static final String[] TEXTS = {
    "",
    "plain",
    "é€😀",
    "\\u00e9\\u20AC\\ud83d\\ude00",
    "a\\\"b\\\\c\\/d",
    "\\b\\f\\n\\r\\t",
    "{[,:]}"
  };
  private static final String[] NUMBERS = {
    "0", "-1", "1.5", "-0.0", "1.0E300", "2e-7", "123456789012345678901"
  };

  /** What a cursor finds, in a form of its own. */
  private static String read(String rows) {
    RowCursor cursor = RowCursor.of(rows);
    StringBuilder out = new StringBuilder();
    while (cursor.nextRow()) {
      out.append("row ");
      while (cursor.nextValue()) {
        append(cursor, out);
      }
    }
    return out.toString();
  }

  private static void append(RowCursor cursor, StringBuilder out) {
    switch (cursor.kind()) {
      case NULL -> out.append("null ");
      case BOOLEAN -> out.append(cursor.isTrue()).append(' ');
      case TEXT, NUMBER -> out.append(cursor.kind()).append(cursor.text()).append(' ');
      case ARRAY, OBJECT -> {
        boolean object = cursor.kind() == Kind.OBJECT;
        out.append(object ? "{ " : "[ ");
        cursor.enter();
        while (cursor.nextValue()) {
          out.append(object ? cursor.name() + ": " : "");
          append(cursor, out);
        }
        out.append("end ");
      }
    }
  }

  private static String readByJackson(String rows) throws IOException {
    StringBuilder out = new StringBuilder();
    try (JsonParser parser = StatementPage.JSON.createParser(rows)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case START_ARRAY, START_OBJECT -> {
            String open = token == JsonToken.START_OBJECT ? "{ " : "[ ";
            out.append(depth == 0 ? "" : depth == 1 ? "row " : open);
            depth++;
          }
          case END_ARRAY, END_OBJECT -> out.append(--depth > 1 ? "end " : "");
          case FIELD_NAME -> out.append(parser.currentName()).append(": ");
          case VALUE_STRING -> out.append("TEXT").append(parser.getText()).append(' ');
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              out.append("NUMBER").append(parser.getText()).append(' ');
          default -> out.append(parser.getText()).append(' ');
        }
      }
    }
    return out.toString();
  }

  private static String random(Random random, int depth) {
    String blank = random.nextInt(4) == 0 ? " \n" : "";
    int count = random.nextInt(4);
    StringBuilder out = new StringBuilder(blank);
    switch (random.nextInt(depth > 3 ? 5 : 7)) {
      case 0 -> out.append("null");
      case 1 -> out.append(random.nextBoolean());
      case 2 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
      case 3, 4 -> out.append('"').append(TEXTS[random.nextInt(TEXTS.length)]).append('"');
      case 5 -> {
        for (int i = 0; i < count; i++) {
          out.append(i == 0 ? "[" : ",").append(random(random, depth + 1));
        }
        out.append(count == 0 ? "[" + blank + "]" : "]");
      }
      default -> {
        for (int i = 0; i < count; i++) {
          out.append(i == 0 ? "{" : ",").append('"').append(TEXTS[random.nextInt(TEXTS.length)]);
          out.append("\":").append(random(random, depth + 1));
        }
        out.append(count == 0 ? "{}" : "}");
      }
    }
    return out.append(blank).toString();
  }

  @Test
  void shouldReadWhatJacksonReads() throws IOException {
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      StringBuilder rows = new StringBuilder("[");
      for (int row = random.nextInt(3); row >= 0; row--) {
        rows.append('[').append(random(random, 0)).append(',').append(random(random, 0));
        rows.append(row == 0 ? "]" : "],");
      }
      String json = rows.append(']').toString();

      assertThat(read(json)).as(json).isEqualTo(readByJackson(json));
    }
  }

  @Test
  void shouldSkipWhatIsNotEntered() {
    RowCursor cursor = RowCursor.of("[[[1,[\"]\",{\"}\":\"\\\"]\"}]],2],[{},3]]");
    StringBuilder kinds = new StringBuilder();

    while (cursor.nextRow()) {
      while (cursor.nextValue()) {
        kinds.append(cursor.kind()).append(' ');
      }
    }

    assertThat(kinds.toString()).isEqualTo("ARRAY NUMBER OBJECT NUMBER ");
  }

  @Test
  void shouldReadObjectInText() {
    RowCursor cursor = RowCursor.of("[[\"{\\n \\\"a\\\" : [ 1 ],\\\"b\\\":null}\",7]]");
    cursor.nextRow();
    cursor.nextValue();
    StringBuilder out = new StringBuilder();

    append(cursor.nested(), out);

    assertThat(out.toString()).isEqualTo("{ a: [ NUMBER1 end b: null end ");
    assertThat(cursor.nextValue()).isTrue();
    assertThat(cursor.text()).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[1,]]",
        "[[,1]]",
        "[[1 2]]",
        "[[1],]",
        "[[1][2]]",
        "[1]",
        "[[1}]",
        "[[{\"a\" 1}]]",
        "[[{\"a\":}]]",
        "[[{a:1}]]",
        "[[{\"a\":1,}]]",
        "[[\"a]]",
        "[[\"a\\\"]]",
        "[[\"\\x\"]]",
        "[[\"\\u12\"]]",
        "[[\"\\u12g4\"]]",
        "[[\"a\nb\"]]",
        "[[01]]",
        "[[1.]]",
        "[[.5]]",
        "[[1e]]",
        "[[+1]]",
        "[[-]]",
        "[[nul]]",
        "[[nulls]]",
        "[[True]]",
        "[[1",
        "[[",
        "[",
        "[[\"a\"",
        "[[tru",
        "[[\u00a01]]",
        "[[NaN]]",
        "[[[1]",
        "[[\"\\ud83d\"]]"
      })
  void shouldRefuseWhatIsNotJson(String rows) {
    assertThatThrownBy(() -> read(rows))
        .isInstanceOfSatisfying(
            PrestoException.class, e -> assertThat(e.sqlState()).isEqualTo("58030"));
  }

  @Test
  void shouldRefuseEndlessNesting() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertThatThrownBy(() -> read(deep)).isInstanceOf(PrestoException.class);
  }

  @Test
  void shouldTellWhichTextIsSimple() {
    RowCursor cursor = RowCursor.of("[[\"abc \",\"é\",\"a\\\"\",\"\\u0061\",\"\",1.5]]");
    StringBuilder simple = new StringBuilder();
    cursor.nextRow();

    while (cursor.nextValue()) {
      simple.append(cursor.isSimple() ? 'y' : 'n');
    }

    assertThat(simple.toString()).isEqualTo("ynnnyy");
  }
}
