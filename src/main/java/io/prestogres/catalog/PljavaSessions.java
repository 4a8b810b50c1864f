package io.prestogres.catalog;

import io.prestogres.config.PrestoConfig;
import io.prestogres.config.PrestoSessionConfig;
import io.prestogres.presto.PrestoCoordinator;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
  private final PrestoCoordinator.Credentials credentials;
  private final Supplier<Map<String, String>> pemTexts;
  private final Set<String> databases = ConcurrentHashMap.newKeySet();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final Map<Integer, Known> known = new ConcurrentHashMap<>();

  private final Map<String, Map<String, String>> everybodyElsesTickets = new ConcurrentHashMap<>();

  /**
   * A session.
   *
   * @param ticket of Kerberos, with which it asks Presto; empty if that is not how
   */
  private record Known(String database, OffsetDateTime started, Map<String, String> ticket) {}

  /**
   * The sessions of one instance.
   *
   * @param credentials what proves to Presto who asks
   * @param pemTexts what https needs beyond what the JDK has: {@code ca}, {@code certificate},
   *     {@code key}
   */
  public PljavaSessions(
      ControlConnections connections,
      PrestoConfig presto,
      PrestoCoordinator.Credentials credentials,
      Supplier<Map<String, String>> pemTexts) {
    this.connections = connections;
    this.presto = presto;
    this.credentials = credentials;
    this.pemTexts = pemTexts;
  }

  /** From now on the database's table function is PL/Java's, or is not. */
  void use(String database, boolean pljava) {
    if (pljava) {
      databases.add(database);
    } else {
      databases.remove(database);
    }
  }

  /** Whether the database's table function is PL/Java's. */
  public boolean uses(String database) {
    return databases.contains(database);
  }

  /** Tells the database how a session that is none of the proxy's asks Presto. */
  Future<Void> putEverybodyElse(String database) {
    return connections
        .pool(database)
        .query(PljavaFunction.sealKey())
        .execute()
        .onSuccess(rows -> keys.put(database, rows.iterator().next().getString("key")))
        .compose(rows -> ticket())
        .compose(
            ticket -> {
              everybodyElsesTickets.put(database, ticket);
              Tuple row = addEverybodyElse(Tuple.of(url(), prestoUser()), database, ticket);
              return execute(database, PljavaFunction.putEverybodyElse(), row);
            })
        .mapEmpty();
  }

  /** Of Kerberos, as whom all ask who have nothing of their own; empty if that is not how. */
  private Future<Map<String, String>> ticket() {
    return credentials
        .tickets()
        .map(tickets -> tickets.serviceTicket(presto.url().getHost()))
        .orElseGet(() -> Future.succeededFuture(Map.of()));
  }

  private Tuple addEverybodyElse(Tuple row, String database, Map<String, String> ticket) {
    PrestoSessionConfig asked = presto.session();
    String catalog = presto.catalog().isEmpty() ? database : presto.catalog();
    row.addArrayOfString(
        settings(
            catalog,
            asked.source(),
            asked.clientTags(),
            asked.sessionProperties(),
            PrestoSession.roles(asked.roles())));
    // Where passwords are forwarded there is none of somebody who has not come through the proxy.
    boolean forwards = presto.login().forwardPassword();
    return row.addString(
        forwards
            ? sealed(database, "", Map.of())
            : sealed(database, credentials.authorization(), ticket));
  }

  /**
   * Tells the database how a backend's session asks Presto.
   *
   * @return completes when the backend can see it
   */
  public Future<Void> put(String database, int processId, String role, PrestoSession session) {
    if (!uses(database)) {
      return Future.succeededFuture();
    }
    return ticket().compose(ticket -> put(database, processId, role, session, ticket));
  }

  private Future<Void> put(
      String database,
      int processId,
      String role,
      PrestoSession session,
      Map<String, String> everybodysTicket) {
    Tuple row = Tuple.of(processId, role, url(), prestoUser());
    row.addArrayOfString(
        settings(
            session.catalog(),
            session.source(),
            session.clientTags(),
            session.properties(),
            session.roles()));
    String own = session.authorization();
    Map<String, String> ticket = own.isEmpty() ? everybodysTicket : Map.of();
    row.addString(sealed(database, own.isEmpty() ? credentials.authorization() : own, ticket));
    addEverybodyElse(row, database, everybodysTicket);
    return execute(database, PljavaFunction.putSession(), row)
        .onSuccess(
            rows -> {
              for (Row one : rows) {
                known.put(processId, new Known(database, one.getOffsetDateTime("started"), ticket));
              }
            })
        .mapEmpty();
  }

  /**
   * Replaces tickets of Kerberos that are not the newest. To be called often: where there is
   * nothing to do, it costs nothing.
   *
   * @return fails as a login does
   */
  public Future<Void> renewTickets() {
    if (credentials.tickets().isEmpty() || databases.isEmpty()) {
      return Future.succeededFuture();
    }
    return ticket()
        .compose(
            ticket ->
                Future.join(
                    databases.stream().map(database -> renewTickets(database, ticket)).toList()))
        .mapEmpty();
  }

  private Future<Void> renewTickets(String database, Map<String, String> ticket) {
    Map<Integer, Known> renewed = new HashMap<>();
    known.forEach(
        (processId, session) -> {
          boolean old = !session.ticket().isEmpty() && !session.ticket().equals(ticket);
          if (old && session.database().equals(database)) {
            renewed.put(processId, new Known(database, session.started(), ticket));
          }
        });
    boolean everybodyElse =
        !presto.login().forwardPassword()
            && !ticket.equals(everybodyElsesTickets.getOrDefault(database, ticket));
    if (renewed.isEmpty() && !everybodyElse) {
      return Future.succeededFuture();
    }
    List<Integer> processIds = new ArrayList<>();
    List<@Nullable OffsetDateTime> starts = new ArrayList<>();
    renewed.forEach(
        (processId, session) -> {
          processIds.add(processId);
          starts.add(session.started());
        });
    if (everybodyElse) {
      processIds.add(0);
      starts.add(null);
    }
    Tuple row =
        Tuple.of(sealed(database, "", ticket))
            .addArrayOfInteger(processIds.toArray(Integer[]::new))
            .addArrayOfOffsetDateTime(starts.toArray(OffsetDateTime[]::new));
    return execute(database, PljavaFunction.replaceSealed(), row)
        .onSuccess(
            done -> {
              renewed.forEach((id, session) -> known.computeIfPresent(id, (k, old) -> session));
              everybodyElsesTickets.put(database, ticket);
            })
        .mapEmpty();
  }

  /** Forgets a session that has ended, with its backend. */
  public void forget(int processId) {
    remove(processId)
        .onFailure(
            failure ->
                LOG.log(System.Logger.Level.DEBUG, "a row of a session is left over", failure));
  }

  /** Forgets a session whose backend will serve another; completes when that cannot see it. */
  public Future<Void> remove(int processId) {
    Known ended = known.remove(processId);
    return ended == null
        ? Future.succeededFuture()
        : execute(
                ended.database(),
                PljavaFunction.removeSession(),
                Tuple.of(processId, ended.started()))
            .mapEmpty();
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

  /** What is secret of the settings; null if nothing is. */
  private @Nullable String sealed(
      String database, String authorization, Map<String, String> ticket) {
    Map<String, String> texts = new HashMap<>(pemTexts.get());
    texts.putAll(ticket);
    if (!authorization.isEmpty()) {
      texts.put("authorization", authorization);
    }
    credentials.extra().forEach((name, value) -> texts.put("credential." + name, value));
    return texts.isEmpty() ? null : SealedTexts.seal(keys.getOrDefault(database, ""), texts);
  }

  /** By its beginning the functions choose the driver, which wants a port. */
  private String url() {
    String scheme =
        presto.flavor() == PrestoConfig.Flavor.TRINO ? "jdbc:trino://" : "jdbc:presto://";
    int port = presto.url().getPort();
    String authority = presto.url().getAuthority();
    return scheme + (port < 0 ? authority + (isEncrypted() ? ":443" : ":80") : authority);
  }

  private boolean isEncrypted() {
    return "https".equalsIgnoreCase(presto.url().getScheme());
  }

  private @Nullable String prestoUser() {
    return presto.session().user().isEmpty() ? null : presto.session().user();
  }

  private String[] settings(
      String catalog,
      String source,
      List<String> clientTags,
      Map<String, String> properties,
      Map<String, String> roles) {
    List<String> settings = new ArrayList<>();
    settings.add("catalog=" + catalog);
    settings.add("source=" + source);
    settings.add("SSL=" + isEncrypted());
    if (!clientTags.isEmpty()) {
      settings.add("clientTags=" + String.join(",", clientTags));
    }
    new TreeMap<>(properties)
        .forEach((name, value) -> settings.add("session." + name + "=" + value));
    new TreeMap<>(roles).forEach((owner, role) -> settings.add("role." + owner + "=" + role));
    return settings.toArray(String[]::new);
  }
}
