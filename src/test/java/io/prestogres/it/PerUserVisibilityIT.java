package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.config.InstanceConfig;
import io.prestogres.demo.engines.LoopbackPort;
import io.prestogres.server.Prestogres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PSQLException;

/** With catalog.per-user-visibility a user has rights on what Presto lets that user see alone. */
class PerUserVisibilityIT {
  private static final String MAY_READ =
      "SELECT table_schema || '.' || table_name FROM information_schema.tables"
          + " WHERE table_schema IN ('s', 'u') ORDER BY 1";

  @RegisterExtension static final MirrorStack stack = new MirrorStack();

  private MetadataPresto presto;

  @BeforeAll
  static void start() throws Exception {
    stack.postgresql().createRole("bob", "");
  }

  @BeforeEach
  void clear() throws SQLException {
    presto =
        stack
            .presto()
            .table("s", "shared", "a bigint")
            .table("s", "alices", "a bigint")
            .table("u", "bobs", "a bigint")
            .hide("bob", "s", "alices")
            .hide("alice", "u", "bobs");
  }

  private static List<String> seen(int port, String user) throws SQLException {
    try (Connection connection = MirrorStack.connect(port, user)) {
      return Stack.rows(connection, MAY_READ);
    }
  }

  @Test
  void shouldShowWhatPrestoShowsAndRefuseTheRestInPostgresqlsWords() throws Exception {
    boolean foreign = Stack.SHELL_KIND == InstanceConfig.Shell.FOREIGN;
    String relation = foreign ? "foreign table" : "table";
    int port = stack.proxy(MirrorStack.perUser(Duration.ofHours(1)));

    assertThat(seen(port, "alice")).containsExactly("s.alices", "s.shared");
    assertThat(seen(port, "bob")).containsExactly("s.shared", "u.bobs");
    try (Connection connection = MirrorStack.connect(port, "bob")) {
      for (String sql :
          List.of(
              "SELECT * FROM s.alices", "SELECT * FROM ONLY s.alices", "DELETE FROM s.alices")) {
        assertThatThrownBy(() -> Stack.run(connection, sql))
            .as(sql)
            .isInstanceOfSatisfying(
                PSQLException.class,
                e -> {
                  assertThat(e.getSQLState()).isEqualTo("42501");
                  assertThat(e.getMessage())
                      .contains("permission denied for " + relation + " alices");
                });
      }
    }
  }

  @Test
  @ExtendWith(StackExtension.class)
  void shouldAskARealPrestoForSchemasThatItDoesNotListToo(Stack real) throws Exception {
    real.postgresql().createDatabase("visible", "presto");
    int port = LoopbackPort.claim(0);
    InstanceConfig usual =
        Stack.instance("visible", port, real.postgresql().port(), real.presto().uri());
    InstanceConfig instance =
        Stack.withPresto(
            Stack.withCatalog(usual, MirrorStack.perUser(usual.catalog())),
            Stack.presto(real.presto().uri(), "tpch", List.of("visible")));
    try (Prestogres proxy = Prestogres.start(Stack.config(instance));
        Connection connection = Stack.connect(port, "presto", "visible");
        Connection direct = real.direct("postgres", "visible")) {
      assertThat(proxy.adminPort()).isEmpty();
      String seen =
          "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('tiny', 'sf10')";
      assertThat(Stack.rows(connection, seen)).containsExactly("16");
      assertThat(Stack.rows(connection, "SELECT count(*) FROM tiny.region")).containsExactly("5");
      assertThat(
              Stack.rows(
                  direct,
                  "SELECT has_table_privilege('presto', 'tiny.region', 'SELECT'),"
                      + " has_table_privilege('alice', 'tiny.region', 'SELECT')"))
          .containsExactly("t|f");
    }
  }

  @Test
  void shouldAskAgainWhenTheAnswerIsTooOldOrSomebodyCalls() throws Exception {
    int port = stack.proxy(MirrorStack.perUser(Duration.ofSeconds(1)));
    assertThat(seen(port, "alice")).containsExactly("s.alices", "s.shared");
    presto.hide("alice", "s", "alices");
    Eventually.holds(Duration.ofSeconds(30), () -> isSeen(port, "alice", List.of("s.shared")));

    int calm = stack.proxy(MirrorStack.perUser(Duration.ofHours(1)));
    try (Connection connection = MirrorStack.connect(calm, "bob")) {
      assertThat(Stack.rows(connection, MAY_READ)).containsExactly("s.shared", "u.bobs");
      presto.showAll().table("u", "new", "a bigint");
      Stack.run(connection, "CALL prestogres.refresh_catalog()");
      assertThat(Stack.rows(connection, MAY_READ))
          .containsExactly("s.alices", "s.shared", "u.bobs", "u.new");
    }
  }

  private static boolean isSeen(int port, String user, List<String> tables) {
    try {
      return seen(port, user).equals(tables);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldKeepWhatWasSeenWherePrestoCannotBeAsked() throws Exception {
    int port = stack.proxy(MirrorStack.perUser(Duration.ofSeconds(1)));
    assertThat(seen(port, "alice")).containsExactly("s.alices", "s.shared");

    presto.rejectEverything(true);
    try {
      Eventually.holds(Duration.ofSeconds(30), () -> isWarned(port));
      assertThat(seen(port, "alice")).containsExactly("s.alices", "s.shared");
      assertThat(seen(port, "bob")).isEmpty();
    } finally {
      presto.rejectEverything(false);
    }
  }

  private static boolean isWarned(int port) {
    try (Connection connection = MirrorStack.connect(port, "alice")) {
      return connection.getWarnings() != null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void shouldTurnOverAMirrorThatStands() throws Exception {
    assertThat(seen(stack.proxy(MirrorStack.CALM), "bob"))
        .containsExactly("s.alices", "s.shared", "u.bobs");
    stack.endProxies();

    assertThat(seen(stack.proxy(MirrorStack.perUser(Duration.ofHours(1))), "bob"))
        .containsExactly("s.shared", "u.bobs");
    stack.endProxies();

    assertThat(seen(stack.proxy(MirrorStack.CALM), "bob"))
        .containsExactly("s.alices", "s.shared", "u.bobs");
    assertThat(stack.ask("SELECT * FROM prestogres.catalog_problem")).isEmpty();
  }
}
