package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.BundledPostgresql;
import io.prestogres.it.MetadataPresto;
import io.prestogres.it.Stack;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the mirror of a catalog costs whoever connects: the first time, when every shell has to be
 * made, and ever after; and what a refresh costs that finds nothing new. All of it by the way a
 * client takes, through a whole proxy in a fresh JVM, between a PostgreSQL with its default {@code
 * max_locks_per_transaction} and a Presto that has its metadata ready. What PostgreSQL needs for
 * the shells alone is {@link ShellBenchmark}'s.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@State(Scope.Benchmark)
public class MirrorBenchmark {
  private static final int COLUMNS = 20;

  /** Tables in the catalog, in one schema, each of 20 columns. */
  @Param({"2000", "10000"})
  int tables;

  private EmbeddedPostgresql postgresql;
  private MetadataPresto presto;
  private Prestogres proxy;
  private int port;

  /** Starts everything; nothing is mirrored yet. */
  @Setup(Level.Trial)
  public void start() throws Exception {
    presto = MetadataPresto.start("web").generated("s", tables, COLUMNS);
    postgresql =
        EmbeddedPostgresql.start(
            BundledPostgresql.options().withServerSetting("max_locks_per_transaction", "64"));
    postgresql.createDatabase("web", "postgres");
    port = LoopbackPort.claim(0);
    InstanceConfig defaults = Stack.instance("mirror", port, postgresql.port(), presto.url());
    proxy = Prestogres.start(Stack.config(Stack.withCatalog(defaults, CatalogConfig.DEFAULT)));
  }

  private Connection connect(int toPort) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + toPort + "/web?user=postgres&sslmode=disable");
  }

  /** From the first client's first byte to its ReadyForQuery, with every shell there. */
  @Benchmark
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public void firstConnect() throws SQLException {
    connect(port).close();
  }

  /** A connect that finds the mirror fresh; see {@link #connectToPostgresql}. */
  @Benchmark
  @Warmup(iterations = 1, batchSize = 200)
  @Measurement(iterations = 3, batchSize = 200)
  public void connectTwoHundredTimes() throws SQLException {
    connect(port).close();
  }

  /** The same without the proxy. */
  @Benchmark
  @Warmup(iterations = 1, batchSize = 200)
  @Measurement(iterations = 3, batchSize = 200)
  public void connectToPostgresqlTwoHundredTimes() throws SQLException {
    connect(postgresql.port()).close();
  }

  /** A refresh that finds nothing new. */
  @Benchmark
  @Warmup(iterations = 3)
  @Measurement(iterations = 3)
  public void refreshUnchanged() throws SQLException {
    try (Connection connection = connect(port);
        Statement statement = connection.createStatement()) {
      statement.execute("CALL prestogres.refresh_catalog()");
    }
  }

  /** Ends everything. */
  @TearDown(Level.Trial)
  public void stop() {
    proxy.close();
    presto.close();
    postgresql.close();
  }
}
