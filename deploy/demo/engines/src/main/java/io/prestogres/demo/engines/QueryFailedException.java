package io.prestogres.demo.engines;

/** Presto refused or failed a query. */
public final class QueryFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String errorName;

  QueryFailedException(String errorName, String message) {
    super(errorName + ": " + message);
    this.errorName = errorName;
  }

  /** Presto's name of the error, such as SYNTAX_ERROR. */
  public String errorName() {
    return errorName;
  }
}
