package io.prestogres.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A type of Presto or Trino.
 *
 * @param name in lower case and without arguments; array, map and row have {@code children}
 * @param children the element, key and value, or the fields
 * @param names of a row's fields, "" for one without; in upper case from presto-jdbc
 */
public record ColumnType(String name, List<ColumnType> children, List<String> names) {
  private static final Set<String> WITH_BLANKS =
      Set.of(
          "time with time zone",
          "timestamp with time zone",
          "interval day to second",
          "interval year to month");

  private static final Set<String> TEXTS =
      Set.of(
          "boolean",
          "tinyint",
          "smallint",
          "integer",
          "bigint",
          "real",
          "double",
          "decimal",
          "varchar",
          "char",
          "json",
          "uuid",
          "ipaddress",
          "ipprefix",
          "date",
          "time",
          "timestamp",
          "time with time zone",
          "timestamp with time zone",
          "interval day to second",
          "interval year to month");

  /** Of which presto-jdbc makes objects of the right kind, besides those with a text. */
  private static final Set<String> OBJECTS =
      Set.of(
          "array",
          "map",
          "row",
          "varbinary",
          "unknown",
          "geometry",
          "sphericalgeography",
          "bingtile",
          "hyperloglog",
          "p4hyperloglog",
          "khyperloglog",
          "setdigest",
          "qdigest",
          "tdigest",
          "kllsketch");

  /** Whose values are no single text, number or word, or one that is not shown as it is. */
  private static final Set<String> UNLIKE_JSON = Set.of("array", "map", "row", "varbinary");

  /** Keeps its own lists. */
  public ColumnType {
    children = List.copyOf(children);
    names = List.copyOf(names);
  }

  /** A type without others inside. */
  public static ColumnType scalar(String name) {
    return new ColumnType(name, List.of(), List.of());
  }

  /** From a type's text, in upper case or lower. */
  public static ColumnType parse(String text) {
    String type = text.strip();
    int open = type.indexOf('(');
    String name = (open < 0 ? type : type.substring(0, open)).strip().toLowerCase(Locale.ROOT);
    if (open < 0 || !(name.equals("array") || name.equals("map") || name.equals("row"))) {
      return scalar(type, open);
    }
    List<ColumnType> children = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String part : split(type.substring(open + 1, type.lastIndexOf(')')))) {
      int start = name.equals("row") ? startOfType(part) : 0;
      names.add(name.equals("row") ? nameOf(part.substring(0, start).strip()) : "");
      children.add(parse(part.substring(start)));
    }
    return new ColumnType(name, children, names);
  }

  /** Whether what Presto sends of a value is its text, or a number or a word of JSON. */
  public boolean isText() {
    return TEXTS.contains(name);
  }

  /** Whether a value is shown as the text, number or word that stands for it in JSON. */
  boolean isAsInJson() {
    return !UNLIKE_JSON.contains(name);
  }

  /**
   * The type, of this and those inside of it, whose values presto-jdbc makes something else of: it
   * takes every text of a type that it does not know for base64.
   */
  public Optional<String> unknownToDriver() {
    if (!TEXTS.contains(name) && !OBJECTS.contains(name)) {
      return Optional.of(name);
    }
    return children.stream().flatMap(child -> child.unknownToDriver().stream()).findFirst();
  }

  boolean isNested() {
    return !children.isEmpty();
  }

  /** As in timestamp(3) with time zone, the arguments may stand in the middle. */
  private static ColumnType scalar(String type, int open) {
    String name = type;
    if (open >= 0) {
      name = type.substring(0, open) + type.substring(type.indexOf(')', open) + 1);
    }
    return scalar(name.strip().toLowerCase(Locale.ROOT));
  }

  private static String nameOf(String field) {
    return field.startsWith("\"")
        ? field.substring(1, field.length() - 1).replace("\"\"", "\"")
        : field;
  }

  /** Splits at the commas that stand in no parentheses and no quotes. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth == 0) {
          parts.add(text.substring(start, i).strip());
          start = i + 1;
        }
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  /** Where the type begins in {@code "field name" type} or in {@code type} alone. */
  private static int startOfType(String field) {
    if (field.startsWith("\"")) {
      int end = 1;
      while (field.charAt(end) != '"' || field.startsWith("\"\"", end)) {
        end += field.charAt(end) == '"' ? 2 : 1;
      }
      return end + 1;
    }
    int blank = field.indexOf(' ');
    int parenthesis = field.indexOf('(');
    boolean typeAlone =
        blank < 0
            || (parenthesis >= 0 && parenthesis < blank)
            || WITH_BLANKS.contains(field.toLowerCase(Locale.ROOT));
    return typeAlone ? 0 : blank + 1;
  }
}
