package io.prestogres.config;

import static io.prestogres.config.ConfigLoaderTest.MINIMAL;
import static io.prestogres.config.ConfigLoaderTest.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PrestoReaderTest {

  private final ConfigLoader loader = new ConfigLoader(Map.of());

  @Test
  void shouldReadHowPrestoIsAsked() {
    String yaml =
        MINIMAL.replace("http:", "https:")
            + """
                  client-tags: [bi, "7"]
                  roles: {hive: admin, system: ALL}
                  extra-credentials: {token: s3cret}
                  login: {user: proxy, password: s3cret, ca: ca.pem}
            """;

    PrestoConfig presto = loader.parse(yaml).instances().get(0).presto();

    assertThat(presto.session().clientTags()).containsExactly("bi", "7");
    assertThat(presto.session().roles()).containsEntry("hive", "admin");
    assertThat(presto.session().extraCredentials()).containsEntry("token", new Secret("s3cret"));
    assertThat(presto.login().user()).isEqualTo("proxy");
    assertThat(presto.login().password().value()).isEqualTo("s3cret");
    assertThat(presto.toString()).doesNotContain("s3cret");
  }

  @Test
  void shouldReadWhetherPasswordsAreForwarded() {
    String yaml =
        MINIMAL.replace("http:", "https:")
            + "      login: {access-token: t, forward-password: true}\n"
            + "    tls: {mode: require, certificate: c.pem, key: k.pem}\n";

    assertThat(loader.parse(yaml).instances().get(0).presto().login().forwardPassword()).isTrue();
  }

  @Test
  void shouldSayWhatIsWrongWithALogin() {
    String https = MINIMAL.replace("http:", "https:");

    assertThat(problems(loader, MINIMAL + "      login: {access-token: t}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login: needs a url that begins with https");
    assertThat(problems(loader, https + "      login: {user: u}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.password: is missing; user needs it");
    assertThat(problems(loader, https + "      login: {key: k.pem}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.certificate: is missing; key needs it");
    assertThat(problems(loader, https + "      login: {user: u, password: p, access-token: t}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.access-token: excludes a password");
    assertThat(problems(loader, https + "      login: {forward-password: true}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.forward-password: needs tls.mode: require");
    assertThat(
            problems(
                loader,
                https
                    + "      user: etl\n      login: {forward-password: true}\n"
                    + "    tls: {mode: require, certificate: c.pem, key: k.pem}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.forward-password: excludes user");
    assertThat(problems(loader, MINIMAL + "      login: {forward-password: true}\n"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("instances[0].presto.login: needs a url that begins with https"));
    assertThat(problems(loader, https + "      client-tags: [\"a,b\"]\n"))
        .singleElement()
        .asString()
        .contains("client-tags[0]", "no comma");
  }
}
