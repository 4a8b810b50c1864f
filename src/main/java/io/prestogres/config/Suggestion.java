package io.prestogres.config;

import java.util.Comparator;
import java.util.List;

/** Guesses which key was meant. */
final class Suggestion {

  private Suggestion() {}

  /** The nearest of the known keys if one is near, otherwise all of them. */
  static String of(String key, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
        .filter(
            nearest ->
                distance(key, nearest) <= Math.max(key.length() < 5 ? 1 : 2, key.length() / 3))
        .map(nearest -> "did you mean " + nearest + "?")
        .orElseGet(() -> "known here: " + String.join(", ", known));
  }

  /** Levenshtein's distance: how many signs to insert, delete or replace. */
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replace = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
