package io.prestogres.it;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import java.nio.file.Path;

/**
 * The PostgreSQL of the tests that do not need a particular one: the oldest that is supported or,
 * with {@code -Dpostgresql=18}, the newest.
 */
public final class BundledPostgresql {
  private BundledPostgresql() {}

  /** How it is started. */
  public static EmbeddedPostgresql.Options options() {
    String version = System.getProperty("postgresql", "15");
    return switch (version) {
      case "15" -> EmbeddedPostgresql.Options.defaults();
      case "18" -> newest();
      default -> throw new IllegalArgumentException("-Dpostgresql is 15 or 18, not " + version);
    };
  }

  /** The newest, whatever is asked for. */
  public static EmbeddedPostgresql.Options newest() {
    return EmbeddedPostgresql.Options.defaults()
        .withArchive(Path.of(System.getProperty("postgresql18.jar")));
  }
}
