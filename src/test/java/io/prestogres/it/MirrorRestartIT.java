package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL restarts, and databases that are no catalog's. */
class MirrorRestartIT {
  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private MetadataPresto presto;

  @BeforeEach
  void clear() throws SQLException {
    presto = stack.presto().table("s", "fine", "a bigint");
  }

  /** A backend that dies has PostgreSQL end all others, recover and start anew. */
  private static void restartPostgresql() throws SQLException {
    long backend;
    try (Connection victim = stack.direct("postgres")) {
      // The embedded PostgreSQL commits asynchronously, and would forget what it has just done.
      Stack.run(victim, "SET synchronous_commit = on", "SELECT pg_current_xact_id()");
      backend = Long.parseLong(Stack.rows(victim, "SELECT pg_backend_pid()").get(0));
      ProcessHandle.of(backend).orElseThrow().destroyForcibly();
      Eventually.holds(() -> !Stack.succeeds(victim, "SELECT 1"));
    }
  }

  private static boolean refreshes(int port) {
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      Stack.run(connection, "CALL prestogres.refresh_catalog()");
      return true;
    } catch (SQLException notYet) {
      return false;
    }
  }

  @Test
  void shouldGoOnWhenPostgresqlHasRestarted() throws Exception {
    int port = stack.proxy(MirrorStack.CALM);
    MirrorStack.connect(port, "alice").close();

    restartPostgresql();
    presto.table("s", "later", "b date");

    Eventually.holds(Duration.ofSeconds(30), () -> refreshes(port));
    assertThat(stack.columns("s.later")).containsExactly("b date");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }

  @Test
  void shouldEndTheFirstMirrorWhenPostgresqlRestartsMeanwhile() throws Exception {
    presto.generated("g", 400, 5);
    int port = stack.proxy(MirrorStack.CALM);
    CompletableFuture<Boolean> client = CompletableFuture.supplyAsync(() -> refreshes(port));
    Eventually.holds(Duration.ofSeconds(20), () -> shells() > 30);

    restartPostgresql();
    client.get(60, TimeUnit.SECONDS);

    Eventually.holds(Duration.ofSeconds(30), () -> refreshes(port));
    assertThat(shells()).isEqualTo(401);
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }

  private static long shells() {
    try {
      return Long.parseLong(stack.ask("SELECT count(*) FROM prestogres.shell").get(0));
    } catch (SQLException notYet) {
      return 0;
    }
  }

  @Test
  void shouldMirrorIntoNoDatabaseOfPostgresqlsOwn() throws Exception {
    MetadataPresto other = MetadataPresto.start("postgres", "template1", "web");
    other.table("s", "t", "a bigint");
    int port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.withCatalog(
            Stack.instance("own", port, stack.postgresql().port(), other.url()), MirrorStack.CALM);
    Prestogres proxy = Prestogres.start(Stack.config(instance));
    try {
      for (String database : List.of("postgres", "template1", "web")) {
        try (Connection connection = Stack.connect(port, "alice", database)) {
          assertThat(
                  Stack.rows(
                      connection,
                      "SELECT to_regnamespace('prestogres') IS NULL, to_regclass('s.t') IS NULL"))
              .as(database)
              .containsExactly(database.equals("web") ? "f|f" : "t|t");
        }
      }
    } finally {
      proxy.close();
      other.close();
    }
  }
}
