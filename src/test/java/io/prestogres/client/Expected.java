package io.prestogres.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The lines of clients/expected.txt.
 *
 * @param required what every client sees
 * @param optional what some clients cannot see, by their nature
 */
record Expected(List<String> required, List<String> optional) {
  private static final String OPTIONAL = "? ";

  Expected {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
  }

  static Expected read() throws IOException {
    try (InputStream stream = Expected.class.getResourceAsStream("/clients/expected.txt")) {
      String text =
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
      List<String> lines = text.lines().filter(line -> !line.startsWith("#")).toList();
      return new Expected(
          lines.stream().filter(line -> !line.startsWith(OPTIONAL)).toList(),
          lines.stream()
              .filter(line -> line.startsWith(OPTIONAL))
              .map(line -> line.substring(OPTIONAL.length()))
              .toList());
    }
  }

  /** The same for a client that learns nothing of the end of what it has cancelled. */
  Expected withoutStateOfCancel() {
    return new Expected(
        required.stream()
            .map(line -> line.equals("cancel 57014") ? "cancel given-up" : line)
            .toList(),
        optional);
  }

  /** The same for a client that lists no tables. */
  Expected withoutTables() {
    return new Expected(
        required.stream()
            .map(line -> line.startsWith("browse tables ") ? "browse tables" : line)
            .toList(),
        optional);
  }

  /** Holds what a client saw against the lines of these parts. */
  void assertSeen(List<Part> parts, List<String> seen) {
    assertThat(seen).containsAll(of(parts, required));
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(seen.stream().filter(line -> !required.contains(line)))
        .isSubsetOf(of(parts, optional));
  }

  private static List<String> of(List<Part> parts, List<String> lines) {
    return lines.stream()
        .filter(line -> parts.stream().anyMatch(part -> line.startsWith(part.word() + " ")))
        .toList();
  }
}
