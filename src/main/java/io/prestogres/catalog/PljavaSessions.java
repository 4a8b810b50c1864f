package io.prestogres.catalog;

import io.prestogres.config.PrestoConfig;
import io.prestogres.config.PrestoSessionConfig;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the table function over PL/Java has to know of the proxy's sessions: a row of {@code
 * prestogres.session} for each, written over control connections before the client's first
 * statement and whenever its Presto properties change. Does nothing in databases whose table
 * function is another. Thread-safe.
 */
public final class PljavaSessions {
  private static final System.Logger LOG = System.getLogger(PljavaSessions.class.getName());

  private final ControlConnections connections;
  private final PrestoConfig presto;
  private final Set<String> databases = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();

  private record Known(String database, OffsetDateTime started) {}

  /** The sessions of one instance. */
  public PljavaSessions(ControlConnections connections, PrestoConfig presto) {
    this.connections = connections;
    this.presto = presto;
  }

  /** Why the functions cannot ask this instance's Presto, if they cannot. */
  Optional<String> unsuitable() {
    if (presto.flavor() == PrestoConfig.Flavor.TRINO) {
      return Optional.of("the functions of PL/Java speak to Presto only, not to Trino");
    }
    if ("https".equalsIgnoreCase(presto.url().getScheme())) {
      return Optional.of("the functions of PL/Java do not speak to Presto over https");
    }
    PrestoSessionConfig asked = presto.session();
    boolean plain =
        asked.clientTags().isEmpty()
            && asked.roles().isEmpty()
            && asked.extraCredentials().isEmpty();
    return plain
        ? Optional.empty()
        : Optional.of(
            "the functions of PL/Java have no client-tags, roles and extra-credentials for Presto");
  }

  /** From now on the database's table function is PL/Java's, or is not. */
  void use(String database, boolean pljava) {
    if (pljava) {
      databases.add(database);
    } else {
      databases.remove(database);
    }
  }

  /** Tells the database how a session that is none of the proxy's asks Presto. */
  Future<Void> putEverybodyElse(String database) {
    String catalog = presto.catalog().isEmpty() ? database : presto.catalog();
    Tuple row = Tuple.of(url(), prestoUser());
    row.addArrayOfString(
        settings(catalog, presto.session().source(), presto.session().sessionProperties()));
    return execute(database, PljavaFunction.putEverybodyElse(), row).mapEmpty();
  }

  /**
   * Tells the database how a backend's session asks Presto.
   *
   * @return completes when the backend can see it
   */
  public Future<Void> put(String database, int processId, String role, PrestoSession session) {
    if (!databases.contains(database)) {
      return Future.succeededFuture();
    }
    Tuple row = Tuple.of(processId, role, url(), prestoUser());
    row.addArrayOfString(settings(session.catalog(), session.source(), session.properties()));
    return execute(database, PljavaFunction.putSession(), row)
        .onSuccess(
            rows -> {
              for (Row one : rows) {
                known.put(processId, new Known(database, one.getOffsetDateTime("started")));
              }
            })
        .mapEmpty();
  }

  /** Forgets a session that has ended. */
  public void remove(int processId) {
    Known ended = known.remove(processId);
    if (ended != null) {
      execute(
              ended.database(),
              PljavaFunction.removeSession(),
              Tuple.of(processId, ended.started()))
          .onFailure(
              failure ->
                  LOG.log(System.Logger.Level.DEBUG, "a row of a session is left over", failure));
    }
  }

  /**
   * Has a session that was told to stop do so, if it has not. PL/Java makes a backend deaf while it
   * waits for something that is not Java.
   */
  public void wake(int processId) {
    Known session = known.get(processId);
    if (session != null) {
      connections
          .pool(session.database())
          .query(PljavaFunction.wake(processId))
          .execute()
          .onFailure(
              failure ->
                  LOG.log(System.Logger.Level.DEBUG, "a backend could not be woken", failure));
    }
  }

  private Future<RowSet<Row>> execute(String database, String sql, Tuple row) {
    return connections.pool(database).preparedQuery(sql).execute(row);
  }

  private String url() {
    return "jdbc:presto://" + presto.url().getAuthority();
  }

  private @Nullable String prestoUser() {
    return presto.session().user().isEmpty() ? null : presto.session().user();
  }

  private static String[] settings(String catalog, String source, Map<String, String> properties) {
    return Stream.concat(
            Stream.of("catalog=" + catalog, "source=" + source),
            new TreeMap<>(properties)
                .entrySet().stream()
                    .map(property -> "session." + property.getKey() + "=" + property.getValue()))
        .toArray(String[]::new);
  }
}
