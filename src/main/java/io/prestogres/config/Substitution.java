package io.prestogres.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces a dollar sign and a name in braces by the environment variable of that name, and by the
 * text of a file, without its last line break, if the name starts with {@code file:}. Two dollar
 * signs before the brace stand for the signs themselves.
 */
final class Substitution {

  private static final Pattern PLACE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String FILE = "file:";

  private final Map<String, String> environment;
  private final Path directory;

  /** Relative paths of files start at {@code directory}. */
  Substitution(Map<String, String> environment, Path directory) {
    this.environment = Map.copyOf(environment);
    this.directory = directory;
  }

  /** Where relative paths start. */
  Path directory() {
    return directory;
  }

  String resolve(String text) throws UnsuitableValue {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder resolved = new StringBuilder();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(replacement(matcher)));
    }
    return matcher.appendTail(resolved).toString();
  }

  /** The absolute name of a file; "" stays "". */
  String path(String text) throws UnsuitableValue {
    try {
      return text.isEmpty() ? text : directory.resolve(text).toAbsolutePath().toString();
    } catch (InvalidPathException e) {
      throw new UnsuitableValue("is no name of a file");
    }
  }

  private String replacement(Matcher matcher) throws UnsuitableValue {
    String name = matcher.group(1);
    if (name == null) {
      return "${";
    }
    if (matcher.group(2).isEmpty()) {
      throw new UnsuitableValue("has a ${ without its }; write $${ for the signs themselves");
    }
    if (name.startsWith(FILE)) {
      return contents(name.substring(FILE.length()));
    }
    if (!VARIABLE.matcher(name).matches()) {
      throw new UnsuitableValue(
          "${" + name + "} is neither ${VARIABLE} nor ${file:path}; write $${ for the signs");
    }
    String value = environment.get(name);
    if (value == null) {
      throw new UnsuitableValue("the environment variable " + name + " is not set");
    }
    return value;
  }

  private String contents(String path) throws UnsuitableValue {
    try {
      String text = Files.readString(directory.resolve(path));
      return text.endsWith("\r\n")
          ? text.substring(0, text.length() - 2)
          : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    } catch (IOException | InvalidPathException e) {
      throw new UnsuitableValue("the file " + path + " cannot be read (" + e + ")");
    }
  }
}
