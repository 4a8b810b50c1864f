package io.prestogres.sql;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A query in the small language that JSqlParser reads without mistakes: literals, names and types
 * are replaced by marks, comments are gone, and of all words only keywords with a rule are left.
 *
 * @param text the query with marks: {@code '3'} is the fourth of the strings, {@code "n3"} of the
 *     names, {@code ty3} of the types, {@code ?3} is {@code $3}
 */
record NormalForm(String text, List<String> strings, List<String> names, List<String> types) {

  /** No SQL text can hold a NUL, so no name of a client's is one of these. */
  static final String ANY = "\0any";

  static final String ALL = "\0all";

  static final String POSITION = "\0position";

  private static final Pattern NAME = Pattern.compile("\"n\\d+\"");
  private static final Pattern TYPE = Pattern.compile("ty\\d+");

  NormalForm {
    strings = List.copyOf(strings);
    names = List.copyOf(names);
    types = List.copyOf(types);
  }

  String string(String mark) {
    return strings.get(Integer.parseInt(mark));
  }

  /** The name behind a mark such as {@code "n3"}. */
  String name(String mark) throws Untranslatable {
    if (!NAME.matcher(mark).matches()) {
      throw new Untranslatable("the word " + mark + " has no rule here");
    }
    return names.get(Integer.parseInt(mark.substring(2, mark.length() - 1)));
  }

  /** The type behind a mark such as {@code ty3}. */
  String type(String mark) throws Untranslatable {
    if (!TYPE.matcher(mark).matches()) {
      throw new Untranslatable("the type " + mark + " has no rule");
    }
    return types.get(Integer.parseInt(mark.substring(2)));
  }
}
