package io.prestogres.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** No two instances may have one name, and no two listeners one port. */
final class Listeners {

  private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "*");

  private Listeners() {}

  static void check(ConfigReader.Contents contents, Problems problems) {
    List<Listener> listeners = new ArrayList<>();
    contents
        .settings()
        .admin()
        .ifPresent(admin -> listeners.add(new Listener("settings.admin", admin)));
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < contents.instances().size(); i++) {
      InstanceConfig instance = contents.instances().get(i);
      String path = "instances[" + i + "]";
      listeners.add(new Listener(path + ".listen", instance.listen().address()));
      listeners.add(new Listener(path + ".results", instance.results().listen()));
      String namePath = path + ".listen.name";
      if (problems.noneAt(namePath)) {
        String first = names.putIfAbsent(instance.name(), namePath);
        if (first != null) {
          problems.add(namePath, instance.name() + " is the name at " + first + " already");
        }
      }
    }
    checkPorts(listeners, problems);
  }

  private static void checkPorts(List<Listener> listeners, Problems problems) {
    listeners.removeIf(
        listener ->
            !problems.noneAt(listener.path() + ".port")
                || !problems.noneAt(listener.path() + ".host"));
    for (int i = 0; i < listeners.size(); i++) {
      for (Listener first : listeners.subList(0, i)) {
        Listener second = listeners.get(i);
        if (first.collides(second)) {
          problems.add(
              second.path() + ".port",
              second.address().port() + " is the port of " + first.path() + " already");
          break;
        }
      }
    }
  }

  private record Listener(String path, Address address) {
    boolean collides(Listener other) {
      return address.port() == other.address.port()
          && (address.host().equals(other.address.host())
              || EVERY_ADDRESS.contains(address.host())
              || EVERY_ADDRESS.contains(other.address.host()));
    }
  }
}
