package io.prestogres.sql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The brackets that are open at one place of a query, and which of them belong to a call whose
 * arguments are separated by words: CAST, SUBSTRING, POSITION.
 */
final class OpenBrackets {

  private record Call(String name, int depth, boolean separated, int nameNumber) {}

  private final NormalFormWriter out;
  private final Deque<Call> calls = new ArrayDeque<>();
  private int depth;

  OpenBrackets(NormalFormWriter out) {
    this.out = out;
  }

  /** Opens a bracket; how many are open now. */
  int open() {
    return ++depth;
  }

  void close() {
    if (isInCall()) {
      calls.removeFirst();
    }
    depth--;
  }

  /** The next bracket is that of a call of {@code name}, whose mark is written next. */
  void expectCall(String name) {
    calls.addFirst(new Call(name, depth + 1, false, out.nextName()));
  }

  private boolean isInCall() {
    return !calls.isEmpty() && calls.getFirst().depth() == depth;
  }

  /** What stands for a word that separates arguments here: commas, or the cast's AS. */
  Optional<String> separator(String word) {
    if (!isInCall()) {
      return Optional.empty();
    }
    Call call = calls.getFirst();
    return switch (call.name() + " " + word) {
      case "cast as" -> Optional.of("as");
      case "position in" -> {
        // position(a in b) has its arguments the other way round from position(b, a).
        out.rename(call.nameNumber(), NormalForm.POSITION);
        yield separated(call, ",");
      }
      case "substring from" -> separated(call, ",");
      case "substring for" -> separated(call, call.separated() ? "," : ", 1 ,");
      default -> Optional.empty();
    };
  }

  private Optional<String> separated(Call call, String comma) {
    calls.removeFirst();
    calls.addFirst(new Call(call.name(), call.depth(), true, call.nameNumber()));
    return Optional.of(comma);
  }
}
