package io.prestogres.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The scripts in the class path of the tests. */
final class WireScripts {
  private static final String SUFFIX = ".wire";

  private WireScripts() {}

  /** Those whose name, without suffix, is this regular expression's; at least one. */
  static List<WireScript> named(String wanted) throws IOException, URISyntaxException {
    return in("/wire", wanted);
  }

  /** Those of a folder of the class path. */
  static List<WireScript> in(String folder, String wanted) throws IOException, URISyntaxException {
    List<WireScript> scripts = new ArrayList<>();
    for (Path file : files(folder)) {
      if (name(file).matches(wanted)) {
        scripts.add(WireScript.parse(name(file), Files.readString(file)));
      }
    }
    assertThat(scripts).as("scripts named %s", wanted).isNotEmpty();
    return scripts;
  }

  private static List<Path> files(String folder) throws IOException, URISyntaxException {
    URL url = Objects.requireNonNull(WireScripts.class.getResource(folder));
    try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(SUFFIX, "");
  }
}
