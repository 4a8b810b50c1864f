package io.prestogres.session;

import io.prestogres.metrics.Route;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import java.util.Optional;

/** What becomes of a Query message. */
sealed interface Plan {
  /**
   * It is sent to PostgreSQL.
   *
   * @param text the text in place of the client's own; empty sends what the client sent
   */
  record Send(Route route, Optional<String> text) implements Plan {}

  /** It is answered with an error. */
  record Refuse(ErrorFields error) implements Plan {}

  /** As the client sent it; PostgreSQL scans the shells. */
  static Plan scan() {
    return new Send(Route.SCAN, Optional.empty());
  }

  static Plan rewritten(Route route, String text) {
    return new Send(route, Optional.of(text));
  }

  static Plan canceled() {
    return new Refuse(
        ErrorFields.error(SqlState.QUERY_CANCELED, "canceling statement due to user request"));
  }

  /** A failure to plan is never a reason to guess: what the statement needs is told. */
  static Plan failed(Throwable failure) {
    if (failure instanceof PgException known) {
      return new Refuse(known.fields());
    }
    System.getLogger(Plan.class.getName())
        .log(System.Logger.Level.ERROR, "a statement could not be planned", failure);
    return new Refuse(
        ErrorFields.error(SqlState.INTERNAL_ERROR, "the statement could not be planned"));
  }
}
