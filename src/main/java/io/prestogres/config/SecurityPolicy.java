package io.prestogres.config;

import java.util.List;
import java.util.regex.Pattern;

/** Refuses configurations in which a password would cross a network in clear text. */
final class SecurityPolicy {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|(0+:){7}0*1", Pattern.CASE_INSENSITIVE);

  private SecurityPolicy() {}

  static void check(List<InstanceConfig> instances, Problems problems) {
    for (int i = 0; i < instances.size(); i++) {
      String path = "instances[" + i + "].results.host";
      String host = instances.get(i).results().host();
      if (problems.noneAt(path) && !LOOPBACK.matcher(host).matches()) {
        problems.add(path, "must be a loopback address until TLS is configured, not " + host);
      }
    }
  }
}
