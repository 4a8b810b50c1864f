package io.prestogres.results;

import io.prestogres.presto.PrestoType;
import io.prestogres.presto.RowCursor;
import io.prestogres.presto.RowCursor.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * How values of a type are written as JSON.
 *
 * <p>Presto sends arrays, maps and rows as JSON, or as strings of JSON in strings of JSON (the
 * default of 0.296); the type tells which strings are to be read again.
 */
sealed interface JsonShape {

  /** Writes the current value, which is not NULL. */
  void write(RowCursor value, TextSink out);

  /** Writes the current value. */
  default void writeNullable(RowCursor value, TextSink out) {
    if (value.kind() == Kind.NULL) {
      out.put("null");
    } else {
      write(value, out);
    }
  }

  /** The shape of a type. */
  static JsonShape of(PrestoType type) {
    if (type instanceof PrestoType.Array array) {
      return new ListOf(of(array.element()));
    }
    if (type instanceof PrestoType.MapOf map) {
      return new MapOf(of(map.value()));
    }
    if (type instanceof PrestoType.Row row) {
      return RowOf.of(row);
    }
    PrestoType.Scalar scalar = (PrestoType.Scalar) type;
    return switch (scalar.name()) {
      case "boolean", "tinyint", "smallint", "integer", "bigint", "real", "double", "decimal" ->
          new Bare();
      case "json" -> new Document();
      default -> new Text(ValueEncoder.of(type));
    };
  }

  /** A string of what the value would be as a column. */
  record Text(ValueEncoder encoder) implements JsonShape {
    @Override
    public void write(RowCursor value, TextSink out) {
      out.openJsonString();
      encoder.append(value, out);
      out.closeJsonString();
    }
  }

  /** A number or boolean as it stands. Decimals come as strings, and so do NaN and infinities. */
  record Bare() implements JsonShape {
    @Override
    public void write(RowCursor value, TextSink out) {
      if (value.kind() == Kind.BOOLEAN) {
        out.put(value.isTrue() ? "true" : "false");
        return;
      }
      if ((value.kind() != Kind.NUMBER && value.kind() != Kind.TEXT) || value.length() == 0) {
        throw ValueEncoder.notOfItsType();
      }
      byte[] text = value.bytes();
      int from = value.offset();
      int to = from + value.length();
      if (text[to - 1] >= '0' && text[to - 1] <= '9') {
        out.putPlain(text, from, to);
      } else {
        out.putJsonString(text, from, to);
      }
    }
  }

  /** A text that is JSON already. */
  record Document() implements JsonShape {
    @Override
    public void write(RowCursor value, TextSink out) {
      if (value.kind() == Kind.TEXT) {
        out.putText(value);
      } else {
        copy(value, out);
      }
    }
  }

  /** An array. */
  record ListOf(JsonShape element) implements JsonShape {
    @Override
    public void write(RowCursor value, TextSink out) {
      RowCursor list = enter(value, Kind.ARRAY);
      char separator = '[';
      while (list.nextValue()) {
        out.put(separator);
        separator = ',';
        element.writeNullable(list, out);
      }
      out.put(separator == '[' ? "[]" : "]");
    }
  }

  /** An object; Presto gives the keys as texts. */
  record MapOf(JsonShape value) implements JsonShape {
    @Override
    public void write(RowCursor current, TextSink out) {
      RowCursor map = enter(current, Kind.OBJECT);
      char separator = '{';
      while (map.nextValue()) {
        out.put(separator);
        separator = ',';
        putName(map.name(), out);
        value.writeNullable(map, out);
      }
      out.put(separator == '{' ? "{}" : "}");
    }
  }

  /** An object of a row's fields, which Presto sends as an array. */
  record RowOf(List<String> names, List<JsonShape> fields) implements JsonShape {
    static RowOf of(PrestoType.Row row) {
      List<String> names = new ArrayList<>();
      for (PrestoType.Field field : row.fields()) {
        // As PostgreSQL names the columns of an anonymous record.
        names.add(field.name().isEmpty() ? "f" + (names.size() + 1) : field.name());
      }
      return new RowOf(
          names, row.fields().stream().map(field -> JsonShape.of(field.type())).toList());
    }

    @Override
    public void write(RowCursor value, TextSink out) {
      RowCursor row = enter(value, Kind.ARRAY);
      int field = 0;
      while (row.nextValue()) {
        if (field == fields.size()) {
          throw ValueEncoder.notOfItsType();
        }
        out.put(field == 0 ? '{' : ',');
        putName(names.get(field), out);
        fields.get(field).writeNullable(row, out);
        field++;
      }
      if (field < fields.size()) {
        throw ValueEncoder.notOfItsType();
      }
      out.put(field == 0 ? "{}" : "}");
    }
  }

  private static RowCursor enter(RowCursor value, Kind kind) {
    RowCursor container = value.kind() == Kind.TEXT ? value.nested() : value;
    if (container.kind() != kind) {
      throw ValueEncoder.notOfItsType();
    }
    container.enter();
    return container;
  }

  private static void putName(String name, TextSink out) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    out.putJsonString(text, 0, text.length);
    out.put(':');
  }

  /** Any JSON as it came. */
  static void copy(RowCursor value, TextSink out) {
    switch (value.kind()) {
      case NULL -> out.put("null");
      case BOOLEAN -> out.put(value.isTrue() ? "true" : "false");
      case TEXT -> {
        out.openJsonString();
        out.putText(value);
        out.closeJsonString();
      }
      case NUMBER -> out.copy(value.bytes(), value.offset(), value.offset() + value.length());
      case ARRAY, OBJECT -> {
        boolean object = value.kind() == Kind.OBJECT;
        out.put(object ? '{' : '[');
        value.enter();
        for (boolean first = true; value.nextValue(); first = false) {
          if (!first) {
            out.put(',');
          }
          if (object) {
            putName(value.name(), out);
          }
          copy(value, out);
        }
        out.put(object ? '}' : ']');
      }
    }
  }
}
