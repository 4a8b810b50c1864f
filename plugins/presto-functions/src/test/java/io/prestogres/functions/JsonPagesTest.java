package io.prestogres.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.facebook.presto.jdbc.internal.client.QueryResults;
import com.facebook.presto.jdbc.internal.com.facebook.airlift.json.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages as they are read without the driver, beside the driver's own reading of them. */
final class JsonPagesTest {
  private static final JsonCodec<QueryResults> DRIVER = JsonCodec.jsonCodec(QueryResults.class);
  private static final int DOCUMENTS = 3_000;

  private static final List<String> TYPES =
      List.of(
          "boolean",
          "tinyint",
          "bigint",
          "real",
          "double",
          "decimal(38,3)",
          "varchar",
          "varchar(20)",
          "char(4)",
          "json",
          "uuid",
          "date",
          "time",
          "timestamp",
          "timestamp with time zone",
          "interval day to second");

  private static final List<String> SIGNS =
      List.of(
          "a",
          "Z",
          " ",
          "{",
          "}",
          ",",
          "'",
          "?",
          "NULL",
          "\\\"",
          "\\\\",
          "\\/",
          "\\b",
          "\\f",
          "\\n",
          "\\r",
          "\\t",
          "\\u0041",
          "\\u00e9",
          "\\u20ac",
          "\\ud83d\\ude00",
          "é",
          "€",
          "\uD83D\uDE00",
          "\u007f",
          "[",
          "]",
          ":",
          "}\\\"{");

  @Test
  void shouldReadAndWriteWhatTheDriverWould() throws SQLException {
    Random random = new Random(20261129);
    JsonPages pages = new JsonPages();
    for (int i = 0; i < DOCUMENTS; i++) {
      List<String> types = new ArrayList<>();
      for (int column = 0; column <= random.nextInt(5); column++) {
        types.add(TYPES.get(random.nextInt(TYPES.size())));
      }
      String page = page(types, random);

      Optional<JsonPage> read = read(pages, page);

      assertThat(read).as(page).isPresent();
      QueryResults driver = DRIVER.fromJson(page);
      assertThat(literals(new Rows(types, read.get())))
          .as(page)
          .isEqualTo(literals(new Rows(types, driver.getData().iterator())));
      assertThat(read.get().rest()).asString(StandardCharsets.UTF_8).isEqualTo(withoutRows(page));
    }
  }

  private static String withoutRows(String page) {
    return page.substring(0, page.indexOf("[", page.indexOf("\"data\"")))
        + "null"
        + page.substring(page.lastIndexOf(",\"stats\""));
  }

  @Test
  void shouldLeavePageToTheDriverWhenItBreaksOff() {
    String page = page(List.of("varchar", "bigint"), new Random(7));

    for (int length = 0; length < page.length(); length++) {
      assertThat(read(new JsonPages(), page.substring(0, length))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"array(bigint)", "map(varchar,bigint)", "row(a bigint)", "varbinary"})
  void shouldLeavePageToTheDriverWhenATypeIsNoText(String type) {
    assertThat(read(new JsonPages(), page(List.of("bigint", "varchar"), "[1,null]"))).isPresent();
    assertThat(read(new JsonPages(), page(List.of("bigint", type), "[1,null]"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hyperloglog",
        "unknown",
        "Geometry",
        "color",
        "test.enum.mood:VarcharEnum(test.enum.mood{\"A\":\"red\"})"
      })
  void shouldTakeRowsOfTypesThatItDoesNotKnow(String type) {
    String escaped = type.replace("\"", "\\\"");

    assertThat(read(new JsonPages(), page(List.of("bigint", escaped), "[1,\"red\"]"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "[1,2,3]",
        "[1,[2]]",
        "[1,{}]",
        "[1,nul]",
        "[1,]",
        "[1,2],",
        "[1,2][1,2]",
        "1",
        "[1,\"a\nb\"]",
        "[1,tru]"
      })
  void shouldLeavePageToTheDriverWhenARowIsNoRow(String row) {
    assertThat(read(new JsonPages(), page(List.of("bigint", "varchar"), row))).isEmpty();
  }

  @Test
  void shouldLeavePageToTheDriverWhenThereAreNoRows() {
    assertThat(read(new JsonPages(), page(List.of("bigint"), ""))).isEmpty();
    assertThat(read(new JsonPages(), "{\"id\":\"q\",\"stats\":{\"data\":[[1]]}}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bigint 1x",
        "bigint \"\"",
        "bigint true",
        "boolean 1",
        "boolean \"true\"",
        "varchar 1",
        "date 1",
        "date \"then\"",
        "decimal \"1,2\"",
        "varchar \"\\ud83d\"",
        "varchar \"\\u0000\"",
        "varchar \"\\x\"",
        "varchar \"\\u12g4\"",
        "interval_day_to_second 1"
      })
  void shouldRefuseValueThatIsNotOfItsType(String typeAndValue) {
    int blank = typeAndValue.indexOf(' ');
    String type = typeAndValue.substring(0, blank).replace('_', ' ');
    String page = page(List.of(type), "[" + typeAndValue.substring(blank + 1) + "]");
    Optional<JsonPage> read = read(new JsonPages(), page);

    if (read.isPresent()) {
      assertThatThrownBy(() -> literals(new Rows(List.of(type), read.get())))
          .isInstanceOfSatisfying(
              SQLException.class,
              failure -> assertThat(failure.getSQLState()).isIn("58030", "22021"));
    } else {
      assertThatThrownBy(() -> DRIVER.fromJson(page)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Optional<JsonPage> read(JsonPages pages, String page) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    return pages.read(Arrays.copyOf(bytes, bytes.length + 1), bytes.length);
  }

  private static String literals(EngineRows rows) throws SQLException {
    try (rows) {
      BatchBuilder batch = new BatchBuilder(rows.columns());
      while (rows.next()) {
        batch.add(rows);
      }
      return new String(batch.take().literals(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String page(List<String> types, Random random) {
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row <= random.nextInt(4); row++) {
      rows.append(row == 0 ? "[" : " ,[");
      for (int column = 0; column < types.size(); column++) {
        rows.append(column == 0 ? "" : ",").append(blank(random));
        rows.append(random.nextInt(6) == 0 ? "null" : value(types.get(column), random));
        rows.append(blank(random));
      }
      rows.append(']');
    }
    return page(types, rows.toString());
  }

  private static String blank(Random random) {
    return random.nextInt(20) == 0 ? " \t\r\n" : "";
  }

  private static String value(String type, Random random) {
    int small = random.nextInt(90) + 10;
    return switch (type) {
      case "boolean" -> String.valueOf(random.nextBoolean());
      case "tinyint" -> String.valueOf((byte) random.nextInt());
      case "bigint" -> String.valueOf(random.nextLong());
      case "real" -> random.nextInt(9) == 0 ? "\"NaN\"" : String.valueOf(random.nextFloat());
      case "double" ->
          random.nextInt(9) == 0
              ? "\"-Infinity\""
              : String.valueOf(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
      case "decimal(38,3)" -> "\"-12345678901234567890123" + small + ".5" + small + "\"";
      case "uuid" -> "\"12151fd2-7586-11e9-8f9e-2a86e4085a" + small + "\"";
      case "date" -> random.nextInt(4) == 0 ? "\"-0043-03-15\"" : "\"20" + small + "-02-03\"";
      case "time" -> "\"11:22:" + small + ".123\"";
      case "timestamp" -> "\"00" + small + "-02-03 04:05:06.789\"";
      case "timestamp with time zone" -> "\"20" + small + "-02-03 04:05:06.789 Europe/Berlin\"";
      case "interval day to second" -> "\"-" + small + " 01:02:03.000\"";
      default -> text(random);
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = random.nextInt(12); i > 0; i--) {
      // Many have nothing but letters.
      text.append(SIGNS.get(random.nextBoolean() ? 0 : random.nextInt(SIGNS.size())));
    }
    return text.append('"').toString();
  }

  private static String page(List<String> types, String rows) {
    StringBuilder columns = new StringBuilder();
    for (String type : types) {
      columns.append(columns.isEmpty() ? "" : ",");
      columns.append("{\"name\":\"a \\\"b\",\"type\":\"").append(type);
      columns.append("\",\"typeSignature\":{\"rawType\":\"bigint\",\"arguments\":[]}}");
    }
    return "{\"id\":\"q [{\\\"\\u00e9,\",\"infoUri\":\"http://127.0.0.1/ui\",\"columns\":["
        + columns
        + "],\"data\":["
        + rows
        + "],\"stats\":{\"state\":\"FINISHED\",\"queued\":false,\"scheduled\":true,\"nodes\":1,"
        + "\"totalSplits\":1,\"queuedSplits\":0,\"runningSplits\":0,\"completedSplits\":1,"
        + "\"cpuTimeMillis\":1,\"wallTimeMillis\":1,\"queuedTimeMillis\":0,\"elapsedTimeMillis\":1,"
        + "\"processedRows\":1,\"processedBytes\":1,\"peakMemoryBytes\":1},\"warnings\":[]}";
  }

  /** Rows by the one road or the other. */
  private static final class Rows implements EngineRows {
    private final List<EngineColumn> columns = new ArrayList<>();
    private final Optional<JsonPage> json;
    private final Iterator<List<Object>> objects;
    private List<Object> row = List.of();

    private Rows(List<String> types, JsonPage json) {
      describe(types);
      this.json = Optional.of(json);
      this.objects = List.<List<Object>>of().iterator();
    }

    private Rows(List<String> types, Iterator<List<Object>> objects) {
      describe(types);
      this.json = Optional.empty();
      this.objects = objects;
    }

    private void describe(List<String> types) {
      types.forEach(type -> columns.add(new EngineColumn("c", ColumnType.parse(type))));
    }

    @Override
    public List<EngineColumn> columns() {
      return columns;
    }

    @Override
    public boolean next() {
      if (json.isPresent()) {
        return json.get().next();
      }
      boolean more = objects.hasNext();
      row = more ? objects.next() : List.of();
      return more;
    }

    @Override
    public Object value(int column) {
      Object value = row.get(column);
      return value == null ? null : value.toString();
    }

    @Override
    public JsonPage json() {
      return json.orElse(null);
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }
}
