package io.prestogres.session;

import io.prestogres.metrics.Route;
import io.prestogres.presto.PrestoException;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.prestogres.results.ErrorTranslator;
import io.prestogres.sql.PrestoWrite;
import io.prestogres.sql.WriteTarget;
import java.util.Optional;

/** What becomes of a Query message. */
sealed interface Plan {
  /**
   * It is sent to PostgreSQL.
   *
   * @param text the text in place of the client's own; empty sends what the client sent
   * @param reason why it is not Presto's whole, as far as there is anything to say
   */
  record Send(Route route, Optional<String> text, String reason) implements Plan {
    Send because(String why) {
      return new Send(route, text, why);
    }
  }

  /** PostgreSQL is sent a query that writes to Presto; the client sees no rows of it. */
  record Write(PrestoWrite write, WriteTarget target) implements Plan {}

  /** It is answered by the proxy: done, with this command tag. */
  record Answer(String tag) implements Plan {}

  /** It is answered with an error. */
  record Refuse(ErrorFields error) implements Plan {}

  /** PostgreSQL's own words for a statement that the client has canceled. */
  ErrorFields CANCELED =
      ErrorFields.error(SqlState.QUERY_CANCELED, "canceling statement due to user request");

  static Plan canceled() {
    return new Refuse(CANCELED);
  }

  /** A failure to plan is never a reason to guess: what the statement needs is told. */
  static Plan failed(Throwable failure) {
    if (failure instanceof PgException || failure instanceof PrestoException) {
      return new Refuse(ErrorTranslator.toPgException(failure).fields());
    }
    System.getLogger(Plan.class.getName())
        .log(System.Logger.Level.ERROR, "a statement could not be planned", failure);
    return new Refuse(
        ErrorFields.error(SqlState.INTERNAL_ERROR, "the statement could not be planned"));
  }
}
