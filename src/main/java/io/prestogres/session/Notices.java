package io.prestogres.session;

import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.FrameSplitter;
import io.prestogres.protocol.SqlState;

/**
 * What the proxy itself has to tell the user, written between two messages of PostgreSQL's, and
 * among it why a statement scans. Belongs to the session's context.
 */
final class Notices {
  /** Until a long message of PostgreSQL's may be over. */
  private static final long PAUSE_MILLIS = 10;

  private static final String UNKNOWN_REASON =
      "it is read by a view, a function or another statement that is not rewritten";

  private final Relay relay;
  private final FrameSplitter serverFrames;
  private String reason = "";
  private long statement = -1;

  Notices(Relay relay, FrameSplitter serverFrames) {
    this.relay = relay;
    this.serverFrames = serverFrames;
  }

  void warn(String text) {
    tell(ErrorFields.warning(SqlState.WARNING, text));
  }

  void tell(ErrorFields notice) {
    if (serverFrames.betweenFrames()) {
      relay.client().write(notice.toNoticeResponse());
    } else if (!relay.client().closed()) {
      relay.context().owner().setTimer(PAUSE_MILLIS, later -> tell(notice));
    }
  }

  /**
   * A statement is sent that scans, or may do.
   *
   * @param number which it is, of {@link ExchangeQueue#statements}
   * @param why empty if it is not known
   */
  void scans(long number, String why) {
    statement = number;
    reason = why;
  }

  /** A scan for the session's statement has read so many rows. */
  void scanned(String table, long rows) {
    boolean known = statement == relay.queue().statements() && !reason.isEmpty();
    tell(
        ErrorFields.notice(
            "more than %d rows of %s are read into PostgreSQL, because %s"
                .formatted(rows, table, known ? reason : UNKNOWN_REASON)));
  }
}
