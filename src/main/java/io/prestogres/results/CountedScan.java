package io.prestogres.results;

import io.prestogres.config.ScanLimits;
import io.prestogres.protocol.ErrorFields;
import io.prestogres.protocol.PgException;
import io.prestogres.protocol.SqlState;
import io.vertx.core.Future;
import java.util.function.LongConsumer;

/**
 * The rows of a scan, counted: of many the user is told, and too many are an error. Belongs to the
 * context of its connection.
 */
final class CountedScan implements RowSource {
  private final RowSource rows;
  private final String table;
  private final ScanLimits limits;
  private final LongConsumer onMany;
  private long read;
  private boolean told;

  /**
   * A scan.
   *
   * @param table its name, for messages
   * @param onMany hears, once, that more than so many rows were read
   */
  CountedScan(RowSource rows, String table, ScanLimits limits, LongConsumer onMany) {
    this.rows = rows;
    this.table = table;
    this.limits = limits;
    this.onMany = onMany;
  }

  @Override
  public Future<Rows> fetch(int max) {
    return rows.fetch(max).map(this::counted);
  }

  private Rows counted(Rows found) {
    read += found.count();
    if (!told && read > limits.scanNoticeRows()) {
      told = true;
      onMany.accept(limits.scanNoticeRows());
    }
    if (limits.scanRowLimit() > 0 && read > limits.scanRowLimit()) {
      close();
      throw new PgException(
          ErrorFields.error(
                  SqlState.PROGRAM_LIMIT_EXCEEDED,
                  "more than %d rows of %s would be read into PostgreSQL"
                      .formatted(limits.scanRowLimit(), table))
              .with(
                  ErrorFields.HINT,
                  "Filter by conditions that Presto evaluates, or write the statement so that"
                      + " Presto runs it whole; the limit is scan-row-limit in the proxy's"
                      + " configuration."));
    }
    return found;
  }

  @Override
  public void close() {
    rows.close();
  }
}
