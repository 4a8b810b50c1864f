package io.prestogres.server;

import io.prestogres.catalog.CatalogMirror;
import io.prestogres.catalog.ControlConnections;
import io.prestogres.catalog.EndpointPasswords;
import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.presto.PrestoException;
import io.prestogres.presto.PrestoSession;
import io.prestogres.results.EndpointServices;
import io.prestogres.results.Requester;
import io.prestogres.results.ScanTarget;
import io.prestogres.session.PrestoSessions;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.List;
import java.util.Optional;

/** What the results endpoint of an instance needs, found in the instance's other parts. */
record InstanceEndpointServices(
    ControlConnections connections,
    EndpointPasswords passwords,
    PrestoSessions prestoSessions,
    CatalogMirror mirror)
    implements EndpointServices {

  @Override
  public Future<Boolean> verify(Requester requester, String password) {
    return passwords.verify(requester.database(), requester.role(), password);
  }

  @Override
  public Future<PrestoSession> prestoSession(Requester requester) {
    try {
      return Future.succeededFuture(prestoSessions.of(requester));
    } catch (PrestoException refusal) {
      return Future.failedFuture(refusal);
    }
  }

  /** A shell that is not known may be newer than our last look, or the proxy has just started. */
  @Override
  public Future<Optional<ScanTarget>> shell(Requester requester, String schema, String table) {
    Optional<ScanTarget> known = find(mirror.current(requester.database()), schema, table);
    if (known.isPresent()) {
      return Future.succeededFuture(known);
    }
    return mirror
        .setUp(requester.database(), requester.role(), notice -> {})
        .map(setup -> find(setup.database(), schema, table));
  }

  private static Optional<ScanTarget> find(
      Optional<MirroredDatabase> database, String schema, String table) {
    return database.flatMap(
        found ->
            found
                .shell(schema, table)
                .map(shell -> new ScanTarget(shell, found.translationOptions())));
  }

  @Override
  public Future<List<String>> refresh(Requester requester, Optional<String> schema) {
    return mirror.refresh(requester.database(), schema);
  }

  @Override
  public void scanned(Requester requester, String table, long rows) {
    prestoSessions.session(requester).ifPresent(session -> session.scanned(table, rows));
  }

  @Override
  public Future<PgConnection> evaluator(String database) {
    return connections.connect(database);
  }
}
