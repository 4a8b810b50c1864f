package io.prestogres.intercept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.prestogres.config.ConfigException;
import io.prestogres.config.PluginConfig;
import io.prestogres.config.Problem;
import io.prestogres.config.Secret;
import io.prestogres.plugin.Plugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginLoaderTest {

  @TempDir private Path directory;

  @Test
  void shouldKeepPluginsApartWhenTheirClassesHaveOneName() throws Exception {
    Path first = PluginJar.of("first").write(directory.resolve("first.jar"));
    Path second = PluginJar.of("second").write(directory.resolve("second.jar"));

    List<LoadedPlugin> loaded =
        PluginLoader.load(List.of(config("first", first), config("second", second)));

    Class<?> one = loaded.get(0).plugin().getClass();
    Class<?> two = loaded.get(1).plugin().getClass();
    assertThat(loaded)
        .extracting(plugin -> plugin.plugin().name())
        .containsExactly("first", "second");
    assertThat(one).isNotSameAs(two);
    assertThat(one.getName()).isEqualTo(two.getName()).isEqualTo(PluginJar.CLASS);
    loaded.forEach(LoadedPlugin::close);
  }

  @Test
  void shouldHideTheProxyAndItsLibraries() throws Exception {
    Path jar = PluginJar.of("alone").write(directory.resolve("alone.jar"));

    try (LoadedPlugin loaded = PluginLoader.load(List.of(config("alone", jar))).get(0)) {
      ClassLoader loader = loaded.loader();

      assertThat(loader.loadClass(Plugin.class.getName())).isSameAs(Plugin.class);
      assertThat(loader.loadClass("java.sql.Connection")).isSameAs(java.sql.Connection.class);
      for (String hidden :
          List.of(
              "io.prestogres.config.ProxyConfig",
              "io.prestogres.intercept.Plugins",
              "io.vertx.core.Vertx")) {
        assertThat(Class.forName(hidden)).isNotNull();
        assertThatThrownBy(() -> loader.loadClass(hidden))
            .isInstanceOf(ClassNotFoundException.class);
      }
    }
  }

  @Test
  void shouldIgnoreACopyOfTheApi() throws Exception {
    Map<String, byte[]> files = PluginJar.of("copy").classes();
    String api = Plugin.class.getName().replace('.', '/') + ".class";
    try (InputStream copy = Plugin.class.getClassLoader().getResourceAsStream(api)) {
      files.put(api, copy.readAllBytes());
    }
    files.put(services(), PluginJar.CLASS.getBytes(StandardCharsets.UTF_8));
    Path jar = PluginJar.write(directory.resolve("copy.jar"), files);

    List<LoadedPlugin> loaded = PluginLoader.load(List.of(config("copy", jar)));

    assertThat(loaded).singleElement().extracting(LoadedPlugin::name).isEqualTo("copy");
    loaded.forEach(LoadedPlugin::close);
  }

  @Test
  void shouldReportEverythingThatIsWrong() throws IOException {
    Path text = Files.writeString(directory.resolve("text.jar"), "this is no jar");
    Path empty = PluginJar.write(directory.resolve("empty.jar"), Map.of());
    Path good = PluginJar.of("good").write(directory.resolve("good.jar"));
    Path newer = PluginJar.of("newer").version(2).write(directory.resolve("newer.jar"));
    Path broken =
        PluginJar.of("broken")
            .constructor("if (true) throw new IllegalStateException(\"no luck\");")
            .write(directory.resolve("broken.jar"));
    Path absent =
        PluginJar.write(
            directory.resolve("absent.jar"),
            Map.of(services(), "example.Nowhere".getBytes(StandardCharsets.UTF_8)));

    List<String> problems =
        problems(
            config("text", text),
            config("empty", empty),
            config("bad", good),
            config("newer", newer),
            config("broken", broken),
            config("absent", absent));

    assertThat(problems).hasSize(6);
    assertThat(problems.get(0)).startsWith("plugins[0].jar: " + text + " cannot be read as a jar");
    assertThat(problems.get(1))
        .isEqualTo("plugins[1].jar: " + empty + " holds no plugin: it lacks " + services());
    assertThat(problems.get(2))
        .isEqualTo("plugins[2].name: " + good + " holds no plugin bad; it holds: good");
    assertThat(problems.get(3))
        .isEqualTo(
            "plugins[3].jar: %s was built for version 2 of the plugin API; this proxy has version 1"
                .formatted(newer));
    assertThat(problems.get(4))
        .startsWith("plugins[4].jar: " + broken + " cannot be loaded")
        .contains("no luck");
    assertThat(problems.get(5))
        .startsWith("plugins[5].jar: " + absent + " cannot be loaded")
        .contains("example.Nowhere");
  }

  @Test
  void shouldGiveSettingsAndReportEveryPluginThatDoesNotStart() throws Exception {
    Path jar =
        PluginJar.of("one")
            .start("throw new IllegalArgumentException(\"got \" + context.settings());")
            .write(directory.resolve("one.jar"));
    Path other =
        PluginJar.of("two").start("throw new Error();").write(directory.resolve("two.jar"));
    Path closed = directory.resolve("closed");
    Path good =
        PluginJar.of("good")
            .close(
                "try { java.nio.file.Files.createFile(java.nio.file.Path.of(\"%s\")); }"
                        .formatted(closed)
                    + " catch (java.io.IOException e) { throw new RuntimeException(e); }")
            .write(directory.resolve("good.jar"));
    PluginConfig set =
        new PluginConfig(
            "one",
            jar,
            Map.of("key", new Secret("value")),
            List.of(),
            PluginConfig.DEFAULT_TIMEOUT);

    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () -> Plugins.start(List.of(config("good", good), set, config("two", other))));

    assertThat(thrown.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "plugins[1]: one does not start: got {key=value}",
            "plugins[2]: two does not start: java.lang.Error");
    assertThat(closed).exists();
  }

  private static List<String> problems(PluginConfig... configs) {
    return catchThrowableOfType(ConfigException.class, () -> PluginLoader.check(List.of(configs)))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  private static String services() {
    return "META-INF/services/" + Plugin.class.getName();
  }

  private static PluginConfig config(String name, Path jar) {
    return new PluginConfig(name, jar, Map.of(), List.of(), PluginConfig.DEFAULT_TIMEOUT);
  }
}
