package io.prestogres.sql;

import java.util.List;

/**
 * A dotted chain of identifiers that may name a relation.
 *
 * @param parts the identifiers without quotes, folded to lower case where they had none
 * @param start position of the name in the scanned text
 * @param end position behind the name
 * @param only whether the word ONLY stands right before, in a statement that may give rows:
 *     PostgreSQL would then leave out the foreign child under a shell and find none
 * @param onlyStart position of the word ONLY, or {@code start} without it
 */
public record NameReference(List<String> parts, int start, int end, boolean only, int onlyStart) {

  public NameReference {
    parts = List.copyOf(parts);
  }

  /**
   * The text with the word ONLY before this name, and the brackets of {@code ONLY (name)}, turned
   * into blanks; every position stays what it was.
   */
  public String blankOnly(String text) {
    if (!only) {
      return text;
    }
    StringBuilder blanked = new StringBuilder(text);
    for (int i = 0; i < "only".length(); i++) {
      blanked.setCharAt(onlyStart + i, ' ');
    }
    int open = nonBlank(text, onlyStart + "only".length());
    int close = nonBlank(text, end);
    if (open < start && text.charAt(open) == '(' && close < text.length()) {
      blanked.setCharAt(open, ' ');
      blanked.setCharAt(close, ' ');
    }
    return blanked.toString();
  }

  private static int nonBlank(String text, int from) {
    int i = from;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i;
  }
}
