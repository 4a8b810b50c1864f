package io.prestogres.config;

import java.util.List;
import java.util.Map;

/**
 * A piece of the YAML file that knows its line, counted from 1. Scalars are the text as written.
 */
sealed interface YamlNode {

  int line();

  /** The kind, as a message names it. */
  String kind();

  /** Nothing after the colon, {@code ~} or {@code null}. */
  record Blank(int line) implements YamlNode {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  record Scalar(String text, int line) implements YamlNode {
    @Override
    public String kind() {
      return "a value";
    }
  }

  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys as written, in the file's order. */
  record Block(Map<String, Entry> entries, int line) implements YamlNode {
    @Override
    public String kind() {
      return "a block";
    }
  }

  /** One key's value, with the line of the key. */
  record Entry(YamlNode node, int line) {}
}
