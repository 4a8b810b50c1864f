package io.prestogres.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.plugin.ConnectDecision;
import io.prestogres.plugin.Plugin;
import io.prestogres.plugin.PluginTrial;
import io.prestogres.plugin.Query;
import io.prestogres.plugin.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryLogPluginTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-02T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("queries.jsonl");
  }

  @Test
  void shouldWriteALinePerStatement() throws Exception {
    try (PluginTrial trial = start(Map.of("file", file.toString()))) {
      PluginTrial.Client client = client(trial);

      ConnectDecision decision = client.connect();
      client.responded(response("SELECT 'secret'", Optional.empty()));
      client.responded(
          response("SELECT x", Optional.of(new Response.Failure("42703", "no column x"))));

      assertThat(decision).isEqualTo(ConnectDecision.accept());
      assertThat(Files.readAllLines(file))
          .containsExactly(
              "{\"time\":\"2026-01-02T12:00:00Z\",\"instance\":\"trial\",\"session\":1,"
                  + "\"client\":\"127.0.0.1\",\"user\":\"ada\",\"database\":\"hive\","
                  + "\"application\":\"psql\",\"protocol\":\"simple\",\"tags\":[\"SELECT 1\"],"
                  + "\"sqlstate\":\"00000\",\"rows\":1,\"bytes\":64,\"micros\":1500}",
              "{\"time\":\"2026-01-02T12:00:00Z\",\"instance\":\"trial\",\"session\":1,"
                  + "\"client\":\"127.0.0.1\",\"user\":\"ada\",\"database\":\"hive\","
                  + "\"application\":\"psql\",\"protocol\":\"simple\",\"tags\":[],"
                  + "\"sqlstate\":\"42703\",\"rows\":0,\"bytes\":64,\"micros\":1500}");
    }
  }

  @Test
  void shouldWriteTheTextWhenAskedTo() throws Exception {
    try (PluginTrial trial = start(Map.of("file", file.toString(), "text", "true"))) {
      client(trial).responded(response("SELECT \"a\\b\"\n\t'ü😀\u2028'", Optional.empty()));
    }

    assertThat(Files.readAllLines(file))
        .singleElement()
        .asString()
        .endsWith(",\"text\":\"SELECT \\\"a\\\\b\\\"\\u000a\\u0009'ü\\ud83d\\ude00\\u2028'\"}");
  }

  @Test
  void shouldNumberSessionsAndKeepWhatWasWrittenBefore() throws Exception {
    Files.writeString(file, "{}\n");
    try (PluginTrial trial = start(Map.of("file", file.toString()))) {
      for (int i = 0; i < 2; i++) {
        PluginTrial.Client client = client(trial);
        client.connect();
        client.responded(response("SELECT 1", Optional.empty()));
      }
    }

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).isEqualTo("{}");
    assertThat(lines.get(1)).contains("\"session\":1,");
    assertThat(lines.get(2)).contains("\"session\":2,");
  }

  @Test
  void shouldFailAloudWhenALineCannotBeWritten() throws Exception {
    PluginTrial trial = start(Map.of("file", file.toString()));
    PluginTrial.Client client = client(trial);
    trial.close();

    assertThatThrownBy(() -> client.responded(response("SELECT 1", Optional.empty())))
        .hasMessageContaining("missing in the log");
  }

  @Test
  void shouldRefuseSettingsThatItDoesNotUnderstand() {
    assertThatThrownBy(() -> start(Map.of())).hasMessage("the setting file is missing");
    assertThatThrownBy(() -> start(Map.of("file", "x", "txet", "true")))
        .hasMessage("unknown settings: txet");
    assertThatThrownBy(() -> start(Map.of("file", "x", "text", "yes")))
        .hasMessage("the setting text must be true or false, not yes");
    assertThatThrownBy(() -> start(Map.of("file", directory.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write to " + directory);
  }

  @Test
  void shouldBeFoundAsAService() {
    assertThat(ServiceLoader.load(Plugin.class))
        .singleElement()
        .isInstanceOf(QueryLogPlugin.class)
        .extracting(Plugin::name)
        .isEqualTo("query-log");
  }

  private static PluginTrial start(Map<String, String> settings) throws Exception {
    return PluginTrial.start(new QueryLogPlugin(NOON), settings);
  }

  private static PluginTrial.Client client(PluginTrial trial) {
    return trial.client(Map.of("user", "ada", "database", "hive", "application_name", "psql"));
  }

  private static Response response(String text, Optional<Response.Failure> failure) {
    boolean failed = failure.isPresent();
    return new Response(
        new Query(text, Query.Protocol.SIMPLE),
        failed ? List.of() : List.of("SELECT 1"),
        failure,
        failed ? 0 : 1,
        64,
        1_500_000);
  }
}
