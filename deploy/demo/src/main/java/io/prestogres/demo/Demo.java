package io.prestogres.demo;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.Engine;
import io.prestogres.demo.engines.PortBusyException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Starts PostgreSQL, Presto or Trino, and the proxy, tells how to connect, and stays until the JVM
 * is told to end; then it stops them all. Ports come from system properties, see {@link DemoPort}.
 */
public final class Demo {
  private static final String ROLE = "presto";

  /**
   * Longer than any engine takes to come up, so that none is missed when Ctrl-C comes meanwhile.
   */
  private static final long STOP_SECONDS = 60;

  private final PrintStream out;
  private final Engine engine;
  private final Map<DemoPort, Integer> ports;
  private final Path programs;
  private final Running running = new Running();
  private final ExecutorService starters = Executors.newCachedThreadPool();

  private Demo(PrintStream out, Engine engine, Map<DemoPort, Integer> ports, Path programs) {
    this.out = out;
    this.engine = engine;
    this.ports = ports;
    this.programs = programs;
  }

  /** Runs the demo in this JVM; ends the JVM with code 1 if it cannot start. */
  public static void main(String[] arguments) throws InterruptedException {
    Demo demo;
    try {
      Engine engine = Engine.chosen();
      if (engine.missing().isPresent()) {
        throw new DemoFailure(engine.missing().get() + ".");
      }
      Map<DemoPort, Integer> ports = DemoPort.readAll(System.getProperties());
      Path programs = Path.of(System.getProperty("demo.programs", "target/postgresql"));
      demo = new Demo(System.out, engine, ports, programs);
    } catch (DemoFailure failure) {
      fail(failure.line());
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "demo-stop"));
    try {
      demo.start();
    } catch (DemoFailure failure) {
      demo.failUnlessStopping(failure.line());
    } catch (IOException | SQLException | RuntimeException failure) {
      demo.failUnlessStopping("The demo did not start: " + failure.getMessage());
    }
    new CountDownLatch(1).await();
  }

  private static void fail(String message) {
    System.err.println(message);
    System.exit(1);
  }

  private void failUnlessStopping(String message) {
    if (!running.stopping()) {
      fail(message);
    }
  }

  private void start() throws DemoFailure, IOException, SQLException, InterruptedException {
    long start = System.nanoTime();
    out.println("Prestogres demo: starting PostgreSQL and " + engine.title());
    Future<EmbeddedPostgresql> postgresqlStart = starters.submit(this::startPostgresql);
    Future<EmbeddedPresto> prestoStart = starters.submit(this::startPresto);
    EmbeddedPostgresql postgresql = await(postgresqlStart);
    EmbeddedPresto presto = await(prestoStart);
    long proxyStart = System.nanoTime();
    running.add(ProxyStage.start(ports, postgresql, presto));
    stage("Prestogres on 127.0.0.1:" + ports.get(DemoPort.PROXY), proxyStart);
    welcome(start);
  }

  private EmbeddedPostgresql startPostgresql() throws DemoFailure, IOException, SQLException {
    long start = System.nanoTime();
    int port = port(DemoPort.POSTGRESQL);
    EmbeddedPostgresql postgresql;
    try {
      postgresql =
          EmbeddedPostgresql.start(
              EmbeddedPostgresql.Options.defaults()
                  .withPort(port)
                  .withPrograms(programs)
                  .withoutCloseAtExit());
    } catch (PortBusyException busy) {
      throw DemoPort.POSTGRESQL.busy(port);
    }
    running.add(postgresql);
    postgresql.createRole(ROLE, "");
    for (String catalog : engine.catalogs()) {
      postgresql.createDatabase(catalog, ROLE);
    }
    stage("PostgreSQL on 127.0.0.1:" + port, start);
    return postgresql;
  }

  private EmbeddedPresto startPresto() throws DemoFailure, IOException {
    long start = System.nanoTime();
    int port = port(DemoPort.PRESTO);
    EmbeddedPresto presto;
    try {
      presto = EmbeddedPresto.start(EmbeddedPresto.Options.defaults().withPort(port));
    } catch (PortBusyException busy) {
      throw DemoPort.PRESTO.busy(port);
    }
    running.add(presto);
    stage(engine.title() + " on " + presto.uri(), start);
    return presto;
  }

  private int port(DemoPort port) {
    return ports.getOrDefault(port, 0);
  }

  private static <T> T await(Future<T> start)
      throws DemoFailure, IOException, SQLException, InterruptedException {
    try {
      return start.get();
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof DemoFailure known) {
        throw known;
      }
      if (cause instanceof SQLException sql) {
        throw sql;
      }
      throw new IOException(cause == null ? failure.getMessage() : cause.getMessage(), cause);
    }
  }

  private void stage(String what, long start) {
    // One call with the whole line: two engines report at about the same time.
    out.println(String.format("  %-50s %5.1f s", what, (System.nanoTime() - start) / 1e9));
  }

  private void welcome(long start) {
    out.printf(
        """

        Ready after %.1f s. Connect with

          psql -h 127.0.0.1 -p %d -U %s -d tpch

        and try

          \\dn
          \\dt tiny.*
          SELECT count(*) FROM tiny.orders;
          SELECT o.orderpriority, sum(l.extendedprice) FROM tiny.orders o JOIN tiny.lineitem l USING (orderkey) GROUP BY 1;
          CREATE TEMP TABLE mine AS SELECT * FROM tiny.nation WHERE regionkey = 3;

        Databases %s show the catalogs of these names. Ctrl-C stops everything.
        """,
        (System.nanoTime() - start) / 1e9,
        port(DemoPort.PROXY),
        ROLE,
        String.join(" and ", engine.catalogs()));
  }

  /** Runs in the shutdown hook: the JVM, and with it the Maven command, ends when this returns. */
  private void stop() {
    running.stop();
    starters.shutdown();
    try {
      // What is still starting adds itself to a Running that stops it at once.
      if (!starters.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("An engine neither starts nor fails; it may be left running.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
