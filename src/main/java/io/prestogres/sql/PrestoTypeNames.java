package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Presto's names of the types that a client names in PostgreSQL's words, or in Presto's own. */
final class PrestoTypeNames {

  /** Presto's own, which have no other meaning in PostgreSQL. */
  private static final Set<String> OWN =
      Set.of(
          """
          tinyint varbinary ipaddress ipprefix hyperloglog p4hyperloglog khyperloglog setdigest \
          tdigest qdigest geometry sphericalgeography bingtile color\
          """
              .split(" "));

  private final Tokens tokens;

  private PrestoTypeNames(Tokens tokens) {
    this.tokens = tokens;
  }

  /** The type in the tokens [from, to). */
  static String of(Tokens tokens, int from, int to) throws Untranslatable {
    return new PrestoTypeNames(tokens).type(from, to);
  }

  /** The type that format_type prints so. */
  static String of(String postgresType) throws Untranslatable {
    Tokens tokens = Tokens.of(postgresType);
    return of(tokens, 0, tokens.size());
  }

  private String type(int from, int to) throws Untranslatable {
    if (from >= to) {
      throw new Untranslatable("a column has no type");
    }
    if (tokens.words(from, "pg_catalog") && tokens.punctuation(from + 1, '.')) {
      return type(from + 2, to);
    }
    if (tokens.punctuation(to - 1, ']')) {
      int open = to - 1;
      while (open > from && !tokens.punctuation(open, '[')) {
        open--;
      }
      return "array(" + type(from, open) + ")";
    }
    if (tokens.punctuation(from + 1, '(') && tokens.afterBracket(from + 1, to) == to) {
      switch (tokens.lowerWord(from)) {
        case "array" -> {
          return "array(" + type(from + 2, to - 1) + ")";
        }
        case "map" -> {
          return "map(" + String.join(", ", types(from + 2, to - 1)) + ")";
        }
        case "row" -> {
          return raw(from, to);
        }
        default -> {}
      }
    }
    return simple(from, to);
  }

  private List<String> types(int from, int to) throws Untranslatable {
    List<String> types = new ArrayList<>();
    for (WriteStatement.Range range : Lists.split(tokens, from, to)) {
      types.add(type(range.from(), range.to()));
    }
    return types;
  }

  private String raw(int from, int to) {
    return tokens.text().substring(tokens.get(from).start(), tokens.get(to - 1).end());
  }

  private String simple(int from, int to) throws Untranslatable {
    List<String> words = new ArrayList<>();
    String arguments = "";
    int i = from;
    while (i < to) {
      String word = tokens.lowerWord(i);
      if (!word.isEmpty()) {
        words.add(word);
        i++;
      } else if (tokens.punctuation(i, '(') && arguments.isEmpty()) {
        int end = tokens.afterBracket(i, to);
        arguments = end - i > 2 ? raw(i + 1, end - 1) : "";
        i = end;
      } else {
        throw unknown(raw(from, to));
      }
    }
    return named(String.join(" ", words), arguments);
  }

  private static Untranslatable unknown(String type) {
    return new Untranslatable("Presto has no type like " + type);
  }

  private static String named(String name, String arguments) throws Untranslatable {
    String type =
        switch (name) {
          case "boolean", "bool" -> "boolean";
          case "smallint", "int2" -> "smallint";
          case "integer", "int", "int4" -> "integer";
          case "bigint", "int8" -> "bigint";
          case "real", "float4" -> "real";
          case "double precision", "float8", "double" -> "double";
          case "date", "uuid" -> name;
          case "bytea" -> "varbinary";
          case "json", "jsonb" -> "json";
          case "inet" -> "ipaddress";
          default -> "";
        };
    if (!type.isEmpty()) {
      if (!arguments.isEmpty()) {
        throw unknown(name + "(" + arguments + ")");
      }
      return type;
    }
    return parametric(name, arguments);
  }

  private static String parametric(String name, String arguments) throws Untranslatable {
    return switch (name) {
      case "text", "varchar", "character varying", "char varying" ->
          "varchar" + bracketed(arguments);
      case "character", "char", "bpchar" -> {
        if (name.equals("bpchar") && arguments.isEmpty()) {
          throw unknown("bpchar without a length");
        }
        yield "char(" + (arguments.isEmpty() ? "1" : arguments) + ")";
      }
      case "numeric", "decimal", "dec" -> decimal(name, arguments);
      case "float" -> floating(arguments);
      case "timestamp", "timestamp without time zone" -> "timestamp" + fraction(arguments);
      case "timestamptz", "timestamp with time zone" ->
          "timestamp" + fraction(arguments) + " with time zone";
      case "time", "time without time zone" -> "time" + fraction(arguments);
      case "timetz", "time with time zone" -> "time" + fraction(arguments) + " with time zone";
      default -> {
        if (!OWN.contains(name)) {
          throw unknown(name);
        }
        yield name + bracketed(arguments);
      }
    };
  }

  private static String bracketed(String arguments) {
    return arguments.isEmpty() ? "" : "(" + arguments + ")";
  }

  /** Without a precision Presto would take decimal(38,0) and round what PostgreSQL would not. */
  private static String decimal(String name, String arguments) throws Untranslatable {
    if (arguments.isEmpty()) {
      throw new Untranslatable(
          name.toUpperCase(Locale.ROOT) + " needs a precision and a scale on Presto");
    }
    return "decimal(" + arguments + ")";
  }

  private static String floating(String arguments) throws Untranslatable {
    if (arguments.isEmpty()) {
      return "double";
    }
    if (!arguments.matches("[0-9]{1,2}")) {
      throw unknown("float(" + arguments + ")");
    }
    // PostgreSQL's bound between its two types.
    return Integer.parseInt(arguments) <= 24 ? "real" : "double";
  }

  /** Presto's times have milliseconds without saying so; Trino knows the other precisions. */
  private static String fraction(String arguments) {
    return arguments.equals("3") ? "" : bracketed(arguments);
  }
}
