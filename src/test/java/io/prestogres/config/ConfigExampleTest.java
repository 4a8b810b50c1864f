package io.prestogres.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps {@code config.yml.example} loadable, complete, and true about the defaults. */
class ConfigExampleTest {

  private static final Path EXAMPLE = Path.of("..", "config.yml.example");

  private final ConfigLoader loader = new ConfigLoader(Map.of());

  @Test
  void shouldShowTheDefaultOfEveryKey() {
    ProxyConfig minimal =
        loader.parse(
            """
            settings: {admin: {}}
            instances:
              - listen: {name: prestogres, host: 127.0.0.1, port: 5439}
                redirect: {name: postgresql, host: 127.0.0.1, port: 5432}
                presto: {url: "http://127.0.0.1:8080"}
            """);

    assertThat(loader.load(EXAMPLE)).isEqualTo(minimal);
  }

  @Test
  void shouldHoldEveryKey() throws IOException {
    Problems problems = new Problems();
    YamlNode example = YamlTree.parse(withPlugin(Files.readString(EXAMPLE)), problems);
    List<String> missing = new ArrayList<>();

    compare(ProxyConfig.class, example, "", missing);

    assertThat(problems.isEmpty()).isTrue();
    assertThat(missing).isEmpty();
  }

  @Test
  void shouldShowAPluginThatCanBeUncommented(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("config.yml");
    Files.writeString(file, withPlugin(Files.readString(EXAMPLE)));
    Files.createDirectories(directory.resolve("plugins"));
    Files.writeString(directory.resolve("plugins/prestogres-query-log.jar"), "");

    PluginConfig plugin = loader.load(file).plugins().get(0);

    assertThat(plugin.name()).isEqualTo("query-log");
    assertThat(plugin.instances()).isEmpty();
    assertThat(plugin.timeout()).isEqualTo(PluginConfig.DEFAULT_TIMEOUT);
  }

  /** With the signs of comments taken from the plugin that the example shows. */
  private static String withPlugin(String example) {
    int list = example.indexOf("\nplugins: []\n") + 1;
    int next = example.indexOf("\n\n# At least one.", list);
    String plugin = example.substring(list, next).replace("plugins: []", "plugins:");
    return example.substring(0, list)
        + plugin.replaceAll("(?m)^#(?=  )", "")
        + example.substring(next);
  }

  @Test
  void shouldSayOfEveryKeyWhatItIs() throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLE);

    Set<String> selfEvident = Set.of("name", "host", "port", "user", "password", "connections");
    for (int i = 0; i < lines.size(); i++) {
      String key = lines.get(i).replaceFirst("^[ -]*", "").replaceFirst(":.*", "");
      boolean isKey = lines.get(i).matches("[ -]*[a-z-]+:.*");
      boolean opensBlock = i + 1 < lines.size() && lines.get(i).endsWith(":");
      if (isKey && !opensBlock && !selfEvident.contains(key)) {
        assertThat(lines.get(i - 1)).as("before %s", lines.get(i)).contains("#");
      }
    }
  }

  private static void compare(Type type, YamlNode node, String path, List<String> missing) {
    if (type instanceof ParameterizedType wrapper) {
      boolean wraps = List.of(Optional.class, List.class).contains(wrapper.getRawType());
      YamlNode inner =
          node instanceof YamlNode.Sequence list && !list.items().isEmpty()
              ? list.items().get(0)
              : node;
      if (wraps) {
        compare(wrapper.getActualTypeArguments()[0], inner, path, missing);
      }
    } else if (type instanceof Class<?> record && record.isRecord() && record != Secret.class) {
      Map<String, YamlNode.Entry> entries = ((YamlNode.Block) node).entries();
      for (RecordComponent component : record.getRecordComponents()) {
        String key = key(component);
        if (Set.of(PrestoSessionConfig.class, ScanLimits.class).contains(component.getType())) {
          // Their keys stand in the block itself.
          compare(component.getType(), node, path, missing);
        } else if (entries.containsKey(key)) {
          compare(component.getGenericType(), entries.get(key).node(), path + "." + key, missing);
        } else {
          missing.add(path + "." + key);
        }
      }
    }
  }

  /** {@code maxStatementBytes} is {@code max-statement}: in the file the value has the unit. */
  private static String key(RecordComponent component) {
    String name = component.getName().replaceFirst("Bytes$", "");
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
