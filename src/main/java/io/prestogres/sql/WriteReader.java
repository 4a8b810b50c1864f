package io.prestogres.sql;

import io.prestogres.sql.WriteStatement.Head;
import io.prestogres.sql.WriteStatement.Range;
import io.prestogres.sql.WriteStatement.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads a {@link WriteStatement} from the tokens of a statement, if it is one. */
final class WriteReader {
  private static final int MOST_PARTS = 3;

  private final Tokens tokens;
  private final ShapeFinder shapes;
  private final boolean explained;

  private WriteReader(Tokens tokens, ShapeFinder shapes) {
    this.tokens = tokens;
    this.shapes = shapes;
    this.explained = tokens.word(0, "explain");
  }

  static Optional<WriteStatement> read(Tokens tokens, ShapeFinder shapes) {
    return new WriteReader(tokens, shapes).read();
  }

  private Optional<WriteStatement> read() {
    int i = explained ? shapes.afterExplain(0) : 0;
    return switch (tokens.lowerWord(i)) {
      case "insert" -> tokens.word(i + 1, "into") ? insert(i + 2) : Optional.empty();
      case "delete" ->
          tokens.word(i + 1, "from") ? plain(Verb.DELETE, "DELETE", i + 2) : Optional.empty();
      case "update" -> plain(Verb.UPDATE, "UPDATE", i + 1);
      case "truncate" -> plain(Verb.TRUNCATE, "TRUNCATE", after(i, "table"));
      case "create" -> create(i + 1);
      case "drop" -> existing(Verb.DROP, "DROP", i + 1);
      case "alter" -> existing(Verb.ALTER, "ALTER", i + 1);
      case "merge" -> tokens.word(i + 1, "into") ? unsupported("MERGE", i + 2) : Optional.empty();
      case "copy" -> copy(i + 1);
      case "lock" -> lock(i);
      default -> Optional.empty();
    };
  }

  /** The token behind {@code i}, or behind a word that may follow it. */
  private int after(int i, String word) {
    return tokens.word(i + 1, word) ? i + 2 : i + 1;
  }

  private Head head(Verb verb, String words) {
    return new Head(verb, words, explained, false, false);
  }

  private Optional<WriteStatement> plain(Verb verb, String words, int at) {
    return statement(head(verb, words), behindOnly(at), Range.NONE);
  }

  private Optional<WriteStatement> unsupported(String words, int at) {
    return plain(Verb.UNSUPPORTED, words, at);
  }

  private int behindOnly(int i) {
    return tokens.word(i, "only") ? i + 1 : i;
  }

  private Optional<WriteStatement> statement(Head head, int at, Range query) {
    List<String> parts = new ArrayList<>(MOST_PARTS);
    int next = readName(at, parts);
    return parts.isEmpty() || parts.size() > MOST_PARTS
        ? Optional.empty()
        : Optional.of(new WriteStatement(tokens, head, parts, next, query));
  }

  /** Adds the parts of the name at {@code i}; where to go on. None are added if it is no name. */
  private int readName(int i, List<String> parts) {
    int at = i;
    while (tokens.identifier(at) && !(at == i && isKeyword(i))) {
      Optional<String> part = Identifiers.name(tokens, at);
      if (part.isEmpty()) {
        parts.clear();
        return at;
      }
      parts.add(part.get());
      at++;
      if (!tokens.punctuation(at, '.')) {
        return at;
      }
      at++;
    }
    parts.clear();
    return at;
  }

  private boolean isKeyword(int i) {
    return Keywords.cannotNameRelation(tokens.lowerWord(i));
  }

  private int afterName(int at) {
    return readName(at, new ArrayList<>());
  }

  private Optional<WriteStatement> insert(int at) {
    int i = afterName(at);
    if (tokens.word(i, "as")) {
      i += 2;
    }
    if (tokens.punctuation(i, '(') && !shapes.startsQuery(i)) {
      i = tokens.afterBracket(i, tokens.size());
    }
    Range query = shapes.startsQuery(i) ? new Range(i, tokens.size()) : Range.NONE;
    return statement(head(Verb.INSERT, "INSERT"), at, query);
  }

  private Optional<WriteStatement> create(int first) {
    boolean replaces = tokens.words(first, "or", "replace");
    int i = replaces ? first + 2 : first;
    if (tokens.words(i, "table")) {
      int at = tokens.words(i + 1, "if", "not", "exists") ? i + 4 : i + 1;
      Head head = new Head(Verb.CREATE_TABLE, "CREATE TABLE", explained, at > i + 1, replaces);
      return statement(head, at, queryBehindAs(afterName(at)));
    }
    if (tokens.words(i, "view")) {
      Head head = new Head(Verb.CREATE_VIEW, "CREATE VIEW", explained, false, replaces);
      return statement(head, i + 1, queryBehindAs(afterName(i + 1)));
    }
    boolean trigger = tokens.word(i, "trigger") || tokens.words(i, "constraint", "trigger");
    boolean index = tokens.word(i, "index") || tokens.words(i, "unique", "index");
    if (trigger || index) {
      int on = i;
      while (tokens.has(on) && !tokens.word(on, "on")) {
        on++;
      }
      return unsupported(trigger ? "CREATE TRIGGER" : "CREATE INDEX", on + 1);
    }
    return Optional.empty();
  }

  /** The query behind AS, without WITH DATA. */
  private Range queryBehindAs(int from) {
    int as = from;
    while (tokens.has(as) && !tokens.word(as, "as")) {
      as = tokens.punctuation(as, '(') ? tokens.afterBracket(as, tokens.size()) : as + 1;
    }
    int to = tokens.size();
    if (tokens.words(to - 2, "with", "data")) {
      to -= 2;
    } else if (tokens.words(to - 3, "with", "no", "data")) {
      to -= 3;
    }
    return shapes.startsQuery(as + 1) ? new Range(as + 1, to) : Range.NONE;
  }

  private Optional<WriteStatement> existing(Verb verb, String word, int i) {
    if (!tokens.anyWord(i, "table", "view")) {
      return Optional.empty();
    }
    boolean conditional = tokens.words(i + 1, "if", "exists");
    String words = word + " " + tokens.lowerWord(i).toUpperCase(Locale.ROOT);
    Head head = new Head(verb, words, explained, conditional, false);
    return statement(head, behindOnly(conditional ? i + 3 : i + 1), Range.NONE);
  }

  private Optional<WriteStatement> copy(int at) {
    int i = afterName(at);
    if (tokens.punctuation(i, '(')) {
      i = tokens.afterBracket(i, tokens.size());
    }
    return tokens.word(i, "from") ? unsupported("COPY FROM", at) : Optional.empty();
  }

  /** The weakest of locks is harmless, and pg_dump takes it. */
  private Optional<WriteStatement> lock(int i) {
    int at = behindOnly(after(i, "table"));
    return tokens.words(tokens.size() - 4, "in", "access", "share", "mode")
        ? Optional.empty()
        : unsupported("LOCK", at);
  }
}
