package io.prestogres.it;

import io.prestogres.demo.engines.EmbeddedPostgresql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The PL/Java of this machine's PostgreSQL, set up as docs/table-function.md says. */
public final class InstalledPljava {
  /** The last Java that can enforce a policy. */
  private static final int NEWEST_JAVA = 23;

  private static final Path JAR =
      Path.of("../plugins/presto-functions/target/prestogres-presto-functions.jar")
          .toAbsolutePath()
          .normalize();

  private InstalledPljava() {}

  /** Skips tests where there is nothing to run them on. */
  public static final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return missing()
          .map(ConditionEvaluationResult::disabled)
          .orElseGet(() -> ConditionEvaluationResult.enabled("PL/Java is installed"));
    }
  }

  private static Optional<String> missing() {
    if (Runtime.version().feature() > NEWEST_JAVA) {
      return Optional.of("PL/Java 1.6 has no security policy with Java newer than " + NEWEST_JAVA);
    }
    if (!Files.exists(JAR)) {
      return Optional.of("not packaged: " + JAR);
    }
    if (!Files.exists(libjvm())) {
      return Optional.of("there is no " + libjvm());
    }
    try {
      Path control = Path.of(pgConfig("--sharedir"), "extension", "pljava.control");
      return Files.exists(control)
          ? Optional.empty()
          : Optional.of("the PostgreSQL of pg_config has no PL/Java: there is no " + control);
    } catch (IOException failure) {
      return Optional.of("there is no pg_config, so no PostgreSQL is installed here");
    }
  }

  /** With the jar of the functions and its policy. */
  public static EmbeddedPostgresql.Options options() {
    return withoutJar()
        .withServerSetting(
            "pljava.vmoptions",
            "-Djava.class.path="
                + JAR
                + " -Djava.security.manager=allow -XX:+UseSerialGC -Xmx128m"
                + " -XX:TieredStopAtLevel=1")
        .withServerSetting(
            "pljava.policy_urls",
            "\"file:${org.postgresql.sysconfdir}/pljava.policy\",\"jar:file:"
                + JAR
                + "!/prestogres.policy\",\"=\"");
  }

  /** The same, with every statement logged to a file. */
  public static EmbeddedPostgresql.Options logging(Path log) {
    return options()
        .withServerSetting("log_statement", "all")
        .withServerSetting("logging_collector", "on")
        .withServerSetting("log_directory", log.getParent().toString())
        .withServerSetting("log_filename", log.getFileName().toString())
        .withServerSetting("log_file_mode", "0644");
  }

  /** As it is when PL/Java is installed and nothing more. */
  static EmbeddedPostgresql.Options withoutJar() {
    return EmbeddedPostgresql.Options.defaults()
        .withInstalled()
        .withServerSetting("max_connections", "200")
        .withServerSetting("pljava.libjvm_location", libjvm().toString());
  }

  private static Path libjvm() {
    return Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
  }

  private static String pgConfig(String what) throws IOException {
    Process process = new ProcessBuilder("pg_config", what).start();
    try (InputStream output = process.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
