package io.prestogres.config;

import static io.prestogres.config.ValueKind.NAME;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.kerberos.KeyTab;

/** Reads what concerns Kerberos; files are looked at, so that a mistake shows at the start. */
final class KerberosReader {

  private KerberosReader() {}

  static KerberosLogin kerberos(BlockReader block) {
    KerberosLogin defaults = KerberosLogin.NONE;
    String principal = block.value("principal", KerberosReader::principal, "");
    String keytab = block.value("keytab", readable(block.directory()), "");
    String cache = block.path("credential-cache");
    String config = block.value("config", readable(block.directory()), "");
    String service = block.value("remote-service-name", NAME, defaults.remoteServiceName());
    String pattern =
        block.value(
            "service-principal-pattern",
            KerberosReader::pattern,
            defaults.servicePrincipalPattern());
    boolean canonical =
        block.value("use-canonical-hostname", ValueKind.BOOLEAN, defaults.useCanonicalHostname());
    if (isSound(block)) {
      reportIncoherent(block, principal, keytab, cache);
    }
    return isSound(block) && !principal.isEmpty()
        ? new KerberosLogin(principal, keytab, cache, config, service, pattern, canonical)
        : defaults;
  }

  private static boolean isSound(BlockReader block) {
    return Stream.of("principal", "keytab", "credential-cache")
        .allMatch(key -> block.problems().noneAt(block.at(key)));
  }

  private static void reportIncoherent(
      BlockReader block, String principal, String keytab, String cache) {
    Problems problems = block.problems();
    if (!keytab.isEmpty() && !cache.isEmpty()) {
      problems.add(block.at("credential-cache"), "excludes a keytab");
    } else if (principal.isEmpty() && !(keytab + cache).isEmpty()) {
      problems.add(block.at("principal"), "is missing: as whom the proxy logs in, as name@REALM");
    } else if (!principal.isEmpty() && (keytab + cache).isEmpty()) {
      problems.add(
          block.at("keytab"),
          "is missing: the file with the keys of " + principal + ", or a credential-cache");
    } else if (!keytab.isEmpty() && !hasKeys(keytab, principal)) {
      problems.add(
          block.at("keytab"),
          keytab + " has no key of " + principal + "; klist -k shows whose keys it has");
    }
  }

  private static boolean hasKeys(String keytab, String principal) {
    KerberosPrincipal owner = new KerberosPrincipal(principal);
    return KeyTab.getInstance(owner, Path.of(keytab).toFile()).getKeys(owner).length > 0;
  }

  /** With its realm, lest another machine's krb5.conf should make another principal of it. */
  private static String principal(String text) throws UnsuitableValue {
    if (!text.isEmpty() && !text.matches("[^@\\s]+@[^@\\s]+")) {
      throw new UnsuitableValue("is not a principal with its realm (name@REALM)");
    }
    return text;
  }

  private static String pattern(String text) throws UnsuitableValue {
    if (!text.contains("${HOST}")) {
      throw new UnsuitableValue("has no ${HOST} in it, which is written $${HOST} in this file");
    }
    return text;
  }

  private static ValueKind<String> readable(Path directory) {
    return text ->
        text.isEmpty() ? text : ValueKind.file(directory).read(text).toAbsolutePath().toString();
  }

  /** A JVM has one krb5.conf. */
  static void check(List<InstanceConfig> instances, Problems problems) {
    Set<String> files = new HashSet<>();
    for (int i = 0; i < instances.size(); i++) {
      KerberosLogin login = instances.get(i).presto().login().kerberos();
      if (login.enabled() && files.add(login.config()) && files.size() > 1) {
        problems.add(
            "instances[" + i + "].presto.login.kerberos.config",
            "must be the same in all instances: a process has one krb5.conf");
      }
    }
  }
}
