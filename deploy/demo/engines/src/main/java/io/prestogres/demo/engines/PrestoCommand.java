package io.prestogres.demo.engines;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How {@link PrestoMain} is run, on the Java that runs this. */
final class PrestoCommand {
  /** Written by the build of this module: the jars of Presto, one a line. */
  private static final String CLASS_PATH = "/META-INF/prestogres/presto.classpath";

  private final EmbeddedPresto.Options options;
  private final int port;
  private final Path folder;

  PrestoCommand(EmbeddedPresto.Options options, int port, Path folder) {
    this.options = options;
    this.port = port;
    this.folder = folder;
  }

  List<String> prepare() throws IOException {
    writeSettings();
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    arguments.add("-Djava.util.logging.config.file=" + folder.resolve("logging.properties"));
    arguments.add("-Duser.timezone=UTC");
    arguments.add("-Dfile.encoding=UTF-8");
    arguments.add("-cp");
    arguments.add(classPath());
    arguments.add(PrestoMain.class.getName());
    arguments.add(folder.toString());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return EngineFiles.command(java, arguments, folder);
  }

  private void writeSettings() throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("http-server.http.port", Integer.toString(port));
    settings.put("node-scheduler.include-coordinator", "true");
    settings.put("memory.max-data-per-node", options.memoryTables());
    // All tasks that it remembers are gone through five times a second, and all queries.
    settings.put("task.info.max-age", "20s");
    settings.put("query.min-expire-age", "1m");
    settings.putAll(options.settings());
    EngineFiles.writeProperties(folder.resolve("presto.properties"), settings);
    // Presto and its libraries warn hundreds of times at each start; only what is severe is kept.
    Files.writeString(
        folder.resolve("logging.properties"),
        "handlers=java.util.logging.ConsoleHandler\n.level=SEVERE\n");
    Files.createDirectory(folder.resolve("tmp"));
  }

  private static String classPath() throws IOException {
    try (InputStream resource = PrestoCommand.class.getResourceAsStream(CLASS_PATH)) {
      if (resource == null) {
        throw new IOException(CLASS_PATH + " is missing: build demo-engines with Maven first");
      }
      String jars = new String(resource.readAllBytes(), StandardCharsets.UTF_8).trim();
      for (String jar : jars.split(File.pathSeparator, -1)) {
        if (Files.notExists(Path.of(jar))) {
          throw new IOException(jar + " is missing: build demo-engines with Maven again");
        }
      }
      // This module comes first: it has the patched classes of two connectors.
      return EngineFiles.ownClasses() + File.pathSeparator + jars;
    }
  }
}
