package io.prestogres.server;

import io.prestogres.catalog.ControlConnections;
import io.prestogres.catalog.DumpExclusions;
import io.prestogres.config.InstanceConfig;
import io.prestogres.config.ProxyConfig;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@code prestogres dump-options} prints; asks PostgreSQL as the control role. */
final class DumpOptions {
  private static final int TIMEOUT_SECONDS = 60;

  private final ProxyConfig config;

  DumpOptions(ProxyConfig config) {
    this.config = config;
  }

  /**
   * The options for a database; blocks.
   *
   * @param database its name; "" if the configuration names only one
   * @throws StartFailure if it is not clear which is meant, or it cannot be asked
   */
  List<String> of(String database) throws StartFailure, InterruptedException {
    String name = database.isEmpty() ? only() : database;
    InstanceConfig instance =
        config.instances().stream()
            .filter(candidate -> shows(candidate, name))
            .findFirst()
            .orElseThrow(() -> failure("no instance shows a catalog in database " + name));
    Vertx vertx = Vertx.vertx();
    try (ControlConnections connections =
        new ControlConnections(
            vertx,
            instance,
            Objects.requireNonNull(Prestogres.readTlsFiles(config).get(instance.name()))
                .redirectAuthorities())) {
      return DumpExclusions.of(connections, name)
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failure(
          "database "
              + name
              + " cannot be asked: "
              + Optional.ofNullable(e.getCause()).orElse(e).getMessage());
    } catch (TimeoutException e) {
      throw failure("database " + name + " does not answer");
    } finally {
      vertx.close();
    }
  }

  private String only() throws StartFailure {
    List<String> named =
        config.instances().stream()
            .flatMap(instance -> instance.presto().databases().stream())
            .distinct()
            .toList();
    if (named.size() != 1) {
      throw failure("--database is needed: the configuration does not name exactly one");
    }
    return named.get(0);
  }

  private static boolean shows(InstanceConfig instance, String database) {
    return instance.presto().catalog().isEmpty()
        || instance.presto().databases().contains(database);
  }

  private static StartFailure failure(String message) {
    return new StartFailure(message);
  }
}
