package io.prestogres.sql;

import io.prestogres.sql.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A client's own text made fit for Presto, for statements that go there as they were written:
 * shells get the full names of their tables, comments and the final semicolon go, literals lose the
 * forms that Presto does not know.
 *
 * <p>Conservative: a name is replaced only where nothing but a relation can stand, that is after
 * FROM and JOIN, after commas between FROM items, and in DESCRIBE and SHOW.
 */
public final class PrestoText {

  private static final Set<String> FROM_IN_CALL = Set.of("extract", "substring", "trim", "overlay");
  private static final String[] AFTER_FROM = {
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "fetch",
    "union",
    "intersect",
    "except",
    "select",
    "window",
    "tablesample"
  };

  /** What the next identifier in the brackets around may be. */
  private enum Place {
    ANYTHING,
    RELATION,
    FROM_LIST
  }

  private final Tokens tokens;
  private final ShellResolver resolver;
  private final Set<String> commonTables;
  private final StringBuilder out = new StringBuilder();
  private final Deque<Place> places = new ArrayDeque<>();
  private final Deque<Boolean> calls = new ArrayDeque<>();
  private final IntFunction<String> form;
  private final List<Integer> numbers = new ArrayList<>();
  private int copied;

  private PrestoText(Tokens tokens, ShellResolver resolver, IntFunction<String> form) {
    this.form = form;
    this.tokens = tokens;
    this.resolver = resolver;
    this.commonTables = commonTables(tokens);
    places.push(Place.ANYTHING);
    calls.push(false);
  }

  /**
   * A statement with a {@code ?} for each parameter.
   *
   * @param numbers which parameter each {@code ?} stands for, 1 for {@code $1}
   */
  public record Parametrized(String text, List<Integer> numbers) {

    public Parametrized {
      numbers = List.copyOf(numbers);
    }
  }

  /**
   * A statement whose parameters have types that do not depend on Presto.
   *
   * @param parameters PostgreSQL's expressions, of type text, one for each {@code ?}
   */
  public record Typed(String text, List<String> parameters) {

    public Typed {
      parameters = List.copyOf(parameters);
    }
  }

  /** The statement's text for Presto, with {@code ?} for {@code $1} and so on. */
  public static Parametrized parametrize(String statement, ShellResolver resolver) {
    PrestoText text = rewrite(statement, resolver, number -> "?");
    return new Parametrized(text.out.toString(), text.numbers);
  }

  /**
   * The statement's text for Presto, in which every parameter keeps its value to the letter.
   *
   * @param types PostgreSQL's types of the parameters, by number, as format_type writes them
   * @throws Untranslatable if there is a type of which Presto cannot be given every value
   */
  public static Typed typed(String statement, ShellResolver resolver, Map<Integer, String> types)
      throws Untranslatable {
    Map<Integer, String> forms = new HashMap<>();
    for (Map.Entry<Integer, String> type : types.entrySet()) {
      forms.put(type.getKey(), ParameterValue.of(type.getKey(), type.getValue()).sql());
    }
    IntFunction<String> form = number -> forms.getOrDefault(number, MarkedText.WITHOUT_FORM);
    MarkedText text = MarkedText.read(rewrite(statement, resolver, form).out.toString());
    return new Typed(text.sql(), text.parameters());
  }

  private static PrestoText rewrite(
      String statement, ShellResolver resolver, IntFunction<String> form) {
    Tokens tokens = Tokens.of(statement);
    int size = tokens.size();
    while (size > 0 && tokens.punctuation(size - 1, ';')) {
      size--;
    }
    PrestoText text = new PrestoText(tokens.slice(0, size), resolver, form);
    int i = 0;
    while (i < size) {
      i = text.token(i);
    }
    return text;
  }

  /** Names before {@code AS (}: with WITH around, they hide tables. */
  private static Set<String> commonTables(Tokens tokens) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.identifier(i)) {
        int as = tokens.punctuation(i + 1, '(') ? tokens.afterBracket(i + 1, tokens.size()) : i + 1;
        if (tokens.word(as, "as") && tokens.punctuation(as + 1, '(')) {
          Identifiers.name(tokens, i).ifPresent(names::add);
        }
      }
    }
    return names;
  }

  private int token(int i) {
    if (tokens.get(i).isIdentifier() && places.getFirst() == Place.RELATION && !isKeyword(i)) {
      place(Place.FROM_LIST);
      return relation(i);
    }
    follow(i);
    append(i);
    return i + 1;
  }

  private boolean isKeyword(int i) {
    return Keywords.cannotNameRelation(tokens.lowerWord(i));
  }

  private void place(Place place) {
    places.pop();
    places.push(place);
  }

  private void follow(int i) {
    if (tokens.punctuation(i, '(')) {
      boolean nested = places.getFirst() == Place.RELATION;
      if (nested) {
        place(Place.FROM_LIST);
      }
      places.push(nested ? Place.RELATION : Place.ANYTHING);
      calls.push(FROM_IN_CALL.contains(tokens.lowerWord(i - 1)));
    } else if (tokens.punctuation(i, ')') && places.size() > 1) {
      places.pop();
      calls.pop();
    } else if (tokens.punctuation(i, ',') && places.getFirst() == Place.FROM_LIST) {
      place(Place.RELATION);
    } else if (startsRelation(i)) {
      place(Place.RELATION);
    } else if (tokens.anyWord(i, AFTER_FROM)) {
      place(Place.ANYTHING);
    }
  }

  private boolean startsRelation(int i) {
    if (i == 0) {
      boolean parameters = tokens.size() > 2 && tokens.anyWord(1, "input", "output");
      return tokens.anyWord(0, "describe", "desc") && !parameters;
    }
    if (tokens.word(0, "show")) {
      return (tokens.word(1, "columns") && tokens.word(i, "from"))
          || (tokens.word(1, "stats") && tokens.word(i, "for"))
          || (tokens.word(1, "create") && i == 2 && tokens.anyWord(2, "table", "view"));
    }
    if (tokens.word(i, "join")) {
      return true;
    }
    boolean distinct = tokens.word(i - 1, "distinct") && tokens.anyWord(i - 2, "is", "not");
    return tokens.word(i, "from") && !calls.getFirst() && !distinct;
  }

  /** A chain of identifiers where a relation must stand. */
  private int relation(int first) {
    List<String> parts = new ArrayList<>(3);
    int last = first;
    for (int i = first; tokens.identifier(i); i += 2) {
      Identifiers.name(tokens, i).ifPresent(parts::add);
      last = i;
      if (!tokens.punctuation(i + 1, '.')) {
        break;
      }
    }
    boolean call = tokens.punctuation(last + 1, '(');
    boolean common = parts.size() == 1 && commonTables.contains(parts.get(0));
    Optional<Shell> shell =
        call || common || parts.isEmpty() || parts.size() > 3
            ? Optional.empty()
            : resolver.shell(List.copyOf(parts));
    if (shell.isEmpty()) {
      for (int i = first; i <= last; i++) {
        append(i);
      }
    } else {
      gap(first);
      out.append(shell.get().prestoName());
      copied = tokens.get(last).end();
    }
    return last + 1;
  }

  private void append(int i) {
    gap(i);
    Token token = tokens.get(i);
    copied = token.end();
    if (tokens.parameterNumber(i) > 0) {
      numbers.add(tokens.parameterNumber(i));
      out.append(form.apply(tokens.parameterNumber(i)));
      return;
    }
    boolean foreign = token.isString() && token.kind() != Kind.STRING;
    boolean joined = token.kind() == Kind.STRING && tokens.raw(i).indexOf('\n') >= 0;
    Optional<String> value = foreign || joined ? Literals.value(tokens, i) : Optional.empty();
    out.append(value.map(SqlQuoting::prestoLiteral).orElseGet(() -> tokens.raw(i)));
  }

  /** The blanks before a token as they were; a comment becomes one blank. */
  private void gap(int i) {
    String between = tokens.text().substring(copied, tokens.get(i).start());
    if (between.isBlank()) {
      out.append(i == 0 ? "" : between);
    } else {
      out.append(i == 0 ? "" : " ");
    }
  }
}
