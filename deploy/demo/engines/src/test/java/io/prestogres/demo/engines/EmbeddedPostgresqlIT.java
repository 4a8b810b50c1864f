package io.prestogres.demo.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class EmbeddedPostgresqlIT {
  private static EmbeddedPostgresql postgresql;

  @BeforeAll
  static void start() throws IOException {
    postgresql =
        EmbeddedPostgresql.start(
            EmbeddedPostgresql.Options.defaults().withServerSetting("work_mem", "5MB"));
  }

  @AfterAll
  static void stop() {
    postgresql.close();
  }

  @Test
  void shouldApplyServerSettings() throws SQLException {
    assertThat(ask("postgres", "postgres", "SHOW work_mem")).containsExactly("5MB");
  }

  @Test
  void shouldHavePostgresFdw() throws SQLException {
    postgresql.execute("postgres", "CREATE EXTENSION postgres_fdw");

    assertThat(ask("postgres", "postgres", "SELECT extname FROM pg_extension ORDER BY 1"))
        .contains("postgres_fdw");
  }

  @Test
  void shouldMakeRoleAndDatabase() throws SQLException {
    postgresql.createRole("some \"body\"", "");
    postgresql.createDatabase("its own", "some \"body\"");

    assertThat(
            ask(
                "postgres",
                "its own",
                "SELECT r.rolname || ' ' || r.rolsuper || ' ' || d.datcollate || ' '"
                    + " || pg_encoding_to_char(d.encoding)"
                    + " FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                    + " WHERE datname = current_database()"))
        .containsExactly("some \"body\" false C UTF8");
  }

  @Test
  void shouldNamePortWhenItIsBusy() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var options = EmbeddedPostgresql.Options.defaults().withPort(busy.getLocalPort());

      assertThatThrownBy(() -> EmbeddedPostgresql.start(options))
          .isInstanceOf(PortBusyException.class)
          .hasMessage("port %d is in use", busy.getLocalPort());
    }
  }

  @Test
  void shouldTellLogWhenSettingIsUnknown() {
    var options =
        EmbeddedPostgresql.Options.defaults()
            .withServerSetting("no_such_setting", "1")
            .withStartTimeout(Duration.ofSeconds(3));

    assertThatThrownBy(() -> EmbeddedPostgresql.start(options))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no_such_setting");
  }

  @Test
  void shouldLeaveNothingBehindWhenClosedWhileSomebodyIsConnected() throws Exception {
    EmbeddedPostgresql other = EmbeddedPostgresql.start();
    Path data;
    long postmaster;
    try (Connection connection = other.connect("postgres", "postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW data_directory")) {
      row.next();
      data = Path.of(row.getString(1));
      postmaster = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));

      other.close();
    } catch (SQLException lost) {
      throw new AssertionError(lost);
    }

    assertThat(data.getParent()).doesNotExist();
    assertThat(ProcessHandle.of(postmaster)).isEmpty();
  }

  private static List<String> ask(String user, String database, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = postgresql.connect(user, database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
