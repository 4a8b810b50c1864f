package io.prestogres.demo.engines;

import com.facebook.presto.plugin.memory.MemoryPlugin;
import com.facebook.presto.server.testing.TestingPrestoServer;
import com.facebook.presto.sql.parser.SqlParserOptions;
import com.facebook.presto.tpcds.TpcdsPlugin;
import com.facebook.presto.tpch.TpchPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The main class of Presto's own process. The first argument is its folder, which holds {@code
 * presto.properties}; when Presto is up, its address is written to standard output in one line.
 */
final class PrestoMain {
  private static final String MEMORY_LIMIT = "memory.max-data-per-node";

  private PrestoMain() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    StandardInput.endProcessWithIt(folder);
    StandardInput.deleteAtExit(folder);
    Map<String, String> settings = read(folder.resolve("presto.properties"));
    String memoryLimit = settings.getOrDefault(MEMORY_LIMIT, "512MB");
    settings.remove(MEMORY_LIMIT);
    Optional<OnePassword> password = OnePassword.takenFrom(settings);
    TestingPrestoServer server;
    try {
      server = start(settings, memoryLimit);
      if (password.isPresent()) {
        new PrestoAuthenticator(password.get()).install(server, folder);
      }
    } catch (Exception | Error failure) {
      // Half a Presto has threads that are no daemons: without this the process would stay.
      failure.printStackTrace();
      Runtime.getRuntime().halt(1);
      return;
    }
    System.out.println("READY " + server.getBaseUrl());
    System.out.flush();
  }

  private static TestingPrestoServer start(Map<String, String> settings, String memoryLimit)
      throws Exception {
    TestingPrestoServer server =
        new TestingPrestoServer(true, settings, null, null, new SqlParserOptions(), List.of());
    server.installPlugin(new TpchPlugin());
    server.createCatalog("tpch", "tpch");
    server.installPlugin(new TpcdsPlugin());
    server.createCatalog("tpcds", "tpcds");
    server.installPlugin(new MemoryPlugin());
    server.createCatalog("memory", "memory", Map.of(MEMORY_LIMIT, memoryLimit));
    server.refreshNodes();
    return server;
  }

  private static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return settings;
  }
}
