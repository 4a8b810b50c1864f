package io.prestogres.plugin;

/** What becomes of a statement. */
public sealed interface QueryDecision {

  /** Let it go on as it is. */
  static QueryDecision pass() {
    return new Pass();
  }

  /**
   * Have another text run in its place.
   *
   * @param text the whole text; of a prepared statement with the same parameters as the client's
   * @throws IllegalArgumentException if the text has a zero byte
   */
  static QueryDecision replace(String text) {
    return new Replace(text);
  }

  /**
   * Tell the client an error; the session goes on, a transaction it is in has failed.
   *
   * @param sqlState five digits or capital letters, such as 42501, insufficient privilege
   * @param message what the client is told; not blank
   * @throws IllegalArgumentException if PostgreSQL's protocol has no such error
   */
  static QueryDecision refuse(String sqlState, String message) {
    return new Refuse(new Refusal(sqlState, message));
  }

  /** Made by {@link #pass}. */
  record Pass() implements QueryDecision {}

  /** Made by {@link #replace}. */
  record Replace(String text) implements QueryDecision {

    /** Refuses a zero byte, which ends a text in PostgreSQL's protocol. */
    public Replace {
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("the text has a zero byte");
      }
    }
  }

  /** Made by {@link #refuse}. */
  record Refuse(Refusal refusal) implements QueryDecision {}
}
