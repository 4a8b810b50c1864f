package io.prestogres.session;

import io.prestogres.config.PrestoConfig.Writes;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.SqlState;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Whether a write to Presto may be executed now. Presto commits at once, so a write in a
 * transaction of PostgreSQL's would outlive its ROLLBACK. Belongs to the session's context.
 */
final class WritePermission {
  private static final ErrorFields WARNING =
      ErrorFields.warning(
          SqlState.WARNING, "Presto commits at once: ROLLBACK does not undo this statement");

  private final ExchangeQueue queue;
  private final Notices notices;
  private final Writes writes;

  WritePermission(ExchangeQueue queue, Notices notices, Writes writes) {
    this.queue = queue;
    this.notices = notices;
    this.writes = writes;
  }

  /** The error that the client gets; empty if the write goes on, and then a warning was sent. */
  Future<Optional<ErrorFields>> refusal(Plan.Write plan, Upstream upstream) {
    boolean alone = queue.standsAlone();
    if (!alone && writes != Writes.ALWAYS) {
      return Future.succeededFuture(Optional.of(inTransaction(plan)));
    }
    return upstream
        .ask(new Injection().run("SELECT pg_catalog.current_setting('transaction_read_only')"))
        .map(
            reply -> {
              if (reply.error().isPresent()) {
                return reply.error();
              }
              if (reply.rows().isEmpty()
                  || !reply.rows().get(0).get(0).equals(Optional.of("off"))) {
                return Optional.of(readOnly(plan));
              }
              if (!alone) {
                notices.tell(WARNING);
              }
              return Optional.empty();
            });
  }

  private static String words(Plan.Write plan) {
    String tag = plan.write().tag();
    return switch (tag) {
      case "INSERT 0" -> "INSERT";
      case "SELECT" -> "CREATE TABLE AS";
      default -> tag;
    };
  }

  private static ErrorFields inTransaction(Plan.Write plan) {
    return ErrorFields.error(
            SqlState.ACTIVE_TRANSACTION,
            words(plan) + " of a table of Presto cannot run inside a transaction block")
        .with(ErrorFields.DETAIL, "Presto commits at once, so that ROLLBACK would not undo it.")
        .with(
            ErrorFields.HINT,
            "Let the client commit each statement (autocommit), or set presto.writes to always"
                + " in the proxy's configuration.");
  }

  private static ErrorFields readOnly(Plan.Write plan) {
    return ErrorFields.error(
        SqlState.READ_ONLY_TRANSACTION,
        "cannot execute " + words(plan) + " in a read-only transaction");
  }
}
