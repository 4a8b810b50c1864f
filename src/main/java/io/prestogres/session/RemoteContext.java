package io.prestogres.session;

import io.prestogres.protocol.ErrorFields;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes from an error's context what tells of our own plumbing: the cursor that postgres_fdw runs
 * on the results endpoint and the table function around it.
 */
final class RemoteContext {
  private static final Pattern REMOTE_COMMAND =
      Pattern.compile("remote SQL command: (DECLARE \\w+ CURSOR FOR\n)?.*(\n|$)");

  private static final String FUNCTION = "SQL function \"fetch_presto_query_results\"";

  private static final String RAISE = "PL/pgSQL function prestogres.raise_presto_failure(text[])";

  private RemoteContext() {}

  /** The error without those lines, or nothing if it has none. */
  static Optional<ErrorFields> strip(ErrorFields error) {
    Optional<String> context = error.field(ErrorFields.WHERE);
    if (context.isEmpty()
        || !(context.get().contains("remote SQL command: ") || context.get().contains(FUNCTION))) {
      return Optional.empty();
    }
    String rest =
        REMOTE_COMMAND
            .matcher(context.get())
            .replaceAll("")
            .lines()
            .filter(line -> !line.contains(FUNCTION) && !line.contains(RAISE))
            .collect(Collectors.joining("\n"));
    return Optional.of(error.with(ErrorFields.WHERE, rest));
  }
}
