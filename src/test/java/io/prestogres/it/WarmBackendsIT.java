package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where no table function is PL/Java's there is nothing worth keeping. */
@ExtendWith(StackExtension.class)
class WarmBackendsIT {
  private final Stack stack;

  WarmBackendsIT(Stack stack) {
    this.stack = stack;
  }

  @Test
  void shouldKeepNoBackendWithoutAJvm() throws Exception {
    int port = LoopbackPort.claim(0);
    InstanceConfig usual =
        Stack.refreshedSeldom(
            Stack.instance("warm", port, stack.postgresql().port(), stack.presto().uri()));
    InstanceConfig instance =
        Stack.withRedirect(
            usual,
            Stack.withWarmBackends(
                usual.redirect(),
                new WarmBackendsConfig(2, Duration.ofMinutes(1), Duration.ofMinutes(5))));
    try (Prestogres proxy = Prestogres.start(Stack.config(instance))) {
      assertThat(proxy.adminPort()).isEmpty();
      String pid;
      try (Connection connection = Stack.connect(port, "presto", "plain");
          Statement statement = connection.createStatement()) {
        pid = Stack.rows(connection, "select pg_backend_pid()").get(0);
        CompletableFuture<String> ended = Stack.sqlState(statement, "select pg_sleep(32)");
        Eventually.holds(() -> stack.backends("select pg_sleep(32)") == 1);
        statement.cancel();
        assertThat(ended.get(2, TimeUnit.SECONDS)).isEqualTo("57014");
      }
      try (Connection direct = stack.direct("postgres", "plain")) {
        String gone = "select count(*) from pg_stat_activity where pid = " + pid;
        Eventually.holds(() -> Stack.answers(direct, gone, "0"));
      }
    }
  }
}
