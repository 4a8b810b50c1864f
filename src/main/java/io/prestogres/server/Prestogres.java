package io.prestogres.server;

import io.prestogres.config.ProxyConfig;
import io.prestogres.metrics.ProxyMetrics;
import io.prestogres.sql.Translations;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** temp */
public final class Prestogres implements AutoCloseable {
  private final Vertx vertx;
  private final List<ProxyInstance> instances;

  private Prestogres(Vertx vertx, List<ProxyInstance> instances) {
    this.vertx = vertx;
    this.instances = instances;
  }

  public static Prestogres start(ProxyConfig config) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    ProxyMetrics metrics = new ProxyMetrics();
    List<ProxyInstance> instances =
        config.instances().stream()
            .map(i -> new ProxyInstance(vertx, i, new Translations(2), metrics.instance(i.name())))
            .toList();
    for (ProxyInstance instance : instances) {
      try {
        instance.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return new Prestogres(vertx, instances);
  }

  @Override
  public void close() {
    instances.forEach(ProxyInstance::close);
    vertx.close();
  }
}
