package io.prestogres.results;

import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoColumn;
import io.prestogres.presto.RowCursor;
import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Batches for the table function, each in a DataRow of one text. */
final class BatchEncoding implements RowEncoding {
  private final InstanceMetrics metrics;
  private Optional<BatchEncoder> encoder = Optional.empty();

  BatchEncoding(InstanceMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public RowSource.Rows encode(List<PrestoColumn> columns, RowCursor rows, int max) {
    BatchEncoder batches =
        encoder.orElseGet(() -> new BatchEncoder(columns, BatchEncoder.Limits.DEFAULT));
    encoder = Optional.of(batches);
    WireWriter writer = new WireWriter();
    int count = 0;
    boolean more = true;
    while (more && count < max) {
      more = batches.fill(rows);
      if (batches.rows() > 0) {
        Buffer batch = batches.take();
        metrics.batchSent(batch.length());
        writer.start('D').writeShort(1).writeInt(batch.length()).writeBuffer(batch).finish();
        count++;
      }
    }
    return new RowSource.Rows(writer.toBuffer(), count);
  }
}
