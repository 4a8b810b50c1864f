package io.prestogres.session;

import io.prestogres.catalog.Foundation;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SqlState;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Hears from errors that PostgreSQL cannot come to a results endpoint, because another proxy that
 * mirrors into the same database is gone, and has that repaired before the client sends its next
 * statement. Belongs to the session's context.
 */
final class LostEndpoint {
  private final HeldReplies held;
  private final Supplier<Future<Void>> recover;

  /**
   * For one session.
   *
   * @param recover has PostgreSQL find an endpoint again; never fails
   */
  LostEndpoint(HeldReplies held, Supplier<Future<Void>> recover) {
    this.held = held;
    this.recover = recover;
  }

  /** PostgreSQL has sent this error, and nothing that came after it was handled yet. */
  void heard(ErrorFields error) {
    if (!error.isFatal() && isLoss(error)) {
      held.until(recover.get(), done -> {});
    }
  }

  /** A connection that breaks has no name in its error; texts in another encoding are not read. */
  private static boolean isLoss(ErrorFields error) {
    return switch (error.sqlState()) {
      case SqlState.CONNECTION_UNABLE -> error.message().isEmpty() || namesServer(error.message());
      case SqlState.CONNECTION_FAILURE -> true;
      default -> false;
    };
  }

  private static boolean namesServer(String message) {
    return message.contains(Foundation.RESULTS_SERVER) || message.contains(Foundation.SCAN_SERVER);
  }
}
