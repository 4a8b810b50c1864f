package io.prestogres.results;

import io.prestogres.presto.PrestoException;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;

/** The one place where a failure on the way to Presto becomes what a PostgreSQL client is told. */
public final class ErrorTranslator {
  private static final System.Logger LOG = System.getLogger(ErrorTranslator.class.getName());

  private ErrorTranslator() {}

  /** A failure of Presto: its SQLSTATE and message, and the query's id for Presto's console. */
  public static ErrorFields toFields(PrestoException failure) {
    ErrorFields fields = ErrorFields.error(failure.sqlState(), failure.getMessage());
    return failure
        .queryId()
        .map(id -> fields.with(ErrorFields.DETAIL, "Presto query id: " + id))
        .orElse(fields);
  }

  /** Any failure; what nobody expected is logged and told without its insides. */
  public static PgException toPgException(Throwable failure) {
    if (failure instanceof PgException known) {
      return known;
    }
    if (failure instanceof PrestoException presto) {
      return new PgException(toFields(presto));
    }
    if (failure instanceof io.vertx.pgclient.PgException postgresql) {
      return new PgException(
          ErrorFields.error(postgresql.getSqlState(), postgresql.getErrorMessage())
              .with(ErrorFields.DETAIL, orEmpty(postgresql.getDetail()))
              .with(ErrorFields.HINT, orEmpty(postgresql.getHint())));
    }
    LOG.log(System.Logger.Level.ERROR, "the results endpoint failed", failure);
    return PgException.error(SqlState.INTERNAL_ERROR, "the results endpoint failed");
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }
}
