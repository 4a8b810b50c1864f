package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.protocol.Frontend;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A result of Presto that is much larger than the memory of anything it passes through. {@code
 * -Dlarge.result.rows} says how many rows it has; 50000000 take a few minutes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeResultIT {
  private static final long MIB = 1L << 20;
  private static final long ROWS = Long.getLong("large.result.rows", 1_500_000);

  /** Each line of an order is joined with so many nations. */
  private static final int NATIONS = 25;

  private static final long PROXY_RESIDENT = 384 * MIB;

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private EmbeddedPostgresql postgresql;

  @SuppressWarnings("NullAway.Init")
  private EmbeddedPresto presto;

  @SuppressWarnings("NullAway.Init")
  private ProxyProcess proxy;

  /** The PostgreSQL, which decides on the provider. */
  EmbeddedPostgresql.Options options() {
    return BundledPostgresql.options();
  }

  /** What the backend may hold at most. */
  long backendResident() {
    return 96 * MIB;
  }

  @BeforeAll
  void start() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no /proc");
    postgresql = EmbeddedPostgresql.start(options());
    presto = EmbeddedPresto.start();
    postgresql.createRole("presto", "");
    postgresql.createDatabase("tpch", "presto");
    proxy =
        ProxyProcess.start(
            postgresql.port(),
            presto.uri(),
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+UseSerialGC");
  }

  @AfterAll
  void stop() {
    if (proxy != null) {
      proxy.close();
    }
    if (presto != null) {
      presto.close();
    }
    if (postgresql != null) {
      postgresql.close();
    }
  }

  private String query(String columns) {
    return "select %s from sf1.lineitem l cross join sf1.nation n where l.orderkey <= %d"
        .formatted(columns, ROWS / NATIONS);
  }

  private List<String> ask(String sql) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:"
                + proxy.port()
                + "/tpch?user=presto&preferQueryMode=simple")) {
      return Stack.rows(connection, sql);
    }
  }

  @Test
  void shouldKeepNothingOfALargeResult() throws Exception {
    String expected = ask(query("count(*), sum(l.orderkey)")).get(0);
    try (RawClient client = RawClient.session(proxy.port(), "presto", "tpch")) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(client.input(), 1 << 18));
      client.send(Frontend.query("select pg_backend_pid()"));
      long backend = new Reading().read(in).sum;
      client.send(Frontend.query(query("l.orderkey, n.name, l.comment, l.shipdate")));

      Reading result = new Reading().read(in);

      assertThat(result.rows + "|" + result.sum).isEqualTo(expected);
      assertThat(result.rows).isGreaterThan(ROWS / 2);
      assertThat(proxy.log()).doesNotContain("OutOfMemory");
      assertThat(proxy.peakResidentBytes()).as("the proxy's").isLessThan(PROXY_RESIDENT);
      long resident = ProxyProcess.peakResidentBytes(backend);
      assertThat(resident).as("the backend's").isLessThan(backendResident());
      assertThat(ask("select temp_files from pg_stat_database where datname = 'tpch'"))
          .containsExactly("0");
      System.out.printf(
          "%d rows: at most %d MiB in the proxy, %d MiB in the backend%n",
          result.rows, proxy.peakResidentBytes() / MIB, resident / MIB);
    }
    assertThat(presto.queries())
        .anyMatch(run -> run.query().contains("nation") && run.query().contains("comment"));
  }

  /** The rows of an answer, whose first column is a number. */
  private static final class Reading {
    private long rows;
    private long sum;

    Reading read(DataInputStream in) throws IOException {
      byte[] body = new byte[1 << 16];
      while (true) {
        byte type = in.readByte();
        int length = in.readInt() - Integer.BYTES;
        in.readFully(body, 0, length);
        if (type == 'D') {
          rows++;
          sum += first(body);
        } else if (type == 'E') {
          throw new IOException(new String(body, 0, length, StandardCharsets.UTF_8));
        } else if (type == 'Z') {
          return this;
        }
      }
    }

    /** Int16 columns, Int32 length, digits. */
    private static long first(byte[] body) {
      int length = body[5];
      return Long.parseLong(new String(body, 6, length, StandardCharsets.US_ASCII));
    }
  }
}
