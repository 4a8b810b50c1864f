package io.prestogres.plugin;

import java.util.List;
import java.util.Optional;

/**
 * How a Query message, or an Execute message of a prepared statement, ended.
 *
 * @param query what the client sent, before any interceptor; its text is "" where that is not known
 * @param commandTags PostgreSQL's tags of the statements that succeeded, in their order, such as
 *     {@code SELECT 5}
 * @param failure the error that ended it; empty if all went well
 * @param rows the rows that the client was sent
 * @param bytes the bytes of the messages that the client was sent
 * @param nanos how long it took, in nanoseconds, interceptors included
 */
public record Response(
    Query query,
    List<String> commandTags,
    Optional<Failure> failure,
    long rows,
    long bytes,
    long nanos) {

  /** Copies the tags. */
  public Response {
    commandTags = List.copyOf(commandTags);
  }

  /**
   * An error as the client was told it.
   *
   * @param sqlState PostgreSQL's five signs
   * @param message the primary message, which may hold values of the statement; "" where the
   *     session's encoding made it unreadable
   */
  public record Failure(String sqlState, String message) {}
}
