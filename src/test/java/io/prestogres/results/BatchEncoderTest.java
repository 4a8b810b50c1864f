package io.prestogres.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoType;
import io.prestogres.presto.RowCursor;
import io.prestogres.results.BatchEncoder.Limits;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchEncoderTest {
  private static List<PrestoColumn> columns(String... types) {
    return IntStream.range(0, types.length)
        .mapToObj(i -> new PrestoColumn("c" + i, PrestoType.parse(types[i])))
        .toList();
  }

  private static String batch(List<PrestoColumn> columns, String rows) {
    BatchEncoder encoder = new BatchEncoder(columns, Limits.DEFAULT);
    encoder.fill(RowCursor.of(rows));
    return encoder.take().toString(UTF_8);
  }

  /** As PostgreSQL's string_to_array does. */
  private static List<String> apart(String batch) {
    return List.of(batch.split(Pattern.quote("}\"{"), -1));
  }

  /** PostgreSQL's array_in for one dimension; null for NULL. */
  static List<String> parseArray(String literal) {
    assertThat(literal).startsWith("{").endsWith("}");
    List<String> elements = new ArrayList<>();
    int i = 1;
    while (i < literal.length() - 1) {
      StringBuilder element = new StringBuilder();
      boolean quoted = literal.charAt(i) == '"';
      if (quoted) {
        for (i++; literal.charAt(i) != '"'; i++) {
          if (literal.charAt(i) == '\\') {
            i++;
          }
          element.append(literal.charAt(i));
        }
        i++;
      } else {
        while (literal.charAt(i) != ',' && literal.charAt(i) != '}') {
          element.append(literal.charAt(i++));
        }
      }
      elements.add(!quoted && element.toString().equals("NULL") ? null : element.toString());
      assertThat(literal.charAt(i)).isIn(',', '}');
      i++;
    }
    return elements;
  }

  @Test
  void shouldPutColumnsIntoArrays() {
    String batch = batch(columns("bigint", "varchar"), "[[1,\"a\"],[null,null],[3,\"NULL\"]]");

    assertThat(batch).isEqualTo("{1,NULL,3}}\"{{\"a\",NULL,\"NULL\"}");
  }

  @Test
  void shouldEscape() {
    String batch = batch(columns("varchar"), "[[\"q\\\"b\\\\s{},\\n😀\"],[\"\"]]");

    assertThat(parseArray(batch)).containsExactly("q\"b\\s{},\n😀", "");
  }

  /** What joins the columns must not be found in any of them, whatever their values. */
  @ParameterizedTest
  @ValueSource(
      strings = {"}\"{", "}", "{", "\"", "\\", "}\"", "\"{", "\\}\"{", "\"}\"{\"", "{}", "}\\\"{"})
  void shouldKeepColumnsApart(String value) {
    String json = value.replace("\\", "\\\\").replace("\"", "\\\"");
    String row = "[\"" + json + "\",[\"" + json + "\",\"" + json + "\"],\"" + json + "\"]";

    String batch =
        batch(columns("varchar", "array(varchar)", "varchar"), "[" + row + "," + row + "]");

    List<String> columns = apart(batch);
    assertThat(columns).hasSize(3);
    assertThat(parseArray(columns.get(0))).containsExactly(value, value);
    assertThat(parseArray(columns.get(2))).containsExactly(value, value);
    assertThat(parseArray(columns.get(1)))
        .allSatisfy(array -> assertThat(parseArray(array)).containsExactly(value, value));
  }

  @Test
  void shouldQuoteArraysOfArrayColumns() {
    String batch =
        batch(
            columns("array(varchar)", "row(s varchar)"), "[[[\"a\\\"\\\\\",null],[\"\\\"\\n\"]]]");

    List<String> outer = apart(batch);
    assertThat(parseArray(parseArray(outer.get(0)).get(0))).containsExactly("a\"\\", null);
    assertThat(parseArray(outer.get(1))).containsExactly("{\"s\":\"\\\"\\u000a\"}");
  }

  @Test
  void shouldGrowBatches() {
    String rows =
        IntStream.range(0, 100)
            .mapToObj(i -> "[" + i + "]")
            .collect(Collectors.joining(",", "[", "]"));
    RowCursor cursor = RowCursor.of(rows);
    BatchEncoder encoder = new BatchEncoder(columns("integer"), new Limits(2, 10, 1 << 20));
    List<Integer> sizes = new ArrayList<>();

    while (encoder.fill(cursor)) {
      sizes.add(encoder.rows());
      encoder.take();
    }

    assertThat(sizes).startsWith(2, 8, 10, 10).hasSize(11);
    assertThat(encoder.rows()).isEqualTo(0);
  }

  @Test
  void shouldEndBatchWhenBytesAreReached() {
    RowCursor cursor = RowCursor.of("[[\"aaaaaaaaaa\"],[\"b\"]]");
    BatchEncoder encoder = new BatchEncoder(columns("varchar"), new Limits(9, 9, 5));

    assertThat(encoder.fill(cursor)).isTrue();
    assertThat(encoder.rows()).isEqualTo(1);
  }

  @Test
  void shouldGoOnWithNextPage() {
    BatchEncoder encoder = new BatchEncoder(columns("integer"), Limits.DEFAULT);

    assertThat(encoder.fill(RowCursor.of("[[1]]"))).isFalse();
    assertThat(encoder.fill(RowCursor.of("[[2]]"))).isFalse();

    assertThat(encoder.take().toString(UTF_8)).isEqualTo("{1,2}");
  }

  @Test
  void shouldNameColumnOfBadValue() {
    assertThatThrownBy(() -> batch(columns("integer", "varchar"), "[[1,\"\\u0000\"]]"))
        .isInstanceOf(PrestoException.class)
        .hasMessageContaining("column \"c1\"")
        .hasMessageContaining("U+0000");
  }

  @Test
  void shouldRefuseRowOfOtherLength() {
    assertThatThrownBy(() -> batch(columns("integer"), "[[1,2]]"))
        .isInstanceOf(PrestoException.class);
    assertThatThrownBy(() -> batch(columns("integer", "integer"), "[[1]]"))
        .isInstanceOf(PrestoException.class);
  }

  @Test
  void shouldWriteDataRow() {
    RowCursor cursor = RowCursor.of("[[12,null,\"é\",\"\"]]");
    RowEncoder encoder = new RowEncoder(columns("integer", "varchar", "varchar", "varchar"));
    Buffer out = Buffer.buffer();

    cursor.nextRow();
    encoder.read(cursor);
    encoder.appendDataRow(out);

    Buffer expected =
        Buffer.buffer("D")
            .appendInt(4 + 2 + 16 + 4)
            .appendShort((short) 4)
            .appendInt(2)
            .appendString("12")
            .appendInt(-1)
            .appendInt(2)
            .appendString("é")
            .appendInt(0);
    assertThat(out).isEqualTo(expected);
  }
}
