package io.prestogres.session;

import io.prestogres.metrics.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Changes to the client's own text by position; all else of it stays byte for byte. */
final class TextEdits {
  private record Edit(int start, int end, String replacement) {}

  private final String original;
  private final List<Edit> edits = new ArrayList<>();

  TextEdits(String text) {
    this.original = text;
  }

  /** Replaces [start, end); smaller edits inside it are forgotten. */
  void replace(int start, int end, String replacement) {
    edits.removeIf(edit -> edit.start() >= start && edit.end() <= end);
    edits.add(new Edit(start, end, replacement));
  }

  boolean isEmpty() {
    return edits.isEmpty();
  }

  /** The plan that sends the text with its changes. */
  Plan.Send toPlan(Route route) {
    return edits.isEmpty()
        ? new Plan.Send(route, Optional.empty(), "")
        : new Plan.Send(route, Optional.of(text()), "");
  }

  /** The text with its changes. */
  String text() {
    edits.sort(Comparator.comparingInt(Edit::start));
    StringBuilder result = new StringBuilder(original.length() + 256);
    int position = 0;
    for (Edit edit : edits) {
      result.append(original, position, edit.start()).append(edit.replacement());
      position = edit.end();
    }
    return result.append(original, position, original.length()).toString();
  }
}
