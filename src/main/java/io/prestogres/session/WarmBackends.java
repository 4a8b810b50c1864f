package io.prestogres.session;

import io.prestogres.config.WarmBackendsConfig;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.protocol.Backend;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The backends of one instance that outlive their clients. PostgreSQL has let in the next client by
 * another backend before it gets one of these. Thread-safe.
 */
public final class WarmBackends {
  private final Vertx vertx;
  private final WarmBackendsConfig config;
  private final InstanceMetrics metrics;
  private final List<WarmBackend> waiting = new CopyOnWriteArrayList<>();

  /** None yet. */
  public WarmBackends(Vertx vertx, WarmBackendsConfig config, InstanceMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
  }

  boolean enabled() {
    return config.enabled();
  }

  /** Whether a backend may still get another client. */
  boolean youngEnough(BackendOrigin origin) {
    return System.nanoTime() - origin.startedNanos() < config.lifetime().toNanos();
  }

  /** Keeps a backend; on the context of its session, which has ended with this. */
  void add(Context context, Link link, Backend.KeyData key, BackendOrigin origin) {
    WarmBackend backend = new WarmBackend(context, link, key, origin, config.idleTimeout());
    backend.await(vertx, () -> retire(backend));
    metrics.warmBackendAdded();
    waiting.add(backend);
    List<WarmBackend> like =
        waiting.stream().filter(one -> one.origin().sameRoleAndDatabase(origin)).toList();
    like.stream().limit(Math.max(0, like.size() - config.count())).forEach(this::retire);
  }

  /**
   * A backend that was just like one that has started now, on the current context.
   *
   * @param wanted as that one has started
   */
  Optional<WarmBackend> take(Context context, BackendOrigin wanted) {
    List<WarmBackend> like =
        waiting.stream().filter(one -> one.origin().samePacket(wanted)).toList();
    like.stream()
        .filter(one -> !one.origin().sameSettings(wanted) || !youngEnough(one.origin()))
        .forEach(this::retire);
    // The one that came last has most in its caches.
    for (int i = like.size() - 1; i >= 0; i--) {
      WarmBackend backend = like.get(i);
      if (backend.isFree(context) && remove(backend)) {
        metrics.warmBackendTaken();
        return Optional.of(backend);
      }
    }
    return Optional.empty();
  }

  private boolean remove(WarmBackend backend) {
    if (!waiting.remove(backend)) {
      return false;
    }
    metrics.warmBackendRemoved();
    backend.stopWaiting(vertx);
    return true;
  }

  private void retire(WarmBackend backend) {
    if (remove(backend)) {
      backend.end();
    }
  }

  /** Ends all of them. */
  public void endAll() {
    waiting.forEach(this::retire);
  }
}
