package io.prestogres.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads one block of the file, key by key. A mistake becomes a problem and its key's fallback
 * becomes the value, so that reading goes on to the next mistake; whoever asked throws the records
 * away if there was any. {@link #whole} reports the keys that nobody asked for.
 */
final class BlockReader {

  private final String path;
  private final int line;
  private final Map<String, YamlNode.Entry> unread = new LinkedHashMap<>();
  private final Map<String, String> written = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();
  private final Problems problems;
  private final Substitution substitution;

  BlockReader(String path, YamlNode node, Problems problems, Substitution substitution) {
    this.path = path;
    this.line = node.line();
    this.problems = problems;
    this.substitution = substitution;
    problems.seen(path, line);
    if (node instanceof YamlNode.Block block) {
      block.entries().forEach(this::add);
    } else if (!(node instanceof YamlNode.Blank)) {
      problems.add(path, line, "must be a block of keys, not " + node.kind());
    }
  }

  private void add(String key, YamlNode.Entry entry) {
    String canonical = key.replace('_', '-');
    if (unread.putIfAbsent(canonical, entry) == null) {
      written.put(canonical, key);
    } else {
      String message = "the key stands twice in its block, here as " + key;
      problems.add(at(canonical), entry.line(), message);
    }
  }

  String at(String key) {
    return Problems.path(path, key);
  }

  Problems problems() {
    return problems;
  }

  /** Where relative paths in the file start. */
  Path directory() {
    return substitution.directory();
  }

  /** The value of a key that may be absent or blank. */
  <T> T value(String key, ValueKind<T> kind, T fallback) {
    return find(key).flatMap(node -> scalar(at(key), node, kind)).orElse(fallback);
  }

  /** The value of a key that must be there; {@code placeholder} is what the records get if not. */
  <T> T required(String key, ValueKind<T> kind, T placeholder) {
    Optional<YamlNode> node = find(key);
    if (node.isEmpty()) {
      problems.add(at(key), "is missing");
    }
    return node.flatMap(found -> scalar(at(key), found, kind)).orElse(placeholder);
  }

  /** The absolute name of a file, which starts at the configuration file; "" if none is given. */
  String path(String key) {
    return value(key, substitution::path, "");
  }

  /** The values of a list; none if the key is absent or blank. */
  <T> List<T> values(String key, ValueKind<T> kind) {
    List<T> values = new ArrayList<>();
    List<YamlNode> items = items(key);
    for (int i = 0; i < items.size(); i++) {
      scalar(at(key) + "[" + i + "]", items.get(i), kind).ifPresent(values::add);
    }
    return values;
  }

  /** The values of a list that must not be empty; none if instead of it the word stands there. */
  <T> List<T> valuesOrWord(String key, String word, ValueKind<T> kind) {
    YamlNode.Entry entry = unread.get(key);
    if (entry != null
        && entry.node() instanceof YamlNode.Scalar scalar
        && scalar.text().equals(word)) {
      find(key);
      return List.of();
    }
    if (entry != null
        && entry.node() instanceof YamlNode.Sequence sequence
        && sequence.items().isEmpty()) {
      problems.add(at(key), entry.line(), "must not be empty; " + word + " means all of them");
    }
    return values(key, kind);
  }

  /** A block whose keys are free, and taken as written; none if the key is absent or blank. */
  Map<String, String> entries(String key) {
    Map<String, String> entries = new LinkedHashMap<>();
    Optional<YamlNode> node = find(key);
    if (node.isPresent() && node.get() instanceof YamlNode.Block block) {
      block
          .entries()
          .forEach(
              (name, entry) ->
                  scalar(Problems.path(at(key), name), entry.node(), ValueKind.TEXT)
                      .ifPresent(value -> entries.put(name, value)));
    } else if (node.isPresent()) {
      problems.add(at(key), "must be a block of keys, not " + node.get().kind());
    }
    return entries;
  }

  /** As {@link #entries}, for values that must not reach a log. */
  Map<String, Secret> secrets(String key) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    entries(key).forEach((name, value) -> secrets.put(name, new Secret(value)));
    return secrets;
  }

  /** The block of a key, read whole; as if it were empty if the key is absent or blank. */
  <T> T block(String key, Function<BlockReader, T> read) {
    return optionalBlock(key, read)
        .orElseGet(() -> inner(at(key), new YamlNode.Blank(line)).whole(read));
  }

  /** The block of a key, read whole; none if the key is absent or blank. */
  <T> Optional<T> optionalBlock(String key, Function<BlockReader, T> read) {
    return find(key).map(node -> inner(at(key), node).whole(read));
  }

  /** The blocks of a list, each read whole; none if the key is absent or blank. */
  <T> List<T> blocks(String key, Function<BlockReader, T> read) {
    List<T> blocks = new ArrayList<>();
    for (YamlNode item : items(key)) {
      String itemPath = at(key) + "[" + blocks.size() + "]";
      blocks.add(inner(itemPath, item).whole(read));
    }
    return blocks;
  }

  /** Reads the block and reports the keys that were not asked for. */
  <T> T whole(Function<BlockReader, T> read) {
    T value = read.apply(this);
    unread.forEach(
        (key, entry) ->
            problems.add(
                at(written.getOrDefault(key, key)),
                entry.line(),
                "unknown key; " + Suggestion.of(key, known)));
    return value;
  }

  private BlockReader inner(String innerPath, YamlNode node) {
    return new BlockReader(innerPath, node, problems, substitution);
  }

  private List<YamlNode> items(String key) {
    Optional<YamlNode> node = find(key);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof YamlNode.Sequence sequence) {
      return sequence.items();
    }
    problems.add(at(key), "must be a list, not " + node.get().kind());
    return List.of();
  }

  private Optional<YamlNode> find(String key) {
    known.add(key);
    YamlNode.Entry entry = unread.remove(key);
    if (entry == null) {
      return Optional.empty();
    }
    problems.seen(at(key), entry.line());
    return entry.node() instanceof YamlNode.Blank ? Optional.empty() : Optional.of(entry.node());
  }

  private <T> Optional<T> scalar(String at, YamlNode node, ValueKind<T> kind) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      problems.add(at, node.line(), "must be one value, not " + node.kind());
      return Optional.empty();
    }
    String text;
    try {
      text = substitution.resolve(scalar.text());
    } catch (UnsuitableValue e) {
      problems.add(at, node.line(), e.reason());
      return Optional.empty();
    }
    try {
      return Optional.of(kind.read(text));
    } catch (UnsuitableValue e) {
      // What was substituted may be a secret that went astray: it is not shown.
      String shown = text.equals(scalar.text()) ? text : "the value of " + scalar.text();
      problems.add(at, node.line(), (shown.isEmpty() ? "\"\"" : shown) + " " + e.reason());
      return Optional.empty();
    }
  }
}
