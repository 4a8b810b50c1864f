package io.prestogres.it;

import io.prestogres.protocol.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * A table that is slow to fill: at some of its rows PostgreSQL pauses. It compares every row with
 * what was sent and keeps none; a sequence counts them.
 *
 * @param rows how many there will be
 * @param pauses how often it pauses on the way
 * @param seconds for how long
 */
record SlowTable(long rows, int pauses, int seconds) {
  /** Its name, and the statement that fills it. */
  static final String COPY = "copy slow from stdin";

  private static final int WIDTH = 8191;
  private static final int ROWS_A_WRITE = 16;

  /** A line of text and its end. */
  static long bytesOf(long rows) {
    return rows * (WIDTH + 1);
  }

  /** How many rows have about so many bytes; they come in whole writes. */
  static long rowsOf(long bytes) {
    return bytes / (WIDTH + 1) / ROWS_A_WRITE * ROWS_A_WRITE;
  }

  /** What makes it. */
  String[] definition() {
    return new String[] {
      "create table slow (line text)",
      "create sequence arrived",
      """
      create function arrive() returns trigger language plpgsql as $$
      begin
        if new.line is distinct from repeat('y', %d) then
          raise exception 'row %% has changed on its way', currval('arrived') + 1;
        end if;
        if nextval('arrived') %% %d = 0 then
          perform pg_sleep(%d);
        end if;
        return null;
      end $$
      """
          .formatted(WIDTH, rows / (pauses + 1), seconds),
      "create trigger arrive before insert on slow for each row execute function arrive()"
    };
  }

  /** The row at which it pauses for the n-th time. */
  long pausesAt(int n) {
    return rows / (pauses + 1) * n;
  }

  /** Sends all rows, and CopyDone; {@code sent} hears of so many rows more each time. */
  void fill(RawClient client, LongConsumer sent) throws IOException {
    byte[] line = ("y".repeat(WIDTH) + "\n").getBytes(StandardCharsets.US_ASCII);
    Buffer messages = Buffer.buffer();
    for (int i = 0; i < ROWS_A_WRITE; i++) {
      messages.appendBuffer(RawClient.message('d', line));
    }
    for (long row = 0; row < rows; row += ROWS_A_WRITE) {
      client.send(messages);
      sent.accept(ROWS_A_WRITE);
    }
    client.send(new WireWriter().start('c').finish().toBuffer());
  }
}
