package io.prestogres.it;

import io.prestogres.sql.Shell;
import io.prestogres.sql.ShellColumn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of rows.txt in a table on Presto and in one of PostgreSQL's own. */
final class SampleTables {
  static final String SHELL = "\"default\".samples";
  static final String LOCAL = "public.local_samples";
  static final String NULL = "∅";

  /** Columns: name, type in PostgreSQL, type in Presto. */
  private static final List<List<String>> COLUMNS =
      List.of(
          List.of("id", "integer", "integer"),
          List.of("l", "bigint", "bigint"),
          List.of("i", "integer", "integer"),
          List.of("j", "integer", "integer"),
          List.of("si", "smallint", "smallint"),
          List.of("d", "double precision", "double"),
          List.of("r", "real", "real"),
          List.of("n", "numeric(12,2)", "decimal(12,2)"),
          List.of("t", "text", "varchar"),
          List.of("u", "text", "varchar"),
          List.of("v", "varchar(10)", "varchar(10)"),
          List.of("c", "char(5)", "char(5)"),
          List.of("da", "date", "date"),
          List.of("ts", "timestamp", "timestamp"),
          List.of("x", "bytea", "varbinary"),
          List.of("b", "boolean", "boolean"));

  private SampleTables() {}

  /** Names and types as a translator knows them. */
  static Shell shell() {
    return new Shell(
        "memory",
        "default",
        "samples",
        "default",
        "samples",
        COLUMNS.stream()
            .map(c -> new ShellColumn(c.get(0), c.get(2), postgresType(c.get(1))))
            .toList());
  }

  private static String postgresType(String alias) {
    return switch (alias) {
      case "varchar(10)" -> "character varying(10)";
      case "char(5)" -> "character(5)";
      case "timestamp" -> "timestamp without time zone";
      default -> alias;
    };
  }

  /** Makes the tables, once for all tests of a run. */
  static void create(Stack stack) throws IOException, SQLException {
    try (Connection connection = stack.direct("presto", "memory")) {
      String made = "select to_regclass('" + LOCAL + "') is not null";
      if (Stack.rows(connection, made).equals(List.of("t"))) {
        return;
      }
    }
    List<String> local = new ArrayList<>();
    List<String> presto = new ArrayList<>();
    for (String line : lines("rows.txt")) {
      String[] values = ((local.size() + 1) + "|" + line).split("\\|", -1);
      local.add(
          IntStream.range(0, values.length)
              .mapToObj(i -> postgresql(values[i], COLUMNS.get(i).get(1)))
              .collect(Collectors.joining(", ", "(", ")")));
      presto.add(
          IntStream.range(0, values.length)
              .mapToObj(i -> presto(values[i], COLUMNS.get(i).get(2)))
              .collect(Collectors.joining(", ", "(", ")")));
    }
    stack
        .presto()
        .execute(
            "create table memory.default.samples as select * from (values "
                + String.join(", ", presto)
                + ") as t ("
                + COLUMNS.stream().map(c -> c.get(0)).collect(Collectors.joining(", "))
                + ")");
    stack.awaitShell("memory", SHELL);
    try (Connection connection = stack.direct("presto", "memory")) {
      Stack.run(
          connection,
          "create table "
              + LOCAL
              + COLUMNS.stream()
                  .map(c -> c.get(0) + " " + c.get(1))
                  .collect(Collectors.joining(", ", " (", ")")),
          "insert into " + LOCAL + " values " + String.join(", ", local));
    }
  }

  private static String postgresql(String value, String type) {
    String text = type.equals("bytea") ? "\\x" + value : value;
    return "cast(" + (value.equals(NULL) ? "null" : literal(text)) + " as " + type + ")";
  }

  private static String presto(String value, String type) {
    if (type.equals("varbinary") && !value.equals(NULL)) {
      return "from_hex(" + literal(value) + ")";
    }
    return "cast(" + (value.equals(NULL) ? "null" : literal(value)) + " as " + type + ")";
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static List<String> lines(String file) throws IOException {
    try (InputStream stream = SampleTables.class.getResourceAsStream("/it/" + file)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
