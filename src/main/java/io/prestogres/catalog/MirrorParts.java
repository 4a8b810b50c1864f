package io.prestogres.catalog;

import io.prestogres.config.InstanceConfig;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.presto.PrestoSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * What the mirrors of all databases of one instance share.
 *
 * @param userSessions as whom Presto is asked on behalf of a role
 */
record MirrorParts(
    Vertx vertx,
    InstanceConfig config,
    ControlConnections connections,
    EndpointPasswords passwords,
    TableFunctionSetup tableFunction,
    CatalogReader reader,
    Function<String, PrestoSession> userSessions,
    InstanceMetrics metrics,
    Clock clock) {
  /** Runs what takes long on a worker: a catalog may have a million columns. */
  <T> Future<T> work(Callable<T> task) {
    return vertx.executeBlocking(task, false);
  }
}
