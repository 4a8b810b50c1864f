package io.prestogres.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the tree of {@link YamlNode}s. Jackson's own tree has neither lines nor the text as
 * written (it makes 83 of the password 0123), and keeps the last of two equal keys silently.
 */
final class YamlTree {

  private final Problems problems;
  private final YAMLParser parser;

  private YamlTree(YAMLParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** The file's one document; blank if the file is empty or is no YAML, which is then a problem. */
  static YamlNode parse(String yaml, Problems problems) {
    try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new YamlNode.Blank(1);
      }
      YamlTree tree = new YamlTree(parser, problems);
      YamlNode root = tree.node(first, "");
      if (parser.nextToken() != null) {
        problems.add("", tree.line(), "a second YAML document; the file must have one only");
      }
      return root;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      problems.add("", line, "not YAML: " + firstLine(e.getOriginalMessage()));
      return new YamlNode.Blank(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private YamlNode node(JsonToken token, String path) throws IOException {
    int line = line();
    if (token == JsonToken.START_OBJECT) {
      return block(path, line);
    }
    if (token == JsonToken.START_ARRAY) {
      return sequence(path, line);
    }
    if (parser.isCurrentAlias()) {
      problems.add(path, line, "aliases (*" + parser.getText() + ") are not supported");
      return new YamlNode.Blank(line);
    }
    if (token == JsonToken.VALUE_NULL) {
      return new YamlNode.Blank(line);
    }
    return new YamlNode.Scalar(parser.getText(), line);
  }

  private YamlNode block(String path, int line) throws IOException {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int keyLine = line();
      String keyPath = Problems.path(path, key);
      YamlNode.Entry entry = new YamlNode.Entry(node(parser.nextToken(), keyPath), keyLine);
      if (entries.putIfAbsent(key, entry) != null) {
        problems.add(keyPath, keyLine, "the key stands twice in its block");
      }
    }
    return new YamlNode.Block(entries, line);
  }

  private YamlNode sequence(String path, int line) throws IOException {
    List<YamlNode> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, path + "[" + items.size() + "]"));
    }
    return new YamlNode.Sequence(items, line);
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
