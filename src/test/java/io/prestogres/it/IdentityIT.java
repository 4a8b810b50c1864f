package io.prestogres.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

/** Whatever a client tries, Presto is asked as the role that logged in, and no secret is shown. */
@ExtendWith(StackExtension.class)
class IdentityIT {
  private static final String WHO =
      "select unnest(b[1]::text[]) from (select"
          + " prestogres.fetch_presto_query_results('select current_user') as b offset 0) t";

  private final Stack stack;

  IdentityIT(Stack stack) {
    this.stack = stack;
  }

  private Connection alice() throws SQLException {
    return stack.connect("alice", "tpch", p -> NeverSilentIT.with(p, "password", "secret"));
  }

  @Test
  void shouldAskAsTheRoleThatLoggedInWhateverItSets() throws SQLException {
    try (Connection victim = stack.connect("presto", "tpch");
        Connection alice = alice()) {
      String pid = Stack.rows(victim, "select pg_backend_pid()").get(0);
      Stack.run(
          alice,
          "set postgres_fdw.application_name = 'prestogres " + pid + "'",
          "set application_name = 'prestogres " + pid + "'",
          "select set_config('prestogres.user', 'presto', false)",
          "set search_path = pg_temp, sf1",
          "create function pg_temp.pg_backend_pid() returns int language sql as 'select "
              + pid
              + "'");
      assertThat(Stack.rows(alice, WHO)).containsExactly("alice");
      assertScansAs(alice, "alice", 1);
    }
  }

  @Test
  void shouldAskAsTheRoleThatLoggedInAfterSetRole() throws SQLException {
    try (Connection administrator = stack.direct("postgres", "tpch");
        Connection presto = stack.connect("presto", "tpch")) {
      Stack.run(administrator, "create role borrowed", "grant borrowed to presto");
      try {
        Stack.run(presto, "set role borrowed");
        assertThat(Stack.rows(presto, WHO)).containsExactly("presto");
        assertThatThrownBy(() -> Stack.run(presto, "set session authorization alice"))
            .hasMessageContaining("permission denied");
      } finally {
        Stack.run(presto, "reset role");
        Stack.run(administrator, "drop role borrowed");
      }
    }
  }

  /** pg_backend_pid is PostgreSQL's to evaluate, so that the statement scans. */
  private void assertScansAs(Connection connection, String user, int key) throws SQLException {
    assertThat(
            Stack.rows(
                connection,
                "select count(*) from sf1.region where name <> 'identity%d'".formatted(key)
                    + " and pg_backend_pid() > 0"))
        .containsExactly("5");
    assertThat(stack.prestoQueries("'identity" + key + "'"))
        .isNotEmpty()
        .allSatisfy(query -> assertThat(query.user()).isEqualTo(user));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from prestogres.secret",
        "select * from prestogres_scan.\"sf1.region\"",
        "create user mapping for alice server prestogres_scan options (user 'presto')",
        "alter user mapping for alice server prestogres_scan options (set user 'presto')",
        "alter user mapping for presto server prestogres_scan options (set password 'mine')",
        "drop user mapping for presto server prestogres_scan",
        "alter server prestogres_scan options (set port '1')",
        "create foreign table mine (batch text) server prestogres_scan",
        "create server elsewhere foreign data wrapper postgres_fdw",
        "create or replace function prestogres.fetch_presto_query_results(query text, parameters"
            + " text[] default '{}') returns setof text[] language sql as 'select null::text[]'",
        "alter function prestogres.fetch_presto_query_results(text, text[]) security invoker",
        "alter function prestogres.fetch_presto_query_results(text, text[]) owner to alice",
        "create table prestogres.mine (x int)",
        "set role prestogres_owner",
        "grant prestogres_owner to alice"
      })
  void shouldForbidWhatWouldForgeAnIdentity(String sql) throws SQLException {
    try (Connection alice = alice()) {
      assertThatThrownBy(() -> Stack.run(alice, sql))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> assertThat(e.getSQLState()).as(e.getMessage()).isIn("42501", "0LP01"));
      assertThat(Stack.rows(alice, WHO)).containsExactly("alice");
    }
  }

  @Test
  void shouldShowNoSecret() throws SQLException {
    String secret;
    List<String> passwords;
    try (Connection administrator = stack.direct("postgres", "tpch")) {
      secret = Stack.rows(administrator, "select value from prestogres.secret").get(0);
      passwords =
          Stack.rows(
              administrator,
              "select split_part(option, '=', 2) from pg_user_mappings, unnest(umoptions) option"
                  + " where option like 'password=%'");
    }
    assertThat(passwords).isNotEmpty().allSatisfy(one -> assertThat(one).hasSizeGreaterThan(20));
    List<String> showing =
        List.of(
            "select coalesce(umoptions::text, '') from pg_user_mappings",
            "select srvoptions::text from pg_foreign_server",
            "select query from pg_stat_activity",
            "select pg_get_functiondef(oid) from pg_proc"
                + " where pronamespace = 'prestogres'::regnamespace",
            "select definition from pg_views",
            "explain (verbose) select name from sf1.region",
            "explain (verbose) " + WHO,
            "select name || coalesce(setting, '') from pg_settings");
    try (Connection alice = alice()) {
      for (String sql : showing) {
        String shown = String.join("\n", Stack.rows(alice, sql));
        assertThat(shown).as(sql).isNotEmpty().doesNotContain(secret);
        assertThat(passwords).as(sql).noneMatch(shown::contains);
      }
    }
  }
}
