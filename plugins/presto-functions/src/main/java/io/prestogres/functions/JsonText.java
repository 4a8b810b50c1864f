package io.prestogres.functions;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, rows and arrays of them as JSON. */
final class JsonText {
  private JsonText() {}

  static String of(Object value, ColumnType type) throws SQLException {
    StringBuilder out = new StringBuilder();
    append(value, type, out);
    return out.toString();
  }

  /** A tile of a map, which is an object of whole numbers, as Presto sends it. */
  static String ofTile(Map<?, ?> tile) throws SQLException {
    StringBuilder out = new StringBuilder();
    appendMap(tile, ColumnType.scalar("integer"), out);
    return out.toString();
  }

  private static void append(@Nullable Object value, ColumnType type, StringBuilder out)
      throws SQLException {
    if (value == null) {
      out.append("null");
      return;
    }
    switch (type.name()) {
      case "array" -> appendArray(PostgresText.elements(value), type.children().get(0), out);
      case "map" -> appendMap(map(value), type.children().get(1), out);
      case "row" -> appendRow(value, type, out);
      case "boolean" -> out.append(value);
      case "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal" ->
          appendNumber(value, out);
      case "json" -> out.append(value);
      default -> appendString(PostgresText.of(value, type), out);
    }
  }

  private static void appendArray(List<?> elements, ColumnType element, StringBuilder out)
      throws SQLException {
    String separator = "[";
    for (Object value : elements) {
      out.append(separator);
      separator = ",";
      append(value, element, out);
    }
    out.append(elements.isEmpty() ? "[]" : "]");
  }

  private static void appendMap(Map<?, ?> map, ColumnType value, StringBuilder out)
      throws SQLException {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      separator = ",";
      Object key = entry.getKey();
      appendString(
          key instanceof byte[] bytes ? PostgresText.base64(bytes) : String.valueOf(key), out);
      out.append(':');
      append(entry.getValue(), value, out);
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void appendRow(Object value, ColumnType type, StringBuilder out)
      throws SQLException {
    List<String> names = type.names();
    List<?> fields;
    if (value instanceof Map<?, ?> map) {
      fields = new ArrayList<>(map.values());
      names = namesOf(map, names);
    } else {
      fields = PostgresText.elements(value);
    }
    if (fields.size() != type.children().size()) {
      throw PostgresText.notOfItsType();
    }
    for (int i = 0; i < fields.size(); i++) {
      out.append(i == 0 ? '{' : ',');
      // As PostgreSQL names the columns of an anonymous record.
      String name = names.get(i);
      appendString(name.isEmpty() ? "f" + (i + 1) : name, out);
      out.append(':');
      append(fields.get(i), type.children().get(i), out);
    }
    out.append(fields.isEmpty() ? "{}" : "}");
  }

  /** presto-jdbc gives a row as a map; two fields of one name would have become one. */
  private static List<String> namesOf(Map<?, ?> row, List<String> upperCase) throws SQLException {
    if (row.size() != upperCase.size()) {
      throw new SQLException("a row has two fields of the same name", "42701");
    }
    List<String> names = new ArrayList<>();
    for (Object name : row.keySet()) {
      boolean named = !upperCase.get(names.size()).isEmpty();
      names.add(named ? String.valueOf(name) : "");
    }
    return names;
  }

  /** NaN and the infinities are no numbers in JSON. */
  private static void appendNumber(Object value, StringBuilder out) {
    String text = value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    if (Character.isDigit(text.charAt(text.length() - 1))) {
      out.append(text);
    } else {
      appendString(text, out);
    }
  }

  private static void appendString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' && c != 0) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        // U+0000 stays, for the caller to find and refuse.
        out.append(c);
      }
    }
    out.append('"');
  }

  private static Map<?, ?> map(Object value) throws SQLException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw PostgresText.notOfItsType();
  }
}
