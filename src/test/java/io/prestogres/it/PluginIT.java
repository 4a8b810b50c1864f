package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.prestogres.config.InstanceConfig;
import io.prestogres.config.LogLevel;
import io.prestogres.config.PluginConfig;
import io.prestogres.config.ProxyConfig;
import io.prestogres.config.Secret;
import io.prestogres.config.Settings;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.intercept.PluginJar;
import io.prestogres.protocol.Frontend;
import io.prestogres.server.Prestogres;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Plugins between clients and a real PostgreSQL. */
@ExtendWith(StackExtension.class)
class PluginIT {
  private static final String START =
      """
      context.interceptConnects(session -> CompletableFuture.completedFuture(
          session.user().equals("mallory")
              ? ConnectDecision.refuse("28000", "not you") : ConnectDecision.accept()));
      context.interceptQueries((session, query) -> {
        String text = query.text();
        if (text.contains("throws")) { throw new IllegalStateException("secret"); }
        if (text.contains("hangs")) { return new CompletableFuture<QueryDecision>(); }
        return CompletableFuture.completedFuture(
            text.contains("forbidden") ? QueryDecision.refuse("42501", "no " + query.protocol())
            : text.contains("before") ? QueryDecision.replace(text.replace("before", "after"))
            : QueryDecision.pass());
      });
      java.nio.file.Path log = java.nio.file.Path.of(context.settings().get("log"));
      context.observeResponses((session, response) -> {
        try {
          java.nio.file.Files.writeString(log, response.query().text() + "|"
              + response.commandTags() + "|" + response.rows() + "|"
              + response.failure().map(Response.Failure::sqlState).orElse("ok") + "\\n",
              java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      });
      """;

  @TempDir private Path directory;
  private final Stack stack;
  private int port;
  private Optional<Prestogres> proxy = Optional.empty();

  PluginIT(Stack stack) {
    this.stack = stack;
  }

  @BeforeEach
  void start() throws Exception {
    Path jar = PluginJar.of("example").start(START).write(directory.resolve("example.jar"));
    port = LoopbackPort.claim(0);
    InstanceConfig instance =
        Stack.withPresto(
            Stack.instance(
                "plugins-" + port, port, stack.postgresql().port(), stack.presto().uri()),
            Stack.presto(stack.presto().uri(), "tpch", List.of("plugins")));
    PluginConfig plugin =
        new PluginConfig(
            "example",
            jar,
            Map.of("log", new Secret(log().toString())),
            List.of(),
            Duration.ofSeconds(1));
    proxy =
        Optional.of(
            Prestogres.start(
                new ProxyConfig(
                    new Settings(LogLevel.WARN, 1, Optional.empty()),
                    List.of(plugin),
                    List.of(instance))));
  }

  @AfterEach
  void stop() {
    proxy.ifPresent(Prestogres::close);
  }

  private Path log() {
    return directory.resolve("responses");
  }

  private RawClient client() throws Exception {
    return RawClient.session(port, "presto", "plain");
  }

  private static Buffer batch(String text) {
    return Frontend.parse("", text, List.of())
        .appendBuffer(Frontend.bind("", ""))
        .appendBuffer(Frontend.execute(""))
        .appendBuffer(Frontend.sync());
  }

  /** What came, as SQLSTATE, row bytes as text, or the status of ReadyForQuery. */
  private static List<String> outcome(RawClient client) throws Exception {
    return client.readTo('Z').stream()
        .filter(frame -> "DEZ".indexOf(frame.type()) >= 0)
        .map(
            frame ->
                switch (frame.type()) {
                  case 'E' -> frame.error().sqlState();
                  case 'D' -> frame.bytes().getString(11, frame.bytes().length());
                  default -> String.valueOf((char) frame.bytes().getByte(5));
                })
        .toList();
  }

  @Test
  void shouldRefuseAClientThatConnects() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send(RawClient.startup("user", "mallory", "database", "plain"));

      assertThat(client.readError().message()).isEqualTo("not you");
      client.assertEnd();
    }
  }

  @Test
  void shouldRefuseReplicationWhenTextsAreSeen() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send(RawClient.startup("user", "presto", "replication", "database"));

      assertThat(client.readError().sqlState()).isEqualTo("0A000");
      client.assertEnd();
    }
  }

  @Test
  void shouldRunAnotherTextInBothProtocols() throws Exception {
    try (RawClient client = client()) {
      assertThat(outcome(client.send(Frontend.query("select 'before'"))))
          .containsExactly("after", "I");
      assertThat(outcome(client.send(batch("select 'before'")))).containsExactly("after", "I");
    }
    stack.postgresql().createDatabase("plugins", "presto");
    try (RawClient shells = RawClient.session(port, "presto", "plugins")) {
      String text = "select 'before' from tiny.region where regionkey = 1";

      assertThat(outcome(shells.send(Frontend.query(text)))).containsExactly("after", "I");
      assertThat(outcome(shells.send(batch(text)))).containsExactly("after", "I");
    }
  }

  @Test
  void shouldFailTheTransactionOfARefusedStatement() throws Exception {
    try (RawClient client = client()) {
      outcome(client.send(Frontend.query("begin")));

      assertThat(outcome(client.send(Frontend.query("select 'forbidden'"))))
          .containsExactly("42501", "E");
      assertThat(outcome(client.send(batch("select 'forbidden'")))).containsExactly("42501", "E");
      assertThat(outcome(client.send(Frontend.query("rollback")))).containsExactly("I");
      client.assertUsable();
    }
  }

  @Test
  void shouldGoOnAfterPluginsThatFail() throws Exception {
    try (RawClient client = client()) {
      assertThat(outcome(client.send(Frontend.query("select 'throws'"))))
          .containsExactly("38000", "I");
      assertThat(outcome(client.send(Frontend.query("select 'hangs'"))))
          .containsExactly("38000", "I");
      assertThat(outcome(client.send(batch("select 'hangs'")))).containsExactly("38000", "I");
      client.assertUsable();
    }
  }

  @Test
  void shouldLetNoTextSlipPast() throws Exception {
    try (RawClient client = client()) {
      assertThat(outcome(client.send(Frontend.query("select '" + "x".repeat(17 << 20) + "'"))))
          .containsExactly("54000", "I");
      client.assertUsable();
      assertThat(outcome(client.send(RawClient.message('Q', (byte) 0xff, (byte) 0))))
          .containsExactly("22021", "I");
      assertThat(outcome(client.send(RawClient.message('F', new byte[10]))))
          .containsExactly("0A000", "I");
      client.assertUsable();
    }
  }

  @Test
  void shouldTellHowStatementsEnd() throws Exception {
    try (RawClient client = client()) {
      outcome(client.send(Frontend.query("select 1; select 2")));
      outcome(client.send(batch("select 'before' from generate_series(1, 3)")));
      outcome(client.send(Frontend.query("select 1 / 0")));
      outcome(client.send(batch("select nonsense")));
      outcome(client.send(batch("select 'forbidden'")));

      Eventually.holds(() -> lines() >= 5);
      assertThat(log())
          .hasContent(
              """
              select 1; select 2|[SELECT 1, SELECT 1]|2|ok
              select 'before' from generate_series(1, 3)|[SELECT 3]|3|ok
              select 1 / 0|[]|0|22012
              select nonsense|[]|0|42703
              select 'forbidden'|[]|0|42501
              """);
    }
  }

  private int lines() {
    try {
      return Files.exists(log()) ? Files.readAllLines(log()).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
