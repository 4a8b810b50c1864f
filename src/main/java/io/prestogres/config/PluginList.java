package io.prestogres.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** No two plugins may have one name, and each may name only instances that there are. */
final class PluginList {

  private PluginList() {}

  static void check(ConfigReader.Contents contents, Problems problems) {
    Set<String> instances =
        contents.instances().stream().map(InstanceConfig::name).collect(Collectors.toSet());
    Map<String, String> names = new HashMap<>();
    List<PluginConfig> plugins = contents.plugins();
    for (int i = 0; i < plugins.size(); i++) {
      PluginConfig plugin = plugins.get(i);
      String path = "plugins[" + i + "]";
      String namePath = path + ".name";
      if (problems.noneAt(namePath)) {
        String first = names.putIfAbsent(plugin.name(), namePath);
        if (first != null) {
          problems.add(namePath, plugin.name() + " is the name at " + first + " already");
        }
      }
      for (String instance : plugin.instances()) {
        if (!instances.contains(instance)) {
          problems.add(path + ".instances", "there is no instance of the name " + instance);
        }
      }
    }
  }
}
