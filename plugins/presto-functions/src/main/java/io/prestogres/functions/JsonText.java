package io.prestogres.functions;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Iterator;
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

  private static void append(@Nullable Object value, ColumnType type, StringBuilder out)
      throws SQLException {
    if (value == null) {
      out.append("null");
      return;
    }
    switch (type.name()) {
      case "array" -> appendArray(PostgresText.elements(value), type.children().get(0), out);
      case "map" -> appendMap(map(value), type.children().get(1), out);
      case "row" -> appendRow(map(value), type, out);
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
      appendString(String.valueOf(entry.getKey()), out);
      out.append(':');
      append(entry.getValue(), value, out);
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  /** The driver gives a row as a map; two fields of one name would have become one. */
  private static void appendRow(Map<?, ?> row, ColumnType type, StringBuilder out)
      throws SQLException {
    if (row.size() != type.children().size()) {
      throw new SQLException("a row has two fields of the same name", "42701");
    }
    Iterator<? extends Map.Entry<?, ?>> fields = row.entrySet().iterator();
    for (int i = 0; i < row.size(); i++) {
      Map.Entry<?, ?> field = fields.next();
      out.append(i == 0 ? '{' : ',');
      // As PostgreSQL names the columns of an anonymous record.
      boolean named = type.named().get(i);
      appendString(named ? String.valueOf(field.getKey()) : "f" + (i + 1), out);
      out.append(':');
      append(field.getValue(), type.children().get(i), out);
    }
    out.append(row.isEmpty() ? "{}" : "}");
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
