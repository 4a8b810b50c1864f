package io.prestogres.results;

import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.RowCursor;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Rows of a scan, each a DataRow. */
final class ScanEncoding implements RowEncoding {
  private final InstanceMetrics metrics;
  private Optional<RowEncoder> encoder = Optional.empty();

  ScanEncoding(InstanceMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public RowSource.Rows encode(List<PrestoColumn> columns, RowCursor rows, int max) {
    RowEncoder encoding = encoder.orElseGet(() -> new RowEncoder(columns));
    encoder = Optional.of(encoding);
    Buffer messages = Buffer.buffer();
    int count = 0;
    while (count < max && rows.nextRow()) {
      encoding.read(rows);
      encoding.appendDataRow(messages);
      count++;
    }
    metrics.scanned(count, messages.length());
    return new RowSource.Rows(messages, count);
  }
}
