package io.prestogres.presto;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query, or the way to Presto, failed as such things do. Has no stack trace: it tells about the
 * query or the network, not about a place in this program.
 */
public final class PrestoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String sqlState;
  private final String errorName;
  private final String queryId;
  private final transient @Nullable Location location;
  private final boolean retriable;

  /** A place in the text of the statement; lines and columns count from 1. */
  public record Location(int line, int column) {}

  /** A failure that Presto did not name itself. */
  public PrestoException(String sqlState, String message) {
    this(sqlState, "", message, "", null, false);
  }

  PrestoException(
      String sqlState,
      String errorName,
      String message,
      String queryId,
      @Nullable Location location,
      boolean retriable) {
    super(message, null, false, false);
    this.sqlState = sqlState;
    this.errorName = errorName;
    this.queryId = queryId;
    this.location = location;
    this.retriable = retriable;
  }

  /** The five signs of PostgreSQL's code for it. */
  public String sqlState() {
    return sqlState;
  }

  /** Presto's own name, such as {@code DIVISION_BY_ZERO}; "" when the failure is not Presto's. */
  public String errorName() {
    return errorName;
  }

  /** What happened, in one sentence for the user. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }

  /** The query's id, if Presto had given it one. */
  public Optional<String> queryId() {
    return queryId.isEmpty() ? Optional.empty() : Optional.of(queryId);
  }

  /** Where in the statement, if Presto says so. */
  public Optional<Location> location() {
    return Optional.ofNullable(location);
  }

  /** Whether the same statement may succeed when sent again. */
  public boolean retriable() {
    return retriable;
  }

  PrestoException ofQuery(String id) {
    return queryId.isEmpty() && !id.isEmpty()
        ? new PrestoException(sqlState, errorName, getMessage(), id, location, retriable)
        : this;
  }

  static PrestoException cancelled(String queryId) {
    return new PrestoException(
        "57014", "USER_CANCELED", "canceling statement due to user request", queryId, null, false);
  }

  static PrestoException malformed(String problem) {
    return new PrestoException("58030", "Presto's answer cannot be read: " + problem);
  }
}
