package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig.TableFunction;
import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A backend with a JVM inside does not hear by itself that PostgreSQL is to be shut down. */
@ExtendWith(StackExtension.class)
@OverPljava
final class PljavaShutdownIT {
  /** The signal of a fast shutdown. */
  private static final String FAST = "-INT";

  private final Stack stack;

  PljavaShutdownIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldNotKeepPostgresqlFromShuttingDown() throws Exception {
    int port = LoopbackPort.claim(0);
    try (EmbeddedPostgresql postgresql = EmbeddedPostgresql.start(InstalledPljava.options())) {
      postgresql.createRole("presto", "");
      postgresql.createDatabase("tpch", "presto");
      try (Prestogres proxy =
              Prestogres.start(
                  Stack.config(
                      Stack.instance(
                          "shutdown",
                          port,
                          postgresql.port(),
                          stack.presto().uri(),
                          TableFunction.PLJAVA)));
          Connection idle = Stack.connect(port, "presto", "tpch")) {
        assertThat(proxy.adminPort()).isEmpty();
        assertThat(Stack.rows(idle, "select count(*) from sf1.region")).containsExactly("5");
        ProcessHandle postmaster = postmaster(postgresql);

        new ProcessBuilder("kill", FAST, Long.toString(postmaster.pid())).start().waitFor();

        postmaster.onExit().get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> Stack.rows(idle, "select 1"))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      }
    }
  }

  private static ProcessHandle postmaster(EmbeddedPostgresql postgresql) throws SQLException {
    try (Connection direct = postgresql.connect("postgres", "postgres")) {
      long backend = Long.parseLong(Stack.rows(direct, "select pg_backend_pid()").get(0));
      return ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
    }
  }
}
