package io.prestogres.protocol;

import java.io.Serial;

/**
 * What came first cannot be the start of a session. As with PostgreSQL only the log hears of it:
 * whoever sent it does not speak the protocol, or has said its farewell before it began.
 */
public final class NoStartupPacket extends PgException {
  @Serial private static final long serialVersionUID = 1L;

  NoStartupPacket(String message) {
    super(ErrorFields.fatal(SqlState.PROTOCOL_VIOLATION, message));
  }
}
