package io.prestogres.server;

import io.prestogres.auth.TlsFileException;
import io.prestogres.auth.TlsFiles;
import io.prestogres.config.Address;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.ProxyConfig;
import io.prestogres.intercept.Plugins;
import io.prestogres.metrics.InstanceMetrics;
import io.prestogres.metrics.ProxyMetrics;
import io.prestogres.sql.Translations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The running program: everything is wired here. May be used by every thread. */
public final class Prestogres implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Prestogres.class.getName());

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /**
   * Beyond the time that clients have to finish, so that a default stays below Kubernetes' 30 s.
   */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private static final int TRANSLATING_THREADS = 2;

  private final Vertx vertx;
  private final Plugins plugins;
  private final Duration shutdownTimeout;
  private final ProxyMetrics metrics = new ProxyMetrics();
  private final Translations translations = new Translations(TRANSLATING_THREADS);
  private final List<ProxyInstance> instances;
  private final AdminServer admin;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Prestogres(
      Vertx vertx, ProxyConfig config, Map<String, TlsFiles> tlsFiles, Plugins plugins) {
    this.vertx = vertx;
    this.plugins = plugins;
    this.shutdownTimeout =
        config.instances().stream()
            .map(instance -> instance.limits().shutdownTimeout())
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    this.instances =
        config.instances().stream()
            .map(
                instance ->
                    instance(
                        instance,
                        Objects.requireNonNull(tlsFiles.get(instance.name())),
                        config.settings().eventLoops()))
            .toList();
    Map<String, Supplier<Future<Void>>> checks = new LinkedHashMap<>();
    instances.forEach(instance -> checks.putAll(instance.checks()));
    this.admin = new AdminServer(vertx, metrics, checks);
  }

  private ProxyInstance instance(InstanceConfig config, TlsFiles tlsFiles, int eventLoops) {
    InstanceMetrics counted = metrics.instance(config.name());
    return new ProxyInstance(
        vertx,
        config,
        tlsFiles,
        eventLoops,
        translations,
        plugins.of(config.name(), counted),
        counted);
  }

  /**
   * Starts everything; blocks until all of it listens.
   *
   * @throws StartFailure if something cannot; nothing keeps running then
   * @throws io.prestogres.config.ConfigException if a plugin cannot, with everything that is wrong
   *     with plugins; nothing keeps running then
   */
  public static Prestogres start(ProxyConfig config) throws StartFailure, InterruptedException {
    Map<String, TlsFiles> tlsFiles = readTlsFiles(config);
    Plugins plugins = Plugins.start(config.plugins());
    Prestogres prestogres =
        new Prestogres(
            Vertx.vertx(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventLoopPoolSize(config.settings().eventLoops())),
            config,
            tlsFiles,
            plugins);
    boolean started = false;
    try {
      await(prestogres.listen(config), START_LIMIT);
      started = true;
      return prestogres;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof StartFailure known
          ? known
          : new StartFailure("cannot start: " + cause, e);
    } catch (TimeoutException e) {
      throw new StartFailure("cannot start within " + START_LIMIT.toSeconds() + " s", e);
    } finally {
      if (!started) {
        prestogres.close();
      }
    }
  }

  /**
   * Reads the certificates and keys of every instance.
   *
   * @throws StartFailure if one of them cannot be used
   */
  static Map<String, TlsFiles> readTlsFiles(ProxyConfig config) throws StartFailure {
    Map<String, TlsFiles> files = new LinkedHashMap<>();
    for (InstanceConfig instance : config.instances()) {
      try {
        files.put(instance.name(), new TlsFiles(instance));
      } catch (TlsFileException e) {
        throw new StartFailure(instance.name() + ": TLS: " + e.getMessage(), e);
      }
    }
    return files;
  }

  private Future<Void> listen(ProxyConfig config) {
    Future<Void> all =
        config.settings().admin().map(this::listenForAdmin).orElseGet(Future::succeededFuture);
    for (ProxyInstance instance : instances) {
      all = all.compose(listening -> instance.listen());
    }
    return all;
  }

  private Future<Void> listenForAdmin(Address address) {
    return admin
        .listen(address)
        .recover(
            failure ->
                Future.failedFuture(
                    new PortUnavailable("settings", "admin.port", address.port(), failure)))
        .mapEmpty();
  }

  /** The port of the admin server; empty if there is none. */
  public OptionalInt adminPort() {
    return admin.port();
  }

  /** Stops everything; blocks until that is done, but not for ever. A second call only waits. */
  @Override
  public void close() {
    try {
      if (closing.compareAndSet(false, true)) {
        await(
            Future.join(instances.stream().map(ProxyInstance::close).toList())
                .transform(done -> vertx.close()),
            shutdownTimeout.plus(CLOSE_LIMIT));
        translations.close();
        plugins.close();
        metrics.close();
      } else {
        awaitClose();
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "stopped before everything was closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }

  /** Blocks until {@link #close} is done. */
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  private static <T> T await(Future<T> future, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
