package io.prestogres.functions;

import com.facebook.presto.jdbc.internal.jackson.databind.JsonMappingException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Gives presto-jdbc's exceptions, which have none, PostgreSQL's SQLSTATE. The driver keeps only the
 * number of Presto's error code.
 */
final class PrestoFailures {
  private static final Pattern PREFIX = Pattern.compile("^Query failed \\(#(?<id>[^)]*)\\): ");

  /** Presto repeats the place in its text, which the client did not write. */
  private static final Pattern LOCATION = Pattern.compile("^line \\d{1,9}:\\d{1,9}: ");

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

  /** What presto-jdbc makes of HTTP 401, and how it begins to tell of a 403. */
  private static final String UNAUTHENTICATED = "Authentication failed";

  private static final String FORBIDDEN = "JsonResponse{statusCode=403";

  /** SYNTAX_ERROR, which in Presto is also the code of unknown names. */
  private static final int SYNTAX_ERROR = 1;

  private static final Map<Integer, String> SQL_STATES = table();

  private PrestoFailures() {}

  /** What PostgreSQL is to tell; {@code authority} is the coordinator's host and port. */
  static Failure translate(SQLException failure, String authority) {
    String full = failure.getMessage() == null ? "" : failure.getMessage();
    if (failure.getSQLState() != null) {
      return Failure.of(failure.getSQLState(), full);
    }
    Matcher prefix = PREFIX.matcher(full);
    if (!prefix.find()) {
      return withoutPresto(failure, full, authority);
    }
    String message = full.substring(prefix.end());
    String cleaned = LOCATION.matcher(message).replaceFirst("").strip();
    return new Failure(
        sqlState(failure.getErrorCode(), message),
        cleaned.isEmpty() ? "Presto reported a failure without a text" : cleaned,
        "Presto query id: " + prefix.group("id"));
  }

  /** Failures of the way to Presto. */
  private static Failure withoutPresto(SQLException failure, String message, String authority) {
    if (message.startsWith(UNAUTHENTICATED)) {
      return Failure.of("28000", "Presto refused the user's credentials");
    }
    if (isUnreadable(failure)) {
      return Failure.of("0A000", "presto-jdbc cannot read values of a type that Presto sent");
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(FORBIDDEN)) {
        return Failure.of("42501", "Presto refused the user access");
      }
      if (cause instanceof SSLException) {
        return Failure.of(
            "08001", "Presto at " + authority + " cannot be reached: TLS cannot be agreed upon");
      }
      if (cause instanceof UnknownHostException) {
        return Failure.of("08001", "Presto at " + authority + " cannot be reached: no such host");
      }
      if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
        return Failure.of("08001", "Presto at " + authority + " cannot be reached");
      }
      if (cause instanceof InterruptedIOException) {
        return Failure.of("08006", "Presto at " + authority + " did not answer in time");
      }
      if (cause instanceof IOException) {
        return Failure.of("08006", "the connection to Presto at " + authority + " was lost");
      }
    }
    return Failure.of("08006", "Presto at " + authority + " failed: " + message);
  }

  /** What is no base64, although the driver thinks that it has to be, fails within its parser. */
  private static boolean isUnreadable(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonMappingException
          && cause.getCause() instanceof IllegalArgumentException) {
        return true;
      }
    }
    return false;
  }

  private static String sqlState(int code, String message) {
    if (code == SYNTAX_ERROR) {
      return syntaxError(message);
    }
    String known = SQL_STATES.get(code);
    if (known != null) {
      return known;
    }
    // The upper half is the error's type: user, internal, resources, and external above all.
    return switch (code >> 16) {
      case 0 -> "38000";
      case 1 -> "XX000";
      case 2 -> "53000";
      default -> "58000";
    };
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

  /** Codes of Presto 0.296's StandardErrorCode. */
  private static Map<Integer, String> table() {
    String[] rows = {
      "0A000 13 26 27 36 65566 65577",
      "21000 28",
      "22003 19",
      "22012 8",
      "22018 9",
      "22023 7 14 18 30 33 39 41 42 45",
      "23000 16",
      "25000 20 24 25",
      "25006 23",
      "25P01 21",
      "25P02 22",
      "28000 65554 131096",
      "2BP01 34",
      "38000 65546 65549 65551 65552",
      "3D000 55",
      "40001 17",
      "42501 4 131093",
      "42601 0 1 44 49",
      "42703 50",
      "42704 51",
      "42710 12",
      "42723 131094",
      "42725 32",
      "42804 54",
      "42883 6 10 29",
      "42P01 5 48",
      "42P14 65550",
      "42P16 11 47 56",
      "42P17 52 53",
      "42P20 15",
      "53000 65541 131088 131091 131092",
      "53100 65557 65571 131078",
      "53200 37 131073 131076 131079 131083 131084 131089 131095",
      "53300 31 65580 131074",
      "54000 65538 65565 65578 131082 131085",
      "54001 35 40 43 46 65543",
      "57014 2 3 65556 65564 65575 131075",
      "57P01 38 65545 131080",
      "57P03 65548",
      "58000 65537 65539 65540 65542 65544 65547 65553 65558 65563 65567 65569 65576 131086 131087",
      "58030 65555 65568",
      "F0000 65559 65560 65561",
    };
    Map<Integer, String> table = new HashMap<>();
    for (String row : rows) {
      String[] words = row.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        table.put(Integer.valueOf(words[i]), words[0]);
      }
    }
    return Map.copyOf(table);
  }
}
