package io.prestogres.config;

import static io.prestogres.config.ConfigLoaderTest.MINIMAL;
import static io.prestogres.config.ConfigLoaderTest.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerberosReaderTest {
  private static final String HTTPS = MINIMAL.replace("http:", "https:");

  @TempDir private Path folder;

  private final ConfigLoader loader = new ConfigLoader(Map.of());
  private Path keytab;
  private Path krb5Conf;

  @BeforeEach
  void writeFiles() throws IOException {
    keytab = Files.write(folder.resolve("k.keytab"), keytab("gateway", "EXAMPLE.COM"));
    krb5Conf = Files.writeString(folder.resolve("krb5.conf"), "[libdefaults]\n");
  }

  /** MIT's format: one key of AES-128. */
  private static byte[] keytab(String name, String realm) throws IOException {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(entry);
    data.writeShort(1);
    data.writeUTF(realm);
    data.writeUTF(name);
    data.writeInt(1);
    data.writeInt(0);
    data.writeByte(1);
    data.writeShort(17);
    data.writeShort(16);
    data.write(new byte[16]);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream whole = new DataOutputStream(file);
    whole.writeShort(0x502);
    whole.writeInt(entry.size());
    entry.writeTo(whole);
    return file.toByteArray();
  }

  private String login(String keys) {
    return "      login: {kerberos: {" + keys + "}}\n";
  }

  @Test
  void shouldReadHowTheProxyLogsIn() {
    String keys =
        "principal: gateway@EXAMPLE.COM, keytab: %s, config: %s, remote-service-name: presto,"
            + " service-principal-pattern: \"$${SERVICE}@$${HOST}.local\","
            + " use-canonical-hostname: false";

    PrestoLogin read =
        loader
            .parse(HTTPS + login(keys.formatted(keytab, krb5Conf)))
            .instances()
            .get(0)
            .presto()
            .login();

    assertThat(read.kerberos())
        .isEqualTo(
            new KerberosLogin(
                "gateway@EXAMPLE.COM",
                keytab.toString(),
                "",
                krb5Conf.toString(),
                "presto",
                "${SERVICE}@${HOST}.local",
                false));
    assertThat(read.needsTls()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keytab: KEYTAB | principal: is missing: as whom the proxy logs in, as name@REALM",
        "principal: a@B | keytab: is missing: the file with the keys of a@B, or a credential-cache",
        "principal: a, keytab: KEYTAB | principal: a is not a principal with its realm",
        "principal: a@B, keytab: none | keytab: none is not a file that can be read",
        "principal: a@B, keytab: KEYTAB | keytab: KEYTAB has no key of a@B; klist -k shows",
        "principal: a@B, keytab: CONF | keytab: CONF has no key of a@B",
        "principal: gateway@EXAMPLE.COM, keytab: KEYTAB, credential-cache: c"
            + " | credential-cache: excludes a keytab",
        "principal: a@B, credential-cache: c, config: none"
            + " | config: none is not a file that can be read",
        "principal: a@B, credential-cache: c, service-principal-pattern: presto"
            + " | service-principal-pattern: presto has no ${HOST}",
      })
  void shouldSayWhatIsWrong(String keys, String problem) {
    assertThat(problems(loader, HTTPS + login(withFiles(keys))))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.kerberos." + withFiles(problem));
  }

  private String withFiles(String text) {
    return text.replace("KEYTAB", keytab.toString()).replace("CONF", krb5Conf.toString());
  }

  @Test
  void shouldTakeOneLoginOverHttpsOnly() {
    String kerberos = "kerberos: {principal: a@B, credential-cache: c}";

    assertThat(problems(loader, MINIMAL + "      login: {" + kerberos + "}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login: needs a url that begins with https");
    assertThat(problems(loader, HTTPS + "      login: {access-token: t, " + kerberos + "}\n"))
        .singleElement()
        .asString()
        .startsWith("instances[0].presto.login.kerberos: excludes a password and a token");
  }

  @Test
  void shouldTakeOneFileKrb5ConfForAllInstances() {
    String first = HTTPS + login("principal: a@B, credential-cache: c, config: " + krb5Conf);
    String second =
        (HTTPS + login("principal: a@B, credential-cache: c"))
            .replaceFirst("(?s)^.*?instances:\n", "")
            .replace("name: prestogres", "name: second")
            .replace("5439", "5438");

    assertThat(problems(loader, first + second))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("instances[1].presto.login.kerberos.config: must be the same"));
  }
}
