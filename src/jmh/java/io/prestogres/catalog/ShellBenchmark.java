package io.prestogres.catalog;

import io.prestogres.config.CatalogConfig;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.it.BundledPostgresql;
import io.prestogres.it.MetadataPresto;
import io.prestogres.it.Stack;
import io.prestogres.presto.PrestoType;
import io.prestogres.server.Prestogres;
import io.prestogres.sql.ShellColumn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * What PostgreSQL needs for the shells of {@link MirrorBenchmark} when nobody has to find out what
 * they are: the mirror's own statements, ready, by two connections that do nothing else. No first
 * mirror can be faster.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@State(Scope.Benchmark)
public class ShellBenchmark {
  private static final int BATCH = 25;
  private static final List<String> TYPES =
      List.of("bigint", "varchar", "double", "timestamp", "decimal(12,2)", "varchar(20)");

  /** Tables, each of 20 columns. */
  @Param({"2000", "10000"})
  int tables;

  /** Whether PostgreSQL is told that nothing is stored, which it understands from version 16 on. */
  @Param({"false"})
  boolean storageTold;

  private final Queue<String> batches = new ConcurrentLinkedQueue<>();
  private EmbeddedPostgresql postgresql;

  /** Founds a mirror without any table, and gets the statements ready. */
  @Setup(Level.Trial)
  public void start() throws Exception {
    postgresql =
        EmbeddedPostgresql.start(
            BundledPostgresql.options().withServerSetting("max_locks_per_transaction", "64"));
    postgresql.createDatabase("web", "postgres");
    int port = LoopbackPort.claim(0);
    try (MetadataPresto presto = MetadataPresto.start("web").schema("s");
        Prestogres proxy =
            Prestogres.start(
                Stack.config(
                    Stack.withCatalog(
                        Stack.instance("mirror", port, postgresql.port(), presto.url()),
                        CatalogConfig.DEFAULT)))) {
      DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:" + port + "/web?user=postgres&sslmode=disable")
          .close();
    }
    List<TableChange> changes =
        CatalogDiff.of(
                new PrestoMetadata(
                    "web",
                    List.of(
                        new SchemaRead(
                            "s",
                            IntStream.range(0, tables).mapToObj(ShellBenchmark::table).toList(),
                            true,
                            List.of(),
                            Duration.ZERO)),
                    List.of(),
                    true),
                new StandingCatalog(
                    List.of(), Set.of("s"), Set.of(), Set.of(), Set.of(), true, storageTold),
                ShellKind.TABLE,
                true)
            .changes();
    for (int from = 0; from < changes.size(); from += BATCH) {
      batches.add(
          "BEGIN; SET LOCAL ROLE prestogres_owner; SET LOCAL synchronous_commit = off; "
              + String.join(
                  "; ",
                  changes.subList(from, Math.min(changes.size(), from + BATCH)).stream()
                      .flatMap(change -> change.statements().stream())
                      .toList())
              + "; COMMIT");
    }
  }

  private static PrestoTable table(int number) {
    return new PrestoTable(
        "s",
        "t" + number,
        IntStream.range(0, 20)
            .mapToObj(i -> column("column_" + i, TYPES.get(i % TYPES.size())))
            .toList());
  }

  private static TableColumn column(String name, String type) {
    return TableColumn.of(new ShellColumn(name, type, PrestoType.parse(type).postgresType()));
  }

  /** All of them. */
  @Benchmark
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public void make() {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(this::lane), CompletableFuture.runAsync(this::lane))
        .join();
  }

  private void lane() {
    try (Connection connection = postgresql.connect("postgres", "web");
        Statement statement = connection.createStatement()) {
      for (String batch = batches.poll(); batch != null; batch = batches.poll()) {
        statement.execute(batch);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Ends everything. */
  @TearDown(Level.Trial)
  public void stop() {
    postgresql.close();
  }
}
