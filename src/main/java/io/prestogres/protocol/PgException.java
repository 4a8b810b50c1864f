package io.prestogres.protocol;

import io.vertx.core.buffer.Buffer;
import java.io.Serial;

/**
 * A failure that a client is told as an ErrorResponse. It carries no stack trace: it is an answer,
 * not a defect.
 */
public class PgException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient ErrorFields fields;

  /** The failure these fields describe. */
  public PgException(ErrorFields fields) {
    super(fields.message(), null, false, false);
    this.fields = fields;
  }

  /** What the other side sent is against the protocol; the connection cannot go on. */
  public static PgException protocolViolation(String message) {
    return new PgException(ErrorFields.fatal(SqlState.PROTOCOL_VIOLATION, message));
  }

  /** The error that ends one statement. */
  public static PgException error(String sqlState, String message) {
    return new PgException(ErrorFields.error(sqlState, message));
  }

  /** The error that ends the connection. */
  public static PgException fatal(String sqlState, String message) {
    return new PgException(ErrorFields.fatal(sqlState, message));
  }

  /** The same failure where it ends the connection, whatever it was thought to end. */
  public PgException asFatal() {
    return new PgException(
        fields
            .with(ErrorFields.SEVERITY, "FATAL")
            .with(ErrorFields.SEVERITY_NOT_LOCALIZED, "FATAL"));
  }

  /** The message that tells the client. */
  public Buffer toErrorResponse() {
    return fields.toErrorResponse();
  }

  /** What the client is told. */
  public ErrorFields fields() {
    return fields;
  }
}
