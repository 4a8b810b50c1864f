package io.prestogres.presto;

import io.prestogres.presto.PrestoType.Array;
import io.prestogres.presto.PrestoType.Field;
import io.prestogres.presto.PrestoType.MapOf;
import io.prestogres.presto.PrestoType.Row;
import io.prestogres.presto.PrestoType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a type as Presto and Trino write it, in upper or lower case. */
final class TypeParser {
  /** Types of several words; in a row they must not be taken for a field's name and its type. */
  private static final Pattern SEVERAL_WORDS =
      Pattern.compile(
          "(time|timestamp)\\s*(?:\\(([^()]*)\\))?\\s+(with|without)\\s+time\\s+zone"
              + "|interval\\s+(?:day\\s+to\\s+second|year\\s+to\\s+month)|double\\s+precision",
          Pattern.CASE_INSENSITIVE);

  /** Deeper than any table is, and far from the end of the stack. */
  private static final int MAX_DEPTH = 200;

  private final String text;
  private final int depth;

  TypeParser(String text) {
    this(text, 0);
  }

  private TypeParser(String text, int depth) {
    this.text = text.strip();
    this.depth = depth;
  }

  PrestoType parse() {
    Matcher words = SEVERAL_WORDS.matcher(text);
    if (words.matches()) {
      return severalWords(words);
    }
    int open = text.indexOf('(');
    if (open <= 0 || !text.endsWith(")") || depth > MAX_DEPTH) {
      return new Scalar(lower(text), "");
    }
    String name = lower(text.substring(0, open).strip());
    String inner = text.substring(open + 1, text.length() - 1).strip();
    List<String> parts = split(inner);
    return switch (name) {
      case "array" -> parts.size() == 1 ? new Array(inner(inner)) : unknown();
      case "map" ->
          parts.size() == 2 ? new MapOf(inner(parts.get(0)), inner(parts.get(1))) : unknown();
      case "row" -> new Row(parts.stream().map(this::field).toList());
      default -> new Scalar(name, inner);
    };
  }

  private static PrestoType severalWords(Matcher words) {
    String kind = words.group(1);
    if (kind == null) {
      String name = lower(words.group().replaceAll("\\s+", " "));
      return new Scalar(name.equals("double precision") ? "double" : name, "");
    }
    String arguments = words.group(2) == null ? "" : words.group(2).strip();
    boolean zoned = words.group(3).equalsIgnoreCase("with");
    return new Scalar(zoned ? lower(kind) + " with time zone" : lower(kind), arguments);
  }

  private PrestoType inner(String part) {
    return new TypeParser(part, depth + 1).parse();
  }

  private Scalar unknown() {
    return new Scalar(lower(text), "");
  }

  private Field field(String part) {
    if (part.startsWith("\"")) {
      int end = endOfQuoted(part, 0);
      String name = part.substring(1, Math.max(1, end - 1)).replace("\"\"", "\"");
      return new Field(name, inner(part.substring(end)));
    }
    int space = SEVERAL_WORDS.matcher(part).matches() ? -1 : firstSpaceOutside(part);
    return space < 0
        ? new Field("", inner(part))
        : new Field(part.substring(0, space), inner(part.substring(space)));
  }

  private static int firstSpaceOutside(String part) {
    int space = part.indexOf(' ');
    int open = part.indexOf('(');
    return open >= 0 && open < space ? -1 : space;
  }

  /** The parts between the commas that stand outside of parentheses and quotes. */
  private static List<String> split(String inner) {
    List<String> parts = new ArrayList<>();
    int level = 0;
    int start = 0;
    for (int i = 0; i < inner.length(); i++) {
      switch (inner.charAt(i)) {
        case '(' -> level++;
        case ')' -> level--;
        case '"' -> i = endOfQuoted(inner, i) - 1;
        case ',' -> {
          if (level == 0) {
            parts.add(inner.substring(start, i).strip());
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(inner.substring(start).strip());
    return parts;
  }

  /** The index after the quote that closes the one at {@code start}. */
  private static int endOfQuoted(String part, int start) {
    int i = start + 1;
    while (i < part.length()) {
      if (part.charAt(i) == '"') {
        if (i + 1 >= part.length() || part.charAt(i + 1) != '"') {
          return i + 1;
        }
        i++;
      }
      i++;
    }
    return part.length();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
