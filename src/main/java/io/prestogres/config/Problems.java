package io.prestogres.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the mistakes of one file, and remembers the line of every path that was read. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  /** The path of a key in the block at {@code parent}, which is "" for the file itself. */
  static String path(String parent, String key) {
    return parent.isEmpty() ? key : parent + "." + key;
  }

  void seen(String path, int line) {
    lines.put(path, line);
  }

  void add(String path, int line, String message) {
    found.add(new Problem(path, line, message));
  }

  /** Adds a mistake at a path that was read, or inside a block that was. */
  void add(String path, String message) {
    String known = path;
    while (!lines.containsKey(known) && known.indexOf('.') >= 0) {
      known = known.substring(0, known.lastIndexOf('.'));
    }
    add(path, lines.getOrDefault(known, 0), message);
  }

  /** Whether nothing is known to be wrong at this path, so that its value may be judged further. */
  boolean noneAt(String path) {
    return found.stream().noneMatch(problem -> problem.path().equals(path));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** In the order of the file. */
  List<Problem> sorted() {
    return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }
}
