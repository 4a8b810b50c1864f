package io.prestogres.intercept;

import io.prestogres.config.ConfigException;
import io.prestogres.config.PluginConfig;
import io.prestogres.config.Problem;
import io.prestogres.metrics.InstanceMetrics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The plugins of the running program. May be used by every thread. */
public final class Plugins implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Plugins.class.getName());

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** For all of them together: a process that is told to stop has 30 s in all. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);

  /** Plugins may block, so more than there are cores. */
  private static final int THREADS = 16;

  private static final int WAITING = 10_000;

  private final List<StartedPlugin> started;
  private final PluginWorkers workers;

  private Plugins(List<StartedPlugin> started, PluginWorkers workers) {
    this.started = List.copyOf(started);
    this.workers = workers;
  }

  /**
   * Loads and starts plugins; blocks until all have started.
   *
   * @throws ConfigException with everything that is wrong; nothing keeps running then
   */
  public static Plugins start(List<PluginConfig> configs) throws InterruptedException {
    return start(configs, new PluginWorkers(THREADS, WAITING));
  }

  static Plugins start(List<PluginConfig> configs, PluginWorkers workers)
      throws InterruptedException {
    List<StartedPlugin> started = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    List<LoadedPlugin> loaded = PluginLoader.load(configs);
    for (LoadedPlugin plugin : loaded) {
      StartedPlugin starting = new StartedPlugin(plugin);
      FutureTask<Boolean> start =
          run(
              plugin,
              () -> {
                starting.start();
                return true;
              });
      try {
        start.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        started.add(starting);
      } catch (ExecutionException e) {
        problems.add(problem(plugin, e.getCause() == null ? e : e.getCause()));
      } catch (TimeoutException e) {
        start.cancel(true);
        problems.add(problem(plugin, e));
      }
    }
    Plugins plugins = new Plugins(started, workers);
    if (!problems.isEmpty()) {
      plugins.close();
      loaded.forEach(LoadedPlugin::close);
      throw new ConfigException("plugins", problems);
    }
    return plugins;
  }

  private static Problem problem(LoadedPlugin plugin, Throwable failure) {
    LOG.log(Level.DEBUG, "plugin " + plugin.name() + " does not start", failure);
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return new Problem(
        plugin.path(),
        0,
        failure instanceof TimeoutException
            ? plugin.name() + " does not start within " + START_LIMIT.toSeconds() + " s"
            : plugin.name() + " does not start: " + message);
  }

  /**
   * Not on the pool: plugins are started before there are calls, and closed although it is full.
   */
  private static FutureTask<Boolean> run(LoadedPlugin plugin, Callable<Boolean> code) {
    FutureTask<Boolean> task = new FutureTask<>(code);
    Thread thread = new Thread(task, "plugin-" + plugin.name());
    thread.setDaemon(true);
    thread.setContextClassLoader(plugin.loader());
    thread.start();
    return task;
  }

  /**
   * What intercepts the clients of one instance.
   *
   * @param metrics where failures of plugins are counted
   */
  public Interceptors of(String instance, InstanceMetrics metrics) {
    List<StartedPlugin> serving =
        started.stream().filter(plugin -> plugin.loaded().config().serves(instance)).toList();
    return new Interceptors(instance, serving, workers, metrics);
  }

  /** Closes every plugin; blocks, but not for long: what does not end in time is left alone. */
  @Override
  public void close() {
    workers.close();
    List<FutureTask<Boolean>> closing = new ArrayList<>();
    for (StartedPlugin plugin : started) {
      closing.add(
          run(
              plugin.loaded(),
              () -> {
                plugin.loaded().plugin().close();
                return true;
              }));
    }
    long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
    for (int i = 0; i < closing.size(); i++) {
      LoadedPlugin plugin = started.get(i).loaded();
      try {
        closing.get(i).get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(Level.WARNING, "plugin " + plugin.name() + " did not close", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      plugin.close();
    }
  }
}
