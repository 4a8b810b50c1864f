package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;

/** Writes a {@link NormalForm}: its text, and what the marks in it stand for. */
final class NormalFormWriter {

  private final StringBuilder text = new StringBuilder();
  private final List<String> strings = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<String> types = new ArrayList<>();

  void append(String words) {
    text.append(' ').append(words);
  }

  String stringMark(String value) {
    strings.add(value);
    return "'" + (strings.size() - 1) + "'";
  }

  String nameMark(String name) {
    names.add(name);
    return "\"n" + (names.size() - 1) + '"';
  }

  String typeMark(String type) {
    types.add(type);
    return "ty" + (types.size() - 1);
  }

  /** The number of the next name that gets a mark. */
  int nextName() {
    return names.size();
  }

  /** Lets the mark of a name stand for another one. */
  void rename(int number, String name) {
    names.set(number, name);
  }

  NormalForm form() {
    return new NormalForm(text.toString().trim(), strings, names, types);
  }
}
