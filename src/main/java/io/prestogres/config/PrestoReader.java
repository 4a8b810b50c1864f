package io.prestogres.config;

import static io.prestogres.config.ConfigReader.MISSING;
import static io.prestogres.config.ValueKind.NAME;
import static io.prestogres.config.ValueKind.SECRET;
import static io.prestogres.config.ValueKind.TEXT;
import static io.prestogres.config.ValueKind.choice;
import static io.prestogres.config.ValueKind.duration;

import java.net.URI;
import java.util.List;

/** Reads what concerns Presto; keys that do not fit together are reported and left out. */
final class PrestoReader {

  private static final String OWN_PASSWORD =
      "a password that somebody logged in with is that role's own";

  private PrestoReader() {}

  static PrestoConfig presto(BlockReader block) {
    PrestoConfig defaults = PrestoConfig.defaults(URI.create("http://" + MISSING));
    URI url = block.required("url", ValueKind.COORDINATOR, defaults.url());
    String catalog = block.value("catalog", TEXT, defaults.catalog());
    List<String> databases = block.values("databases", NAME);
    boolean coherent = catalog.isEmpty() == databases.isEmpty();
    if (!coherent) {
      reportIncoherent(block, catalog);
    }
    PrestoLogin login = block.block("login", PrestoReader::login);
    PrestoSessionConfig session = session(block);
    if (login.forwardPassword() && !session.user().isEmpty()) {
      block.problems().add(block.at("login.forward-password"), "excludes user: " + OWN_PASSWORD);
    }
    boolean exposed = login.needsTls() && !PrestoConfig.isEncrypted(url);
    if (exposed) {
      block.problems().add(block.at("login"), "needs a url that begins with https");
    }
    return new PrestoConfig(
        url,
        block.value("flavor", choice(PrestoConfig.Flavor.class), defaults.flavor()),
        coherent ? catalog : "",
        coherent ? databases : List.of(),
        session,
        exposed ? PrestoLogin.NONE : login,
        block.value("request-timeout", duration(Bounds.TIMEOUT), defaults.requestTimeout()),
        block.value("writes", choice(PrestoConfig.Writes.class), defaults.writes()));
  }

  private static void reportIncoherent(BlockReader block, String catalog) {
    if (!catalog.isEmpty()) {
      block
          .problems()
          .add(
              block.at("databases"),
              "is missing: the login databases in which the catalog " + catalog + " is shown");
    } else if (block.problems().noneAt(block.at("catalog"))) {
      block.problems().add(block.at("databases"), "has a meaning only together with catalog");
    }
  }

  private static PrestoSessionConfig session(BlockReader block) {
    PrestoSessionConfig defaults = PrestoSessionConfig.DEFAULT;
    return new PrestoSessionConfig(
        block.value("user", TEXT, defaults.user()),
        block.value("source", NAME, defaults.source()),
        block.values("client-tags", PrestoReader::tag),
        block.entries("session-properties"),
        block.entries("roles"),
        block.secrets("extra-credentials"));
  }

  private static String tag(String text) throws UnsuitableValue {
    if (text.isBlank() || text.indexOf(',') >= 0) {
      throw new UnsuitableValue("is not a tag: it must not be empty and have no comma");
    }
    return text;
  }

  private static PrestoLogin login(BlockReader block) {
    String user = block.value("user", TEXT, "");
    Secret password = block.value("password", SECRET, Secret.NONE);
    Secret token = block.value("access-token", SECRET, Secret.NONE);
    KerberosLogin kerberos = block.block("kerberos", KerberosReader::kerberos);
    String certificate = block.path("certificate");
    String key = block.path("key");
    boolean basic = together(block, "user", user.isEmpty(), "password", password.isEmpty());
    boolean shown = together(block, "certificate", certificate.isEmpty(), "key", key.isEmpty());
    boolean ambiguous = !password.isEmpty() && !token.isEmpty();
    if (ambiguous) {
      block.problems().add(block.at("access-token"), "excludes a password");
    }
    boolean other = !password.isEmpty() || !token.isEmpty();
    if (kerberos.enabled() && other) {
      block.problems().add(block.at("kerberos"), "excludes a password and a token");
    }
    return new PrestoLogin(
        basic ? user : "",
        basic ? password : Secret.NONE,
        ambiguous ? Secret.NONE : token,
        other ? KerberosLogin.NONE : kerberos,
        shown ? certificate : "",
        shown ? key : "",
        block.path("ca"),
        block.value("forward-password", ValueKind.BOOLEAN, false));
  }

  private static boolean together(
      BlockReader block, String first, boolean noFirst, String second, boolean noSecond) {
    if (noFirst != noSecond) {
      String missing = noFirst ? first : second;
      String given = noFirst ? second : first;
      if (block.problems().noneAt(block.at(missing))) {
        block.problems().add(block.at(missing), "is missing; " + given + " needs it");
      }
    }
    return noFirst == noSecond;
  }
}
