package io.prestogres.sql;

/**
 * Says that a query holds something for which no rule proves that Presto's answer is PostgreSQL's.
 * Expected and cheap: PostgreSQL then evaluates the query over scans of the shells.
 */
public final class Untranslatable extends Exception {

  private static final long serialVersionUID = 1L;

  /** With a short reason, fit for EXPLAIN: "function age is evaluated by PostgreSQL". */
  public Untranslatable(String reason) {
    super(reason, null, false, false);
  }

  /** The short reason. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
