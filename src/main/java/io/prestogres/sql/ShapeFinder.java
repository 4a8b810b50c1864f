package io.prestogres.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the {@link Shape} of one statement from its tokens. */
final class ShapeFinder {

  /** First words of statements that matter to somebody, whatever they name. */
  static final Set<String> NOTABLE_VERBS =
      Set.of("show", "describe", "desc", "use", "set", "reset", "deallocate", "discard", "create");

  private static final Set<String> TRANSACTION_CONTROL =
      Set.of("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release");

  private static final Set<String> HARMLESS =
      Set.of(
          "fetch",
          "move",
          "close",
          "set",
          "reset",
          "show",
          "listen",
          "unlisten",
          "notify",
          "discard",
          "deallocate");

  /** What may follow SHOW on Presto; none of these words alone is a setting of PostgreSQL. */
  private static final Set<String> SHOWN_BY_PRESTO =
      Set.of(
          "tables",
          "schemas",
          "catalogs",
          "columns",
          "functions",
          "session",
          "stats",
          "create",
          "grants",
          "roles",
          "role",
          "current",
          "partitions");

  private final Tokens tokens;
  private final List<NameReference> names;

  ShapeFinder(Tokens tokens, List<NameReference> names) {
    this.tokens = tokens;
    this.names = names;
  }

  Shape shape() {
    String verb = tokens.lowerWord(0);
    if (startsQuery(0)) {
      return query(0, tokens.size(), "");
    }
    if (TRANSACTION_CONTROL.contains(verb)) {
      return new Shape.TransactionControl(upper(verb));
    }
    return switch (verb) {
      case "create", "insert", "declare", "explain" -> wrapped(0, "");
      case "copy" -> copy();
      case "prepare" -> prepare();
      case "show" -> show();
      case "describe", "desc", "use" -> prestoOnly(verb.equals("desc") ? "DESCRIBE" : upper(verb));
      case "set" -> setSession(tokens.words(1, "session"));
      case "reset" -> resetSession();
      default -> HARMLESS.contains(verb) ? new Shape.Harmless(upper(verb)) : other(verb);
    };
  }

  /** The shape of the statement from token {@code i} on, which EXPLAIN may stand before. */
  private Shape wrapped(int i, String explain) {
    if (startsQuery(i)) {
      return query(i, tokens.size(), explain);
    }
    return switch (tokens.lowerWord(i)) {
      case "explain" -> wrapped(afterExplain(i), "EXPLAIN");
      case "create" -> createTableAs(i, explain.isEmpty() ? "CREATE TABLE AS" : explain);
      case "insert" -> insert(i, explain.isEmpty() ? "INSERT" : explain);
      case "declare" -> declare(i, explain.isEmpty() ? "DECLARE" : explain);
      default -> other(tokens.lowerWord(0));
    };
  }

  /** Whether a query begins at {@code i}: its first word, behind any number of brackets. */
  boolean startsQuery(int i) {
    int first = i;
    while (tokens.punctuation(first, '(')) {
      first++;
    }
    return tokens.anyWord(first, "select", "with", "values", "table");
  }

  /** The query in the tokens [from, to), if nothing but reading is done in its main part. */
  private Shape query(int from, int to, String wrapper) {
    if (from >= to || intoAtTop(from, to)) {
      return other(tokens.lowerWord(0));
    }
    if (tokens.word(from, "with")) {
      int main = afterCommonTables(from, to);
      boolean reads =
          main < to && (tokens.anyWord(main, "select", "values", "table") || startsQuery(main));
      if (!reads) {
        return other(tokens.lowerWord(main < to ? main : from));
      }
    }
    int start = tokens.get(from).start();
    int end = tokens.get(to - 1).end();
    return wrapper.isEmpty() ? new Shape.Query(start, end) : new Shape.Wrapped(wrapper, start, end);
  }

  /** SELECT … INTO makes a table. */
  private boolean intoAtTop(int from, int to) {
    return next(from, to, "into") < to;
  }

  private int afterCommonTables(int with, int to) {
    int i = tokens.word(with + 1, "recursive") ? with + 2 : with + 1;
    while (i < to) {
      i = next(i, to, "as") + 1;
      while (i < to && !tokens.punctuation(i, '(')) {
        i++;
      }
      i = tokens.afterBracket(i, to);
      // SEARCH and CYCLE clauses may stand between; a comma leads to the next common table.
      while (i < to
          && !tokens.punctuation(i, ',')
          && !tokens.punctuation(i, '(')
          && !tokens.anyWord(
              i, "select", "values", "table", "insert", "update", "delete", "merge")) {
        i++;
      }
      if (!tokens.punctuation(i, ',')) {
        return i;
      }
      i++;
    }
    return to;
  }

  /** The index of the first such word outside brackets in [from, to), or {@code to}. */
  private int next(int from, int to, String word) {
    int i = from;
    while (i < to && !tokens.word(i, word)) {
      i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, to) : i + 1;
    }
    return Math.min(i, to);
  }

  /** The token behind EXPLAIN and its options. */
  int afterExplain(int explain) {
    int i = explain + 1;
    if (tokens.punctuation(i, '(') && !startsQuery(i)) {
      return tokens.afterBracket(i, tokens.size());
    }
    while (tokens.anyWord(i, "analyze", "analyse", "verbose")) {
      i++;
    }
    return i;
  }

  private Shape createTableAs(int create, String wrapper) {
    int i = create + 1;
    while (tokens.anyWord(i, "global", "local", "temp", "temporary", "unlogged")) {
      i++;
    }
    if (!tokens.word(i, "table")) {
      return other("create");
    }
    int query = next(i, tokens.size(), "as") + 1;
    if (!startsQuery(query)) {
      return other("create");
    }
    int to = tokens.size();
    if (tokens.words(to - 2, "with", "data")) {
      to -= 2;
    } else if (tokens.words(to - 3, "with", "no", "data")) {
      to -= 3;
    }
    return query(query, to, wrapper);
  }

  private Shape insert(int insert, String wrapper) {
    int i = insert + 1;
    if (!tokens.word(i, "into")) {
      return other("insert");
    }
    i++;
    while (i < tokens.size() && !startsQuery(i)) {
      i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, tokens.size()) : i + 1;
    }
    if (i >= tokens.size() || tokens.word(i, "values")) {
      return other("insert");
    }
    return query(i, endOfInsertedQuery(i), wrapper);
  }

  private int endOfInsertedQuery(int query) {
    int to = next(query, tokens.size(), "returning");
    int on = next(query, to, "on");
    while (on < to) {
      boolean conflict =
          tokens.word(on + 1, "conflict")
              && (tokens.anyWord(on + 2, "do", "on") || tokens.punctuation(on + 2, '('));
      if (conflict) {
        return on;
      }
      on = next(on + 1, to, "on");
    }
    return to;
  }

  private Shape declare(int declare, String wrapper) {
    int cursor = next(declare, tokens.size(), "cursor");
    int query = next(cursor, tokens.size(), "for") + 1;
    return startsQuery(query) ? query(query, tokens.size(), wrapper) : other("declare");
  }

  private Shape copy() {
    if (tokens.punctuation(1, '(')) {
      int close = tokens.afterBracket(1, tokens.size()) - 1;
      boolean out = tokens.word(close + 1, "to");
      return out && startsQuery(2) ? query(2, close, "COPY") : other("copy");
    }
    int i = 1;
    while (tokens.identifier(i) && tokens.punctuation(i + 1, '.')) {
      i += 2;
    }
    int table = i;
    int columnsEnd =
        tokens.punctuation(table + 1, '(') ? tokens.afterBracket(table + 1, tokens.size()) : i + 1;
    if (!tokens.identifier(table) || !tokens.word(columnsEnd, "to")) {
      return other("copy");
    }
    int start = tokens.get(1).start();
    int end = tokens.get(columnsEnd - 1).end();
    List<String> columns = new ArrayList<>();
    for (int k = table + 2; k < columnsEnd - 1; k += 2) {
      columns.add(tokens.raw(k));
    }
    Optional<NameReference> name = names.stream().filter(n -> n.start() == start).findFirst();
    return name.<Shape>map(n -> new Shape.CopyTable(n, columns, start, end))
        .orElseGet(() -> other("copy"));
  }

  private Shape prepare() {
    int list = 2;
    int as = tokens.punctuation(list, '(') ? tokens.afterBracket(list, tokens.size()) : list;
    if (!tokens.identifier(1)
        || !tokens.word(as, "as")
        || !(query(as + 1, tokens.size(), "") instanceof Shape.Query query)) {
      return other("prepare");
    }
    int typesStart = tokens.get(1).end();
    int typesEnd = as == list ? typesStart : tokens.get(as - 1).end();
    return new Shape.Prepare(
        types(list + 1, as - 1), typesStart, typesEnd, query.start(), query.end());
  }

  /** The texts between commas in the tokens [from, to). */
  private List<String> types(int from, int to) {
    List<String> types = new ArrayList<>();
    int start = from;
    int i = from;
    while (i < to) {
      boolean bracket = tokens.punctuation(i, '(') || tokens.punctuation(i, '[');
      int next = bracket ? tokens.afterBracket(i, to) : i + 1;
      if (tokens.punctuation(next, ',') || next >= to) {
        types.add(tokens.raw(start, next));
        start = next + 1;
        next = start;
      }
      i = next;
    }
    return types;
  }

  private Shape show() {
    String what = tokens.lowerWord(1);
    boolean postgres =
        !SHOWN_BY_PRESTO.contains(what)
            || tokens.words(1, "session", "authorization")
            || (tokens.size() == 2 && Set.of("role").contains(what));
    if (postgres) {
      return new Shape.Harmless("SHOW");
    }
    return prestoOnly(
        what.equals("create")
            ? "SHOW CREATE " + upper(tokens.lowerWord(2))
            : "SHOW " + upper(what));
  }

  /**
   * {@code SET SESSION name = value} exists on both sides. It is Presto's if it has the form that
   * Presto knows (an equals sign, one or two parts) and does not set one of PostgreSQL's settings.
   */
  private Shape setSession(boolean session) {
    List<String> setting = session ? setting(2) : List.of();
    int equals = 2 + 2 * setting.size() - 1;
    if (setting.isEmpty() || !tokens.operator(equals, "=") || isPostgres(setting)) {
      return new Shape.Harmless("SET");
    }
    return prestoOnly("SET SESSION", setting);
  }

  private Shape resetSession() {
    List<String> setting = tokens.word(1, "session") ? setting(2) : List.of();
    if (setting.isEmpty() || setting.equals(List.of("authorization"))) {
      return new Shape.Harmless("RESET");
    }
    return prestoOnly("RESET SESSION", setting);
  }

  private static boolean isPostgres(List<String> setting) {
    return setting.size() == 1 && PostgresSettings.contains(setting.get(0));
  }

  private List<String> setting(int from) {
    List<String> parts = new ArrayList<>(2);
    for (int i = from; tokens.identifier(i); i += 2) {
      Identifiers.name(tokens, i).ifPresent(parts::add);
      if (!tokens.punctuation(i + 1, '.')) {
        break;
      }
    }
    return parts.size() <= 2 ? parts : List.of();
  }

  private Shape prestoOnly(String verb) {
    return prestoOnly(verb, List.of());
  }

  private Shape prestoOnly(String verb, List<String> setting) {
    int end = tokens.get(tokens.size() - 1).end();
    return new Shape.PrestoOnly(verb, tokens.get(0).start(), end, setting);
  }

  private static Shape other(String verb) {
    return new Shape.Other(upper(verb));
  }

  private static String upper(String word) {
    return word.toUpperCase(Locale.ROOT);
  }
}
