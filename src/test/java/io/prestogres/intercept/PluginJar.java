package io.prestogres.intercept;

import io.prestogres.demo.engines.TemporaryFolder;
import io.prestogres.plugin.Plugin;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles a plugin and writes its jar, as a stranger would who has the API's jar and a JDK. */
public record PluginJar(
    String name, String version, String constructor, String start, String close) {

  /** The class that every plugin made here has. */
  static final String CLASS = "example.Example";

  private static final String SERVICES = "META-INF/services/" + Plugin.class.getName();

  private static final String SOURCE =
      """
      package example;
      import io.prestogres.plugin.*;
      import java.util.*;
      import java.util.concurrent.*;
      public class Example implements Plugin {
        static int made;
        public Example() { made++; %s }
        public int apiVersion() { return %s; }
        public String name() { return "%s"; }
        public void start(PluginContext context) throws Exception { %s }
        public void close() { %s }
      }
      """;

  /** A plugin that does nothing. */
  public static PluginJar of(String name) {
    return new PluginJar(name, "API_VERSION", "", "", "");
  }

  /** The same with this code as the body of {@code start(PluginContext context)}. */
  public PluginJar start(String code) {
    return new PluginJar(name, version, constructor, code, close);
  }

  PluginJar version(int number) {
    return new PluginJar(name, String.valueOf(number), constructor, start, close);
  }

  PluginJar constructor(String code) {
    return new PluginJar(name, version, code, start, close);
  }

  PluginJar close(String code) {
    return new PluginJar(name, version, constructor, start, code);
  }

  /** Compiles it and writes the jar. */
  public Path write(Path jar) throws IOException {
    Map<String, byte[]> files = classes();
    files.put(SERVICES, CLASS.getBytes(StandardCharsets.UTF_8));
    return write(jar, files);
  }

  /** The class files by their names in a jar. */
  Map<String, byte[]> classes() throws IOException {
    Path directory = TemporaryFolder.untilExit("prestogres-plugin");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> mistakes = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(mistakes, null, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of(api()));
      String source = SOURCE.formatted(constructor, version, name, start, close);
      JavaFileObject file = new Source(source);
      if (!compiler.getTask(null, files, mistakes, List.of(), null, List.of(file)).call()) {
        throw new IllegalArgumentException(mistakes.getDiagnostics().toString());
      }
    }
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String entry = directory.relativize(path).toString().replace('\\', '/');
        classes.put(entry, Files.readAllBytes(path));
      }
    }
    return classes;
  }

  private static Path api() {
    try {
      return Path.of(Plugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a jar of any files. */
  public static Path write(Path jar, Map<String, byte[]> files) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new JarEntry(file.getKey()));
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    return jar;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///example/Example.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
