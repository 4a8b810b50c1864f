package io.prestogres.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads the configuration file. May be used by several threads; reads files, so it blocks. */
public final class ConfigLoader {

  private final Map<String, String> environment;

  /**
   * Makes a loader.
   *
   * @param environment the variables that {@code ${NAME}} stands for
   */
  public ConfigLoader(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads a file. Files that it names by {@code ${file:path}} are looked for beside it.
   *
   * @throws ConfigException with every mistake in it, or because it cannot be read
   */
  public ProxyConfig load(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(
          file, Files.exists(file) ? "cannot be read (" + e + ")" : "there is no such file");
    }
    Path directory = file.toAbsolutePath().getParent();
    return parse(file.toString(), yaml, directory == null ? file.toAbsolutePath() : directory);
  }

  /**
   * Reads a configuration that is no file.
   *
   * @param yaml the configuration itself
   * @throws ConfigException with every mistake in it
   */
  public ProxyConfig parse(String yaml) {
    return parse("configuration", yaml, Path.of("").toAbsolutePath());
  }

  private ProxyConfig parse(String name, String yaml, Path directory) {
    Problems problems = new Problems();
    YamlNode root = YamlTree.parse(yaml, problems);
    if (root instanceof YamlNode.Blank && !problems.isEmpty()) {
      throw new ConfigException(name, problems.sorted());
    }
    ConfigReader.Contents contents =
        new BlockReader("", root, problems, new Substitution(environment, directory))
            .whole(ConfigReader::file);
    Listeners.check(contents, problems);
    PluginList.check(contents, problems);
    SecurityPolicy.check(contents.instances(), problems);
    KerberosReader.check(contents.instances(), problems);
    if (!problems.isEmpty()) {
      throw new ConfigException(name, problems.sorted());
    }
    return new ProxyConfig(contents.settings(), contents.plugins(), contents.instances());
  }

  private static ConfigException unreadable(Path file, String message) {
    Problems problems = new Problems();
    problems.add("", message);
    return new ConfigException(file.toString(), problems.sorted());
  }
}
