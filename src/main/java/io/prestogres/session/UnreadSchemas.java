package io.prestogres.session;

import io.prestogres.catalog.MirroredDatabase;
import io.prestogres.sql.NameReference;
import io.prestogres.sql.ScannedStatement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Has the tables of schemas read that a statement names, before it is planned, where schemas are
 * read lazily. Belongs to the session's context.
 */
final class UnreadSchemas {
  /** How long Presto is not asked again for what it could not tell. */
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Relay relay;
  private final Notices notices;
  private final MirroredDatabase database;
  private final Function<String, Future<List<String>>> read;
  private final Map<String, Long> tried = new HashMap<>();

  /**
   * The schemas of a session.
   *
   * @param read reads a schema; never fails, and tells what the user has to know
   */
  UnreadSchemas(
      Relay relay,
      Notices notices,
      MirroredDatabase database,
      Function<String, Future<List<String>>> read) {
    this.relay = relay;
    this.notices = notices;
    this.database = database;
    this.read = read;
  }

  /** Those that a statement names, wherever in a name: also as SET search_path does. */
  static Set<String> namedIn(ScannedStatement statement, MirroredDatabase database) {
    return statement.names().stream()
        .map(NameReference::parts)
        .flatMap(List::stream)
        .filter(database::isUnread)
        .collect(Collectors.toSet());
  }

  /** Reads those that the statements name; completes on the session's context, and never fails. */
  Future<Void> readThoseIn(List<ScannedStatement> statements) {
    long now = System.nanoTime();
    List<String> schemas =
        statements.stream()
            .flatMap(statement -> namedIn(statement, database).stream())
            .distinct()
            .filter(schema -> !tried.containsKey(schema) || now - tried.get(schema) > PAUSE_NANOS)
            .toList();
    if (schemas.isEmpty()) {
      return Future.succeededFuture();
    }
    schemas.forEach(schema -> tried.put(schema, now));
    Promise<Void> promise = Promise.promise();
    Future.join(schemas.stream().map(read).toList())
        .onComplete(
            told ->
                relay
                    .context()
                    .runOnContext(
                        v -> {
                          if (!relay.client().closed()) {
                            told.result().<List<String>>list().stream()
                                .flatMap(List::stream)
                                .distinct()
                                .forEach(notices::warn);
                          }
                          promise.complete();
                        }));
    return promise.future();
  }
}
