package io.prestogres.sql;

import java.util.List;
import java.util.Optional;

/**
 * A statement that changes a table, or that makes, alters or drops a table or a view, as far as it
 * is read before anybody knows whose table that is.
 */
public final class WriteStatement {

  enum Verb {
    INSERT,
    DELETE,
    UPDATE,
    TRUNCATE,
    CREATE_TABLE,
    CREATE_VIEW,
    DROP,
    ALTER,
    /** One that Presto has no counterpart for. */
    UNSUPPORTED
  }

  /**
   * Tokens [from, to) that are a query.
   *
   * @param from equals {@code to} if there is none
   */
  record Range(int from, int to) {
    static final Range NONE = new Range(0, 0);

    boolean isEmpty() {
      return from >= to;
    }
  }

  /**
   * What stands before the name.
   *
   * @param words the statement in capitals, such as CREATE INDEX
   * @param explained whether EXPLAIN stands before it
   * @param conditional whether IF EXISTS or IF NOT EXISTS is there
   * @param replaces whether OR REPLACE is there
   */
  record Head(Verb verb, String words, boolean explained, boolean conditional, boolean replaces) {}

  private final Tokens tokens;
  private final Head head;
  private final List<String> target;
  private final int next;
  private final Range query;

  /**
   * A statement.
   *
   * @param next the token behind the target's name
   */
  WriteStatement(Tokens tokens, Head head, List<String> target, int next, Range query) {
    this.tokens = tokens;
    this.head = head;
    this.target = List.copyOf(target);
    this.next = next;
    this.query = query;
  }

  /** The name of the table or view that it is aimed at, as {@link NameReference#parts} has it. */
  public List<String> target() {
    return target;
  }

  /** Its first words in capitals, such as CREATE INDEX. */
  public String words() {
    return head.words();
  }

  /** Whether it is to be explained and not to be run. */
  public boolean isExplained() {
    return head.explained();
  }

  /** Whether the target is to be made, so that its name need not mean anything yet. */
  public boolean creates() {
    return head.verb() == Verb.CREATE_TABLE || head.verb() == Verb.CREATE_VIEW;
  }

  /** Whether it is refused whatever it says, when it is aimed at a table of Presto's. */
  public boolean isUnsupported() {
    return head.verb() == Verb.UNSUPPORTED;
  }

  /** Whether PostgreSQL can check it and tell its parameters. */
  public boolean isDescribable() {
    return switch (head.verb()) {
      case INSERT, DELETE, UPDATE -> true;
      default -> false;
    };
  }

  /** The query in it whose rows or text are what is written. */
  public Optional<String> query() {
    return query.isEmpty() ? Optional.empty() : Optional.of(text(query.from(), query.to()));
  }

  /** Where the query begins in the message's text, in characters; 0 if there is none. */
  public int queryStart() {
    return query.isEmpty() ? 0 : tokens.text().codePointCount(0, tokens.get(query.from()).start());
  }

  /** Whether its query is VALUES, whose values are each converted by themselves. */
  public boolean isOfValues() {
    return !query.isEmpty() && head.verb() == Verb.INSERT && tokens.word(query.from(), "values");
  }

  Tokens tokens() {
    return tokens;
  }

  Head head() {
    return head;
  }

  int next() {
    return next;
  }

  Range queryRange() {
    return query;
  }

  /** The text of the tokens [from, to), which are some. */
  String text(int from, int to) {
    return tokens.text().substring(tokens.get(from).start(), tokens.get(to - 1).end());
  }
}
