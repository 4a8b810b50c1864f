package io.prestogres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.it.RawClient;
import io.prestogres.it.Stack;
import io.prestogres.it.StackExtension;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    return scripts().stream()
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
    assertThat(files()).hasSizeGreaterThanOrEqualTo(AT_LEAST);
  }

  private static List<WireScript> scripts() throws Exception {
    String wanted = System.getProperty("wire.script", ".*");
    List<Path> wires = files().stream().filter(file -> name(file).matches(wanted)).toList();
    assertThat(wires).as("scripts named %s", wanted).isNotEmpty();
    List<WireScript> scripts = new ArrayList<>();
    for (Path file : wires) {
      scripts.add(WireScript.parse(name(file), Files.readString(file)));
    }
    return scripts;
  }

  private static List<Path> files() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(WireScriptIT.class.getResource("/wire"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.filter(file -> file.toString().endsWith(".wire")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".wire", "");
  }
}
