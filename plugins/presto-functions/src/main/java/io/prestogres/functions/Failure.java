package io.prestogres.functions;

/**
 * Why a query failed, in the words of PostgreSQL's errors.
 *
 * @param sqlState five signs
 * @param message one sentence
 * @param detail "" if there is none
 */
record Failure(String sqlState, String message, String detail) {
  /** The first of the signs by which a failure is told to PostgreSQL. */
  static final String MARK = "!";

  static Failure of(String sqlState, String message) {
    return new Failure(sqlState, message, "");
  }

  /** With the query's id for Presto's console, if it has none. */
  Failure ofQuery(String id) {
    return detail.isEmpty() && !id.isEmpty()
        ? new Failure(sqlState, message, "Presto query id: " + id)
        : this;
  }

  /** For PostgreSQL to raise. PL/Java itself would put a class's name before the message. */
  String[] toArray() {
    // Java would have U+0000 end the text, and PostgreSQL an error of its own.
    return new String[] {MARK, sqlState, message.replace('\0', ' '), detail.replace('\0', ' ')};
  }
}
