package io.prestogres.demo.engines;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How {@link TrinoMain} is run, on a Java that is new enough for Trino. */
final class TrinoCommand {
  /** System property: where profile {@code trino} has unpacked server and connectors. */
  private static final String HOME = "trino.home";

  private final EmbeddedPresto.Options options;
  private final int port;
  private final Path folder;

  TrinoCommand(EmbeddedPresto.Options options, int port, Path folder) {
    this.options = options;
    this.port = port;
    this.folder = folder;
  }

  List<String> prepare() throws IOException {
    Path home = home();
    Path settings = writeSettings(home);
    List<String> arguments = new ArrayList<>(options.jvmOptions());
    arguments.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")));
    arguments.add("-Dconfig=" + settings);
    arguments.add("-Duser.timezone=UTC");
    arguments.add("-Dfile.encoding=UTF-8");
    // What bin/launcher gives it.
    arguments.add("-Djdk.attach.allowAttachSelf=true");
    arguments.add("-XX:+EnableDynamicAgentLoading");
    arguments.add("--enable-native-access=ALL-UNNAMED");
    arguments.add("--sun-misc-unsafe-memory-access=allow");
    arguments.add("--add-modules=jdk.incubator.vector");
    arguments.add("-cp");
    arguments.add(EngineFiles.ownClasses() + File.pathSeparator + home.resolve("lib").resolve("*"));
    arguments.add(TrinoMain.class.getName());
    arguments.add(folder.toString());
    arguments.add("http://127.0.0.1:" + port);
    Path java = TrinoJava.find().orElseThrow(() -> new IOException(TrinoJava.MISSING));
    return EngineFiles.command(java, arguments, folder);
  }

  private static Path home() throws IOException {
    String home = System.getProperty(HOME, "");
    if (home.isEmpty() || !Files.isDirectory(Path.of(home, "lib"))) {
      throw new IOException("there is no Trino at -D" + HOME + "=" + home + ": use -Ptrino");
    }
    return Path.of(home).toAbsolutePath();
  }

  private Path writeSettings(Path home) throws IOException {
    Path catalogs = Files.createDirectory(folder.resolve("catalog"));
    EngineFiles.writeProperties(
        catalogs.resolve("tpch.properties"), Map.of("connector.name", "tpch"));
    EngineFiles.writeProperties(
        catalogs.resolve("memory.properties"),
        Map.of("connector.name", "memory", "memory.max-data-per-node", options.memoryTables()));
    EngineFiles.writeProperties(
        catalogs.resolve("blackhole.properties"), Map.of("connector.name", "blackhole"));
    Path levels = folder.resolve("levels.properties");
    EngineFiles.writeProperties(levels, Map.of("", "ERROR"));
    Map<String, String> settings = new HashMap<>();
    settings.put("coordinator", "true");
    settings.put("node-scheduler.include-coordinator", "true");
    settings.put("http-server.http.port", Integer.toString(port));
    settings.put("discovery.uri", "http://127.0.0.1:" + port);
    settings.put("node.environment", "embedded");
    settings.put("node.internal-address", "127.0.0.1");
    settings.put("node.bind-ip", "127.0.0.1");
    settings.put("plugin.dir", home.resolve("plugin").toString());
    settings.put("catalog.config-dir", catalogs.toString());
    settings.put("log.levels-file", levels.toString());
    settings.putAll(options.settings());
    Optional<OnePassword> password = OnePassword.takenFrom(settings);
    if (password.isPresent()) {
      Path authenticator = new TrinoPasswordFile(password.get()).write(folder);
      settings.put("password-authenticator.config-files", authenticator.toString());
    }
    Path file = folder.resolve("config.properties");
    EngineFiles.writeProperties(file, settings);
    return file;
  }
}
