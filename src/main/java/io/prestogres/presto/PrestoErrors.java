package io.prestogres.presto;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes exceptions of the errors that Presto reports. */
final class PrestoErrors {
  /** Presto repeats the location in the text, where it is of no use beside the location itself. */
  private static final Pattern LOCATION = Pattern.compile("^line (\\d{1,9}):(\\d{1,9}): ");

  private PrestoErrors() {}

  static PrestoException of(
      String name,
      String type,
      String message,
      String queryId,
      PrestoException.@Nullable Location location,
      boolean retriable) {
    String sqlState = StandardErrors.sqlState(name, type, message);
    Matcher matcher = LOCATION.matcher(message);
    String cleaned = message;
    PrestoException.Location where = location;
    if (matcher.find()) {
      cleaned = message.substring(matcher.end());
      if (where == null) {
        where =
            new PrestoException.Location(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      }
    }
    if (cleaned.isBlank()) {
      cleaned = name.isEmpty() ? "Presto reported a failure without a text" : name;
    }
    return new PrestoException(sqlState, name, cleaned.strip(), queryId, where, retriable);
  }
}
