package io.prestogres.config;

import static io.prestogres.config.ConfigLoaderTest.MINIMAL;
import static io.prestogres.config.ConfigLoaderTest.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that stand elsewhere: in variables of the environment and in files. */
class ConfigSubstitutionTest {

  private final ConfigLoader loader =
      new ConfigLoader(Map.of("PASSWORD", "s3cret", "PORT", "6000", "EMPTY", ""));

  @Test
  void shouldSubstituteVariablesAndFiles(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("password"), "of a file: ${PORT}\n");
    Path file = directory.resolve("config.yml");
    Files.writeString(
        file,
        MINIMAL.replace("5439", "\"${PORT}\"")
            + "      user: ${PASSWORD}-$${PORT}${EMPTY}\n"
            + "    control: {password: \"${file:password}\"}\n");

    InstanceConfig instance = loader.load(file).instances().get(0);

    assertThat(instance.listen().port()).isEqualTo(6000);
    assertThat(instance.presto().session().user()).isEqualTo("s3cret-${PORT}");
    assertThat(instance.control().password().value()).isEqualTo("of a file: ${PORT}");
  }

  @Test
  void shouldReportSubstitutionsThatFailWithoutShowingValues() {
    assertThat(problems(loader, MINIMAL.replace("5439", "\"${PASSWORD}\"")))
        .containsExactly(
            "instances[0].listen.port: the value of ${PASSWORD} is not a port (1 to 65535)"
                + " (line 2)");
    assertThat(problems(loader, MINIMAL + "      user: ${PORT\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.user: has a ${ without its }");
    assertThat(problems(loader, MINIMAL + "      user: ${PORT:-1}\n"))
        .singleElement()
        .asString()
        .contains("${PORT:-1} is neither ${VARIABLE} nor ${file:path}");
    assertThat(problems(loader, MINIMAL + "      user: ${file:/no/such/file}\n"))
        .singleElement()
        .asString()
        .contains("the file /no/such/file cannot be read");
  }

  @Test
  void shouldNeverShowSecrets() {
    ProxyConfig config = loader.parse(MINIMAL + "    control: {password: \"${PASSWORD}\"}\n");

    assertThat(config.toString()).doesNotContain("s3cret");
    assertThat(config.instances().get(0).control().password().value()).isEqualTo("s3cret");
  }
}
