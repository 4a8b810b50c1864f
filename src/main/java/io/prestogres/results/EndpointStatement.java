package io.prestogres.results;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The closed language of the results endpoint: what postgres_fdw sends for a foreign table that is
 * only read, and nothing else (it is the only client there is).
 */
sealed interface EndpointStatement {
  /** One of the settings postgres_fdw makes on every connection; it has no meaning here. */
  record Setting() implements EndpointStatement {}

  /** Begins a transaction. */
  record Begin() implements EndpointStatement {}

  /**
   * Ends a transaction and with it every cursor.
   *
   * @param tag COMMIT or ROLLBACK
   */
  record End(String tag) implements EndpointStatement {}

  /**
   * Sub-transactions.
   *
   * @param tags one for each command of the message
   * @param level the nesting level of the sub-transaction, 2 for the first: postgres_fdw names its
   *     savepoints by it
   */
  record Savepoint(java.util.List<String> tags, int level) implements EndpointStatement {
    boolean rollsBack() {
      return tags.size() == 2;
    }

    boolean releases() {
      return tags.get(0).equals("RELEASE");
    }
  }

  /** Opens a cursor over a query. */
  record Declare(String cursor, String query) implements EndpointStatement {}

  /** Reads on. */
  record Fetch(String cursor, int count) implements EndpointStatement {}

  /** Closes a cursor. */
  record Close(String cursor) implements EndpointStatement {}

  /**
   * How large a table is, asked by ANALYZE: none, so that no table of Presto is ever read whole for
   * the sake of statistics.
   */
  record RelationSize() implements EndpointStatement {}

  /** What else ANALYZE asks of a table from PostgreSQL 16 on. */
  record RelationInfo() implements EndpointStatement {}

  /** Something else. */
  record Unknown() implements EndpointStatement {}

  Pattern SETTING =
      Pattern.compile(
          "SET (search_path|timezone|datestyle|intervalstyle|extra_float_digits)\\b.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  Pattern BEGIN = Pattern.compile("START TRANSACTION ISOLATION LEVEL [A-Z ]+");
  Pattern SAVEPOINT = Pattern.compile("(SAVEPOINT|RELEASE SAVEPOINT) s(\\d{1,9})");
  Pattern ROLLBACK_TO =
      Pattern.compile("ROLLBACK TO SAVEPOINT s(\\d{1,9}); RELEASE SAVEPOINT s\\1");
  Pattern DECLARE = Pattern.compile("DECLARE (c\\d+) CURSOR FOR\\s+(.*)", Pattern.DOTALL);
  Pattern FETCH = Pattern.compile("FETCH (\\d{1,9}) FROM (c\\d+)");
  Pattern CLOSE = Pattern.compile("CLOSE (c\\d+)");
  Pattern RELATION_SIZE =
      Pattern.compile(
          "SELECT \"?pg_catalog\"?\\.\"?pg_relation_size\"?\\(.*\\) / \\d+", Pattern.DOTALL);
  Pattern RELATION_INFO =
      Pattern.compile(
          "SELECT reltuples, relkind FROM pg_catalog\\.pg_class WHERE .*", Pattern.DOTALL);

  static EndpointStatement read(String text) {
    Matcher matcher = FETCH.matcher(text);
    if (matcher.matches()) {
      return new Fetch(matcher.group(2), Integer.parseInt(matcher.group(1)));
    }
    matcher = DECLARE.matcher(text);
    if (matcher.matches()) {
      return new Declare(matcher.group(1), matcher.group(2));
    }
    matcher = CLOSE.matcher(text);
    if (matcher.matches()) {
      return new Close(matcher.group(1));
    }
    matcher = SAVEPOINT.matcher(text);
    if (matcher.matches()) {
      return new Savepoint(
          java.util.List.of(matcher.group(1).startsWith("R") ? "RELEASE" : "SAVEPOINT"),
          Integer.parseInt(matcher.group(2)));
    }
    return switch (text) {
      case "COMMIT TRANSACTION" -> new End("COMMIT");
      case "ABORT TRANSACTION", "ROLLBACK TRANSACTION" -> new End("ROLLBACK");
      case "DEALLOCATE ALL" -> new Setting();
      default -> other(text);
    };
  }

  private static EndpointStatement other(String text) {
    if (BEGIN.matcher(text).matches()) {
      return new Begin();
    }
    if (SETTING.matcher(text).matches()) {
      return new Setting();
    }
    Matcher rollback = ROLLBACK_TO.matcher(text);
    if (rollback.matches()) {
      return new Savepoint(
          java.util.List.of("ROLLBACK", "RELEASE"), Integer.parseInt(rollback.group(1)));
    }
    if (RELATION_INFO.matcher(text).matches()) {
      return new RelationInfo();
    }
    return RELATION_SIZE.matcher(text).matches() ? new RelationSize() : new Unknown();
  }
}
