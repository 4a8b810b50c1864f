package io.prestogres.demo.engines;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The files with which a process is started. */
final class EngineFiles {
  private EngineFiles() {}

  static void writeProperties(Path file, Map<String, String> settings) throws IOException {
    Properties properties = new Properties();
    properties.putAll(settings);
    try (var writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
  }

  /** Returns the command that runs {@code java} with these arguments. */
  static List<String> command(Path java, List<String> arguments, Path folder) throws IOException {
    Path file = folder.resolve("arguments");
    // A file, because a class path is longer than some systems allow a command line to be.
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      text.append('"').append(argument.replace("\\", "\\\\")).append("\"\n");
    }
    Files.writeString(file, text);
    return List.of(java.toString(), "@" + file);
  }

  /** Where the classes of this module are. */
  static Path ownClasses() throws IOException {
    try {
      return Path.of(EngineFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IOException(impossible);
    }
  }
}
