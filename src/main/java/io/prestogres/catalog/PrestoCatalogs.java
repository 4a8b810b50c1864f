package io.prestogres.catalog;

import io.prestogres.config.InstanceConfig;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Which Presto catalog is shown in which database. Touched on the mirror's context only. */
final class PrestoCatalogs {
  /** Never mirrored into unless named: clients log in to them by default. */
  private static final Set<String> PLAIN = Set.of("postgres", "template0", "template1");

  private final InstanceConfig config;
  private final CatalogReader reader;
  private final Clock clock;
  private Optional<Set<String>> names = Optional.empty();
  private Instant read = Instant.MIN;

  PrestoCatalogs(InstanceConfig config, CatalogReader reader, Clock clock) {
    this.config = config;
    this.reader = reader;
    this.clock = clock;
  }

  /** The catalog of a database; empty if none is shown there. */
  Future<Optional<String>> of(String database) {
    String fixed = config.presto().catalog();
    if (!fixed.isEmpty()) {
      return Future.succeededFuture(
          Optional.of(fixed).filter(catalog -> config.presto().databases().contains(database)));
    }
    if (PLAIN.contains(database)) {
      return Future.succeededFuture(Optional.empty());
    }
    return names()
        .map(known -> known.contains(database) ? Optional.of(database) : Optional.empty());
  }

  /** The catalog that would be shown in the database, if Presto has it. */
  String likely(String database) {
    return config.presto().catalog().isEmpty() ? database : config.presto().catalog();
  }

  private Future<Set<String>> names() {
    if (names.isPresent() && read.plus(config.catalog().refresh()).isAfter(clock.instant())) {
      return Future.succeededFuture(names.get());
    }
    return reader
        .catalogs()
        .onSuccess(
            found -> {
              names = Optional.of(found);
              read = clock.instant();
            });
  }
}
