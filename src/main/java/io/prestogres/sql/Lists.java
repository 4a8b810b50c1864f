package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Range;
import java.util.ArrayList;
import java.util.List;

/** Lists of a statement: names in brackets, and whatever stands between commas. */
final class Lists {

  private Lists() {}

  /** The parts between the commas in the tokens [from, to) that stand in no bracket. */
  static List<Range> split(Tokens tokens, int from, int to) {
    List<Range> parts = new ArrayList<>();
    int start = from;
    int i = from;
    while (i < to) {
      if (tokens.punctuation(i, ',')) {
        parts.add(new Range(start, i));
        start = i + 1;
      }
      boolean opens = tokens.punctuation(i, '(') || tokens.punctuation(i, '[');
      i = opens ? tokens.afterBracket(i, to) : i + 1;
    }
    parts.add(new Range(start, to));
    return parts;
  }

  /** The names in brackets, of which the first opens at token {@code open}. */
  static List<String> names(Tokens tokens, int open) throws Untranslatable {
    List<String> names = new ArrayList<>();
    for (Range part : split(tokens, open + 1, tokens.afterBracket(open, tokens.size()) - 1)) {
      if (part.to() - part.from() != 1) {
        throw new Untranslatable("a list of columns holds more than names");
      }
      names.add(name(tokens, part.from()));
    }
    return names;
  }

  /** The name at a token. */
  static String name(Tokens tokens, int i) throws Untranslatable {
    if (!tokens.identifier(i)) {
      throw new Untranslatable("a name is missing");
    }
    return Identifiers.name(tokens, i)
        .orElseThrow(() -> new Untranslatable("a name has a wrong escape"));
  }

  /** A name that is to be made; Presto would silently make it lower case. */
  static String fresh(String name) throws Untranslatable {
    if (!name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
      throw new Untranslatable("Presto has no names with capital letters, as \"" + name + "\" has");
    }
    return SqlQuoting.prestoIdentifier(name);
  }
}
