package io.prestogres.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A file of cases: blocks between blank lines. A block is a statement, one or more lines, and what
 * is expected of it, each line with one of the marks in front. Lines that begin with # are
 * comments.
 */
record Table(List<Case> cases) {

  private static final Pattern BLANK_LINE = Pattern.compile("\n\\s*\n");

  record Case(String statement, List<String> expected) {

    @Override
    public String toString() {
      return statement;
    }
  }

  static Table read(String name, String... marks) throws IOException {
    try (InputStream stream = Table.class.getResourceAsStream("/sql/" + name)) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      List<Case> cases = new ArrayList<>();
      for (String block : BLANK_LINE.splitAsStream(text).toList()) {
        List<String> statement = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String line : block.lines().toList()) {
          boolean mark = List.of(marks).stream().anyMatch(line::startsWith);
          if (!line.startsWith("#") && !line.isBlank()) {
            (mark ? expected : statement).add(line);
          }
        }
        if (!statement.isEmpty()) {
          cases.add(new Case(String.join("\n", statement), expected));
        }
      }
      return new Table(cases);
    }
  }
}
