package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists the identifier chains of a statement that may name a relation. */
final class NameFinder {

  private static final int LONGEST_CHAIN = 3;

  /** After these a relation may be followed by a bracket with its columns. */
  private static final String[] BEFORE_COLUMN_LIST = {
    "into", "table", "copy", "on", "references", "analyze", "analyse", "vacuum", "only", "exists"
  };

  private final Tokens tokens;
  private final List<NameReference> names = new ArrayList<>();

  /** ONLY leaves nobody without rows in these. */
  private final boolean isMaintenance;

  private NameFinder(Tokens tokens) {
    this.tokens = tokens;
    this.isMaintenance = tokens.anyWord(0, "analyze", "analyse", "vacuum");
  }

  static List<NameReference> names(Tokens tokens) {
    NameFinder finder = new NameFinder(tokens);
    int i = 0;
    while (i < tokens.size()) {
      i = finder.chain(i);
    }
    return finder.names;
  }

  /** Reads the chain that starts at token {@code first}, if one does; returns where to go on. */
  private int chain(int first) {
    if (!tokens.identifier(first) || isKeyword(first)) {
      return first + 1;
    }
    List<String> parts = new ArrayList<>(LONGEST_CHAIN);
    int i = first;
    int last = first;
    boolean readable = true;
    while (true) {
      if (parts.size() < LONGEST_CHAIN) {
        Optional<String> part = Identifiers.name(tokens, i);
        readable &= part.isPresent();
        parts.add(part.orElse(""));
        last = i;
      }
      if (!tokens.punctuation(i + 1, '.') || !tokens.identifier(i + 2)) {
        break;
      }
      i += 2;
    }
    if (readable && !isFunctionCall(first, i)) {
      add(parts, first, last);
    }
    return i + 1;
  }

  private boolean isKeyword(int i) {
    return Keywords.cannotNameRelation(tokens.lowerWord(i));
  }

  private boolean isFunctionCall(int first, int last) {
    return tokens.punctuation(last + 1, '(') && !tokens.anyWord(first - 1, BEFORE_COLUMN_LIST);
  }

  private void add(List<String> parts, int first, int last) {
    int start = tokens.get(first).start();
    int end = tokens.get(last).end();
    if (isMaintenance) {
      names.add(new NameReference(parts, start, end, false, start));
    } else if (tokens.word(first - 1, "only")) {
      names.add(new NameReference(parts, start, end, true, tokens.get(first - 1).start()));
    } else if (tokens.punctuation(first - 1, '(') && tokens.word(first - 2, "only")) {
      names.add(new NameReference(parts, start, end, true, tokens.get(first - 2).start()));
    } else {
      names.add(new NameReference(parts, start, end, false, start));
    }
  }
}
