package io.prestogres.demo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class EmbeddedPrestoIT {
  private static EmbeddedPresto presto;

  @BeforeAll
  static void start() throws IOException {
    presto = EmbeddedPresto.start();
  }

  @AfterAll
  static void stop() {
    presto.close();
  }

  @Test
  void shouldAnswerFromTpch() {
    assertThat(presto.execute("SELECT count(*), min(name) FROM tpch.tiny.nation"))
        .containsExactly(List.of(25L, "ALGERIA"));
  }

  @Test
  void shouldAnswerFromTpcds() {
    assertThat(presto.execute("SELECT count(*) FROM tpcds.tiny.call_center"))
        .containsExactly(List.of(2L));
  }

  @Test
  void shouldListColumnsOfTpcds() {
    assertThat(presto.execute("SHOW COLUMNS FROM tpcds.tiny.income_band")).hasSize(3);
  }

  @Test
  void shouldKeepTablesInMemory() {
    presto.execute("CREATE TABLE memory.default.kept AS SELECT 1 AS a, CAST(NULL AS double) AS b");

    assertThat(presto.execute("SELECT * FROM memory.default.kept"))
        .containsExactly(Arrays.asList(1L, null));
  }

  @Test
  void shouldNameErrorWhenTableIsMissing() {
    assertThatThrownBy(() -> presto.execute("SELECT * FROM tpch.tiny.nothing"))
        .isInstanceOfSatisfying(
            QueryFailedException.class,
            failure -> assertThat(failure.errorName()).isEqualTo("SYNTAX_ERROR"));
  }

  @Test
  void shouldListQueriesWithUserAndSource() {
    presto.execute("SELECT 'listed'", Map.of("User", "somebody", "Source", "a test"));

    assertThat(presto.queries())
        .filteredOn(query -> query.query().equals("SELECT 'listed'"))
        .singleElement()
        .satisfies(
            query -> {
              assertThat(query.user()).isEqualTo("somebody");
              assertThat(query.source()).isEqualTo("a test");
              assertThat(query.ended()).isTrue();
            });
  }

  @Test
  void shouldNamePortWhenItIsBusy() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options = EmbeddedPresto.Options.defaults().withPort(busy.getLocalPort());

      assertThatThrownBy(() -> EmbeddedPresto.start(options))
          .isInstanceOf(PortBusyException.class)
          .hasMessage("port %d is in use", busy.getLocalPort());
    }
  }

  @Test
  void shouldTellLogWhenSettingIsUnknown() throws IOException {
    Set<Path> before = folders();
    var options = EmbeddedPresto.Options.defaults().withSetting("no-such-setting", "1");

    assertThatThrownBy(() -> EmbeddedPresto.start(options))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no-such-setting");
    assertThat(before).containsAll(folders());
  }

  @Test
  void shouldLeaveNothingBehindWhenClosed() throws Exception {
    Set<Path> before = folders();
    EmbeddedPresto other = EmbeddedPresto.start();
    ProcessHandle process = ProcessHandle.of(other.pid()).orElseThrow();

    other.close();

    assertThat(process.onExit().get(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS))
        .isNotNull();
    assertThat(before).containsAll(folders());
  }

  /** Others on this machine may take theirs away meanwhile. */
  private static Set<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("prestogres-presto"))
          .collect(Collectors.toSet());
    }
  }
}
