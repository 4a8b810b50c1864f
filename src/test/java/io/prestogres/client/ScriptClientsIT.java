package io.prestogres.client;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.prestogres.client.ScriptClient.Installation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers outside the JVM, each in a script of its own. */
@ExtendWith(ClientProxyExtension.class)
class ScriptClientsIT {
  private static final List<Part> ALL = List.copyOf(EnumSet.allOf(Part.class));
  private static final List<Part> BUT_CANCEL =
      List.of(Part.BROWSE, Part.PARAMETERS, Part.ROWS, Part.ERROR);
  private static final List<Part> DATA = List.of(Part.PARAMETERS, Part.ROWS);

  private final ClientProxy proxy;

  ScriptClientsIT(ClientProxy proxy) {
    this.proxy = proxy;
  }

  /** Every client with all parts, its other variants with what differs between them. */
  static Stream<Arguments> clients() {
    return Stream.of(
        arguments(ScriptClient.PSQL, "-", ALL),
        arguments(ScriptClient.PSYCOPG2, "-", ALL),
        arguments(ScriptClient.PSYCOPG, "text", ALL),
        arguments(ScriptClient.PSYCOPG, "binary", DATA),
        arguments(ScriptClient.PSYCOPG, "pipeline", List.of(Part.PARAMETERS, Part.ERROR)),
        arguments(ScriptClient.ASYNCPG, "-", ALL),
        arguments(ScriptClient.SQLALCHEMY, "-", ALL),
        arguments(ScriptClient.ODBC, "UseDeclareFetch=0;UseServerSidePrepare=0", ALL),
        arguments(ScriptClient.ODBC, "UseDeclareFetch=1;Fetch=1000;UseServerSidePrepare=1", ALL),
        arguments(ScriptClient.ODBC, "UseDeclareFetch=0;UseServerSidePrepare=1", DATA),
        arguments(ScriptClient.ODBC, "UseDeclareFetch=1;UseServerSidePrepare=0", DATA),
        arguments(ScriptClient.DBD_PG, "1", ALL),
        arguments(ScriptClient.DBD_PG, "0", DATA),
        arguments(ScriptClient.PHP, "-", ALL),
        arguments(ScriptClient.PDO, "0", BUT_CANCEL),
        arguments(ScriptClient.PDO, "1", DATA),
        arguments(ScriptClient.RUBY, "text", ALL),
        arguments(ScriptClient.RUBY, "binary", DATA),
        arguments(ScriptClient.NODE_PG, "-", ALL),
        arguments(ScriptClient.POSTGRES_JS, "-", ALL),
        arguments(ScriptClient.GO, "pq", ALL),
        arguments(ScriptClient.GO, "pgx", ALL),
        arguments(ScriptClient.GO, "pgx-simple", DATA));
  }

  static Stream<Arguments> clientsOverTls() {
    List<Part> withCancel = List.of(Part.ROWS, Part.CANCEL);
    return Stream.of(
        arguments(ScriptClient.PSQL, "-", withCancel),
        arguments(ScriptClient.PSYCOPG, "binary", withCancel),
        arguments(ScriptClient.ASYNCPG, "-", withCancel),
        arguments(ScriptClient.ODBC, "UseDeclareFetch=0;UseServerSidePrepare=0", DATA),
        arguments(ScriptClient.DBD_PG, "1", DATA),
        arguments(ScriptClient.PHP, "-", DATA),
        arguments(ScriptClient.RUBY, "text", DATA),
        arguments(ScriptClient.NODE_PG, "-", withCancel),
        arguments(ScriptClient.POSTGRES_JS, "-", withCancel),
        arguments(ScriptClient.GO, "pq", withCancel),
        arguments(ScriptClient.GO, "pgx", withCancel));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("clients")
  void shouldSeeWhatEveryClientSees(ScriptClient client, String variant, List<Part> parts)
      throws Exception {
    assertSees(client, variant, parts, "disable");
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("clientsOverTls")
  void shouldSeeTheSameOverTls(ScriptClient client, String variant, List<Part> parts)
      throws Exception {
    assertSees(client, variant, parts, "require");
  }

  private void assertSees(ScriptClient client, String variant, List<Part> parts, String sslmode)
      throws Exception {
    Installation installation = client.install();
    List<String> command = new ArrayList<>(installation.command());
    command.add(variant);
    parts.forEach(part -> command.add(part.word()));
    List<String> seen = new Script(installation.folder(), variables(sslmode)).lines(command);
    client.expected(Expected.read()).assertSeen(parts, seen);
  }

  private Map<String, String> variables(String sslmode) {
    return Map.of(
        "PGHOST",
        "127.0.0.1",
        "PGPORT",
        String.valueOf(proxy.port()),
        "PGUSER",
        ClientProxy.USER,
        "PGDATABASE",
        ClientProxy.DATABASE,
        "PGSSLMODE",
        sslmode,
        "PYTHONDONTWRITEBYTECODE",
        "1");
  }
}
