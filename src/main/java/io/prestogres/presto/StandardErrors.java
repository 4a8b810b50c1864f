package io.prestogres.presto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * PostgreSQL's code for each of Presto's and Trino's {@code StandardErrorCode}s, by name, as
 * standard-errors.txt has them.
 *
 * <p>The name alone decides, with one exception: Presto 0.296 calls unknown tables, schemas and
 * columns {@code SYNTAX_ERROR}, where Trino has names for them. Drivers tell a missing table from a
 * misspelt statement, so for that one name the text is looked at.
 */
public final class StandardErrors {
  private static final Pattern UNKNOWN_TABLE =
      Pattern.compile(
          "(?s)(?:line \\d+:\\d+: )?(?:Table|View|Materialized view) .* does not exist");
  private static final Pattern UNKNOWN_SCHEMA =
      Pattern.compile("(?s)(?:line \\d+:\\d+: )?Schema .* (?:does not exist|must be specified.*)");
  private static final Pattern UNKNOWN_CATALOG =
      Pattern.compile("(?s)(?:line \\d+:\\d+: )?Catalog .* does not exist");
  private static final Pattern UNKNOWN_COLUMN =
      Pattern.compile("(?s)(?:line \\d+:\\d+: )?Column '.*' cannot be resolved");
  private static final Pattern UNKNOWN_FUNCTION =
      Pattern.compile("(?s)(?:line \\d+:\\d+: )?Function .* not registered");

  private static final Map<String, String> SQL_STATES = table();

  private StandardErrors() {}

  /**
   * The SQLSTATE of an error.
   *
   * @param name Presto's {@code errorName}
   * @param type Presto's {@code errorType}, which decides for names that connectors bring
   * @param message Presto's text
   */
  public static String sqlState(String name, String type, String message) {
    if (name.equals("SYNTAX_ERROR")) {
      return syntaxError(message);
    }
    String known = SQL_STATES.get(name);
    if (known != null) {
      return known;
    }
    return SQL_STATES.getOrDefault(type, "XX000");
  }

  private static String syntaxError(String message) {
    if (UNKNOWN_TABLE.matcher(message).matches()) {
      return "42P01";
    }
    if (UNKNOWN_COLUMN.matcher(message).matches()) {
      return "42703";
    }
    if (UNKNOWN_SCHEMA.matcher(message).matches()) {
      return "3F000";
    }
    if (UNKNOWN_CATALOG.matcher(message).matches()) {
      return "3D000";
    }
    return UNKNOWN_FUNCTION.matcher(message).matches() ? "42883" : "42601";
  }

  private static Map<String, String> table() {
    Map<String, String> table = new HashMap<>();
    for (String row : rows()) {
      String[] words = row.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        if (table.put(words[i], words[0]) != null) {
          throw new IllegalStateException(words[i] + " stands twice");
        }
      }
    }
    return Map.copyOf(table);
  }

  private static List<String> rows() {
    try (InputStream file = StandardErrors.class.getResourceAsStream("standard-errors.txt")) {
      if (file == null) {
        throw new IllegalStateException("standard-errors.txt is missing");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(row -> !row.isEmpty() && !row.startsWith("#")).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
