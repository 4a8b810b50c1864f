package io.prestogres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.RawClient;
import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import java.io.IOException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every wire script, with PostgreSQL itself and with the proxy. {@code -Dwire.script=<regex>} runs
 * those with a matching name alone.
 */
@ExtendWith(StackExtension.class)
class WireScriptIT {
  private static final int AT_LEAST = 60;

  @BeforeAll
  static void prepare(Stack stack) throws IOException, SQLException {
    stack.postgresql().createRole("wire_walsender", "REPLICATION");
    // The shells are there for either way once somebody has come through the proxy.
    RawClient.session(stack.proxyPort(), "presto", "tpch").close();
  }

  @TestFactory
  Stream<DynamicTest> shouldAnswerAsPostgresqlDoes(Stack stack) throws Exception {
    return WireScripts.named(System.getProperty("wire.script", ".*")).stream()
        .flatMap(
            script ->
                Stream.of(
                    test(script, Step.Way.POSTGRES, stack.postgresql().port()),
                    test(script, Step.Way.PROXY, stack.proxyPort())));
  }

  private static DynamicTest test(WireScript script, Step.Way way, int port) {
    return DynamicTest.dynamicTest(
        script.name() + " " + way, () -> WireConversation.hold(script, way, port));
  }

  @Test
  void shouldFindTheScripts() throws Exception {
    assertThat(WireScripts.named(".*")).hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }
}
