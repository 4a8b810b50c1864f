package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.protocol.Frontend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Much more than its memory passes through a proxy while one side is slow: the other side has to
 * wait, for the proxy keeps next to nothing. {@code -Dbackpressure.rows.mib} and {@code
 * -Dbackpressure.copy.mib} say how much passes; 10240 of rows take a minute or two.
 */
class BackPressureIT {
  private static final long MIB = 1L << 20;
  private static final long ROWS_BYTES = Long.getLong("backpressure.rows.mib", 2_048) * MIB;
  private static final long COPY_BYTES = Long.getLong("backpressure.copy.mib", 512) * MIB;

  private static final long RESIDENT = 256 * MIB;

  /** What the proxy itself may hold of a session, beside the kernel's buffers. */
  private static final long HELD = 4 * MIB;

  private static final int PAUSES = 3;

  /** How long PostgreSQL pauses: enough for one second without a move, and for seeing it. */
  private static final int SLOW_SECONDS = 4;

  /** Who has not moved for so long waits. */
  private static final Duration STOPPED = Duration.ofSeconds(1);

  /** Until all buffers are full, on a machine that is busy with other things. */
  private static final Duration SETTLED = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static EmbeddedPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private static ProxyProcess proxy;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no /proc");
    postgresql = EmbeddedPostgresql.start();
    proxy =
        ProxyProcess.start(
            postgresql.port(), "-Xmx64m", "-XX:MaxDirectMemorySize=32m", "-XX:+UseSerialGC");
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (postgresql != null) {
      postgresql.close();
    }
  }

  private static Object ask(String sql) {
    try (Connection connection = postgresql.connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getObject(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long lastValue(String sequence) {
    return (Long) ask("select last_value from " + sequence);
  }

  /** What the backend waits for that runs a statement like this. */
  private static Object waitsFor(String like) {
    return ask(
        "select coalesce(min(wait_event), '') from pg_stat_activity"
            + " where pid <> pg_backend_pid() and query like '%s'".formatted(like));
  }

  /** The most that two connections have under way: each a buffer to send and one to receive. */
  private static long underWay() throws IOException {
    return 2 * (largestBuffer("tcp_rmem") + largestBuffer("tcp_wmem")) + HELD;
  }

  private static long largestBuffer(String setting) throws IOException {
    // In one read: the kernel gives nothing to a second one.
    try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4", setting))) {
      String line = reader.readLine();
      return Long.parseLong(line.substring(line.lastIndexOf('\t') + 1));
    }
  }

  /** Where this count stands still. */
  private static long stopped(LongSupplier count) throws InterruptedException {
    long end = System.nanoTime() + SETTLED.toNanos();
    long before = count.getAsLong();
    while (true) {
      Thread.sleep(STOPPED.toMillis());
      long now = count.getAsLong();
      if (now == before) {
        return now;
      }
      assertThat(System.nanoTime()).as("moves on: %s", now).isLessThan(end);
      before = now;
    }
  }

  @Test
  void shouldStopPostgresqlWhileTheClientDoesNotRead() throws Exception {
    postgresql.execute("postgres", "create sequence sent");
    long rows = WideRows.rowsOf(ROWS_BYTES);
    try (RawClient client = RawClient.session(proxy.port(), "postgres", "postgres")) {
      client.send(Frontend.query(WideRows.query(rows, "sent")));
      WideRows reader = new WideRows(client.input());
      for (int pause = 1; pause <= PAUSES; pause++) {
        reader.readRows(rows * pause / (PAUSES + 1));
        long stopped = stopped(() -> lastValue("sent"));

        assertThat(stopped).isLessThan(rows);
        assertThat(waitsFor("select repeat%")).isEqualTo("ClientWrite");
        assertThat(WideRows.bytesOf(stopped - reader.rows())).isBetween(0L, underWay());
      }
      reader.readRows(rows);

      assertThat(reader.end()).contains("SELECT " + rows);
      assertSmall();
      client.assertUsable();
    }
  }

  @Test
  void shouldStopTheClientWhilePostgresqlDoesNotRead() throws Exception {
    SlowTable table = new SlowTable(SlowTable.rowsOf(COPY_BYTES), PAUSES, SLOW_SECONDS);
    postgresql.execute("postgres", table.definition());
    try (RawClient client = RawClient.session(proxy.port(), "postgres", "postgres")) {
      client.send(Frontend.query(SlowTable.COPY)).readTo('G');
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> filling = CompletableFuture.runAsync(() -> fill(table, client, sent));
      for (int pause = 1; pause <= PAUSES; pause++) {
        long row = table.pausesAt(pause);
        Eventually.holds(Duration.ofSeconds(60), () -> lastValue("arrived") >= row);
        long stopped = stopped(sent::get);

        assertThat(waitsFor(SlowTable.COPY)).isEqualTo("PgSleep");
        assertThat(stopped).isLessThan(table.rows());
        assertThat(SlowTable.bytesOf(stopped - row)).isBetween(0L, underWay());
      }
      filling.get(60, TimeUnit.SECONDS);

      client.readTo('Z');
      assertThat(lastValue("arrived")).isEqualTo(table.rows());
      assertSmall();
      client.assertUsable();
    }
  }

  private static void fill(SlowTable table, RawClient client, AtomicLong sent) {
    try {
      table.fill(client, sent::addAndGet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSmall() throws Exception {
    assertThat(proxy.log()).doesNotContain("OutOfMemory");
    assertThat(proxy.peakResidentBytes()).as("resident bytes, at most").isLessThan(RESIDENT);
  }
}
