package io.prestogres.presto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import io.prestogres.demo.engines.EmbeddedPresto;
import io.prestogres.demo.engines.Engine;
import io.prestogres.it.EngineCondition;
import io.prestogres.it.Eventually;
import io.prestogres.it.InstalledPljava;
import io.prestogres.it.Stack;
import io.prestogres.it.TestKdc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An engine that asks for Kerberos, a KDC, and a proxy that logs in. */
@ExtendWith(EngineCondition.class)
class PrestoKerberosIT {
  /** Tickets live no longer, so that some run out while the tests run. */
  private static final Duration LIFE = Duration.ofSeconds(8);

  /** Of what SPNEGO sends, or what is as long. */
  private static final Pattern TOKEN =
      Pattern.compile(TestKdc.IN_TOKENS + "|Negotiate |[A-Za-z0-9+/=]{80}");

  /** What the proxy and the KDC log. */
  private static final List<String> LOGGED = new CopyOnWriteArrayList<>();

  @TempDir private static Path folder;

  private static final Handler LOG =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          LOGGED.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private static TestKdc kdc;
  private static SecuredEngine presto;
  private static LoginProxy proxies;
  private static EmbeddedPostgresql postgresql;
  private static Path keytab;

  @BeforeAll
  static void start() throws Exception {
    kdc = TestKdc.start(Files.createDirectory(folder.resolve("kdc")), LIFE);
    keytab = kdc.add("gateway");
    Path own = kdc.add("HTTP/localhost");
    kdc.add("other/localhost");
    presto =
        SecuredEngine.start(
            folder,
            Map.of(
                "http-server.authentication.type", "KERBEROS",
                "http.server.authentication.krb5.service-name", "HTTP",
                "http.server.authentication.krb5.keytab", own.toString(),
                "http.authentication.krb5.principal-hostname", "localhost",
                "http.authentication.krb5.config", kdc.config().toString()),
            jvmOptions());
    proxies = LoginProxy.of(folder, "https://localhost:" + presto.port());
    Logger root = Logger.getLogger("");
    Logger.getLogger("io.prestogres").setLevel(Level.ALL);
    root.addHandler(LOG);
    postgresql = EmbeddedPostgresql.start();
    LoginProxy.prepare(postgresql);
    // Makes the function that later is asked for what does not succeed.
    through(login(keytab), connection -> Stack.rows(connection, LoginProxy.WHO));
  }

  @AfterAll
  static void stop() throws Exception {
    postgresql.close();
    presto.close();
    kdc.close();
    Logger.getLogger("").removeHandler(LOG);
    Logger.getLogger("io.prestogres").setLevel(null);
  }

  /** Presto checks every token twice, which the JDK takes for a replay. */
  private static String[] jvmOptions() {
    List<String> options = new ArrayList<>(EmbeddedPresto.Options.defaults().jvmOptions());
    if (Engine.chosen() == Engine.PRESTO) {
      options.add("-Dsun.security.krb5.rcache=none");
    }
    return options.toArray(String[]::new);
  }

  private static String login(Path keytab) {
    return "principal: gateway@EXAMPLE.COM, keytab: " + keytab;
  }

  private static void through(String kerberos, LoginProxy.Client client) throws Exception {
    through(postgresql, "loopback", kerberos, client);
  }

  private static void through(
      EmbeddedPostgresql behind, String tableFunction, String kerberos, LoginProxy.Client client)
      throws Exception {
    String login =
        "ca: presto.pem, kerberos: {%s, config: %s, use-canonical-hostname: false}"
            .formatted(kerberos, kdc.config());
    proxies.through(behind, tableFunction, login, client);
  }

  @Test
  void shouldRunQueriesOfOthers() throws Exception {
    through(
        login(keytab),
        connection -> {
          for (int i = 0; i < 20; i++) {
            String whole = "select max(name) from tiny.nation where nationkey < 3 or nationkey = -";
            assertThat(Stack.rows(connection, whole + i)).containsExactly("BRAZIL");
            assertThat(Stack.rows(connection, whole + i + " and pg_backend_pid() > 0"))
                .containsExactly("BRAZIL");
          }
          assertThat(Stack.rows(connection, LoginProxy.WHO)).containsExactly("{\"alice\"}");
        });
    assertThat(presto.engine().queries())
        .filteredOn(query -> query.query().matches("SELECT .* FROM \"tpch\".\"tiny\".*"))
        .hasSizeGreaterThanOrEqualTo(40)
        .allSatisfy(query -> assertThat(query.user()).isEqualTo("alice"));
  }

  @Test
  void shouldRenewItsTicket() throws Exception {
    through(
        login(keytab),
        connection -> {
          long logins = logged("AS_REQ ISSUE");
          long end = System.nanoTime() + LIFE.toNanos() * 5 / 2;
          while (System.nanoTime() < end) {
            assertThat(Stack.rows(connection, LoginProxy.WHO)).containsExactly("{\"alice\"}");
            Thread.sleep(100);
          }
          // Nobody asks for longer than the ticket lives.
          Thread.sleep(LIFE.toMillis() + 1000);
          assertThat(Stack.rows(connection, LoginProxy.WHO)).containsExactly("{\"alice\"}");
          // At half the life of each, of which the KDC cuts parts of a second; not for each
          // request.
          assertThat(logged("AS_REQ ISSUE") - logins).isBetween(3L, 9L);
        });
  }

  @Test
  void shouldLogInWithACredentialCache() throws Exception {
    Path cache = kdc.cache("gateway", keytab);
    through(
        "principal: gateway@EXAMPLE.COM, credential-cache: " + cache,
        connection ->
            assertThat(Stack.rows(connection, LoginProxy.WHO)).containsExactly("{\"alice\"}"));
  }

  @Test
  void shouldSayWhatToDoIfKerberosRefuses() throws Exception {
    Path removed = kdc.add("removed");
    kdc.remove("removed");
    Path stale = kdc.add("stale");
    kdc.replaceKey("stale");
    assertThat(refused("28000", login(removed).replace("gateway", "removed")))
        .contains("cannot log in to Kerberos as removed@EXAMPLE.COM with the keytab " + removed)
        .contains("kinit -k -t " + removed + " removed@EXAMPLE.COM has to succeed");
    assertThat(refused("28000", login(stale).replace("gateway", "stale")))
        .contains("cannot log in to Kerberos as stale@EXAMPLE.COM with the keytab " + stale);
    assertThat(refused("28000", "principal: gateway@EXAMPLE.COM, credential-cache: none.cache"))
        .contains("with the credential cache " + folder.resolve("none.cache"))
        .contains("klist -c");
    assertThat(refused("28000", login(keytab) + ", remote-service-name: unknown"))
        .contains("no Kerberos ticket of gateway@EXAMPLE.COM for Presto as unknown@localhost")
        .contains("remote-service-name");
  }

  /** No keytab and no krb5.conf are on PostgreSQL's machine, and it asks no KDC. */
  @Test
  @ExtendWith(InstalledPljava.Condition.class)
  void shouldRunQueriesOfOthersOverPljava() throws Exception {
    Path log = folder.resolve("postgresql.log");
    try (EmbeddedPostgresql behind = EmbeddedPostgresql.start(InstalledPljava.logging(log))) {
      LoginProxy.prepare(behind);
      through(
          behind,
          "pljava",
          login(keytab),
          connection -> {
            assertThat(Stack.rows(connection, LoginProxy.PROVIDER)).containsExactly("t");
            try (Connection around = behind.connect("alice", "tpch")) {
              // On a busy machine a JVM may take longer to start than a ticket lives.
              for (Connection cold : List.of(connection, around)) {
                Eventually.holds(LIFE.multipliedBy(5), () -> Stack.succeeds(cold, LoginProxy.WHO));
              }
              // Three times as long as a ticket lives.
              long end = System.nanoTime() + LIFE.toNanos() * 3;
              String whole = "select max(name) from tiny.nation where nationkey < 3";
              while (System.nanoTime() < end) {
                assertThat(Stack.rows(connection, whole)).containsExactly("BRAZIL");
                assertThat(Stack.rows(connection, LoginProxy.WHO)).containsExactly("{\"alice\"}");
                assertThat(Stack.rows(around, LoginProxy.WHO)).containsExactly("{\"alice\"}");
                Thread.sleep(200);
              }
            }
          });
      Thread.sleep(LIFE.toMillis() + 1000);
      try (Connection around = behind.connect("alice", "tpch")) {
        assertThatThrownBy(() -> Stack.rows(around, LoginProxy.WHO))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"))
            .hasMessageContaining("the proxy's Kerberos ticket for Presto has run out");
      }
      assertThat(Files.readString(log))
          .contains("INSERT INTO prestogres.session")
          .doesNotContain(TestKdc.IN_TOKENS, "Negotiate", "kerberos.", "gateway@");
    }
  }

  /** Presto repeats the token in its refusal, Trino does not. */
  @Test
  void shouldNotRepeatTokens() throws Exception {
    String why =
        Engine.chosen() == Engine.PRESTO ? "Authentication failed for token: …" : "Invalid Token";
    assertThat(refused("28000", login(keytab) + ", remote-service-name: other"))
        .contains("Presto refused the user's credentials: " + why);
    assertThat(LOGGED).noneMatch(line -> TOKEN.matcher(line).find());
  }

  /** What a query is told, run by hand: without its catalogue nothing is rewritten. */
  private static String refused(String sqlState, String kerberos) throws Exception {
    StringBuilder told = new StringBuilder();
    through(
        kerberos,
        connection ->
            assertThatThrownBy(() -> Stack.rows(connection, LoginProxy.WHO))
                .isInstanceOfSatisfying(
                    SQLException.class,
                    e -> {
                      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState);
                      assertThat(e.getMessage()).doesNotContainPattern(TOKEN);
                      told.append(e.getMessage());
                    }));
    return told.toString();
  }

  private static long logged(String text) {
    return LOGGED.stream().filter(line -> line.contains(text)).count();
  }
}
