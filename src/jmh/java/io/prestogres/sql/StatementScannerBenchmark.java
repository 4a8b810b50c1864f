package io.prestogres.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to look at a message, and to split it into statements and list their names. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class StatementScannerBenchmark {
  private static final Map<String, String> TEXTS =
      Map.of(
          "pgbench", "SELECT abalance FROM pgbench_accounts WHERE aid = 12345;",
          "join",
              """
              SELECT n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
              WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT LIKE 'pg\\_%'
              ORDER BY 1, 2, a.attnum""",
          "insert",
              "INSERT INTO t VALUES " + "(1, 'text of some length', 3.25), ".repeat(200) + "(1)");

  /** Which text. */
  @Param({"pgbench", "join", "insert"})
  String text;

  private final NameFilter filter =
      NameFilter.of(IntStream.range(0, 10_000).mapToObj(i -> "table_" + i).toList());

  /** The look that tells whether a message has to be scanned. */
  @Benchmark
  public boolean glance() {
    return filter.mayConcern(TEXTS.getOrDefault(text, "").getBytes(StandardCharsets.UTF_8));
  }

  /** One message. */
  @Benchmark
  public List<ScannedStatement> scan() {
    return StatementScanner.scan(TEXTS.getOrDefault(text, ""));
  }
}
