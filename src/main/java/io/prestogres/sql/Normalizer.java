package io.prestogres.sql;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings a query into its {@link NormalForm}. A first gate of the closed world: an operator,
 * literal or reserved word without a rule ends the translation here, before JSqlParser could read
 * it in a way of its own.
 */
final class Normalizer {

  static final int LONGEST_TEXT = 1 << 20;
  static final int DEEPEST_BRACKETS = 200;

  /** Keywords that stay as they are. */
  private static final Set<String> KEYWORDS =
      Set.of(
          """
          select from where group having order limit offset fetch union intersect except distinct \
          as on using join inner left right full outer cross natural with not and or is null true \
          false in between like case when then else end asc desc array\
          """
              .split(" "));

  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("+", "+"),
          Map.entry("-", "-"),
          Map.entry("*", "*"),
          Map.entry("/", "/"),
          Map.entry("%", "%"),
          Map.entry("=", "="),
          Map.entry("<>", "<>"),
          Map.entry("!=", "<>"),
          Map.entry("<", "<"),
          Map.entry("<=", "<="),
          Map.entry(">", ">"),
          Map.entry(">=", ">="),
          Map.entry("||", "||"),
          Map.entry("~~", "like"),
          Map.entry("!~~", "not like"));

  private static final Set<String> TYPES_BEFORE_LITERALS =
      Set.of(
          """
          date timestamp interval numeric decimal bigint integer int smallint text varchar boolean \
          bool float8 int4 int8 int2\
          """
              .split(" "));

  private final Tokens tokens;
  private final NormalFormWriter out = new NormalFormWriter();
  private final OpenBrackets brackets = new OpenBrackets(out);
  private boolean inFetch;

  private Normalizer(Tokens tokens) {
    this.tokens = tokens;
  }

  static NormalForm normalize(String query) throws Untranslatable {
    if (query.length() > LONGEST_TEXT) {
      throw new Untranslatable("the query is too long");
    }
    Normalizer normalizer = new Normalizer(Tokens.of(query));
    int i = 0;
    while (i < normalizer.tokens.size()) {
      i = normalizer.token(i);
    }
    return normalizer.out.form();
  }

  /** Appends token {@code i} and returns where to go on. */
  private int token(int i) throws Untranslatable {
    return switch (tokens.get(i).kind()) {
      case WORD -> word(i, tokens.lowerWord(i));
      case QUOTED, UNICODE_QUOTED -> name(i);
      case STRING, ESCAPE_STRING, UNICODE_STRING, DOLLAR_STRING -> string(i);
      case NUMBER -> number(i);
      case OPERATOR -> operator(i);
      case PUNCTUATION -> punctuation(i);
      case PARAMETER -> parameter(i);
      case TYPED_STRING -> throw new Untranslatable("bit strings have no rule");
      case BROKEN -> throw new Untranslatable("the query cannot be read");
    };
  }

  private int append(String text, int next) {
    out.append(text);
    return next;
  }

  private int string(int i) throws Untranslatable {
    String value =
        Literals.value(tokens, i)
            .orElseThrow(() -> new Untranslatable("an escape in a literal has no rule"));
    return append(out.stringMark(value), i + 1);
  }

  private int parameter(int i) throws Untranslatable {
    int number = tokens.parameterNumber(i);
    if (number == 0) {
      throw new Untranslatable("there is no parameter " + tokens.raw(i));
    }
    return append("?" + number, i + 1);
  }

  private int number(int i) throws Untranslatable {
    String raw = tokens.raw(i);
    if (!raw.matches("[0-9]*\\.?[0-9]*([eE][+-]?[0-9]+)?")) {
      throw new Untranslatable("the number " + raw + " has no rule");
    }
    return append(raw, i + 1);
  }

  private int operator(int i) throws Untranslatable {
    String raw = tokens.raw(i);
    String operator = OPERATORS.get(raw);
    if (operator == null) {
      throw new Untranslatable("operator " + raw + " is evaluated by PostgreSQL");
    }
    // ~~ binds like ||, LIKE does not: the same only if nothing follows its right side.
    if (operator.endsWith("like") && !endsOperand(i)) {
      throw new Untranslatable("operator " + raw + " without brackets has no rule");
    }
    return append(operator, i + 1);
  }

  private boolean endsOperand(int like) {
    int i = like + 2;
    if (tokens.punctuation(i, "::")) {
      i += 2;
    }
    boolean unit = tokens.string(like + 1) || tokens.parameterNumber(like + 1) > 0;
    return unit && (!tokens.has(i) || tokens.punctuation(i, ')') || tokens.anyWord(i, "and", "or"));
  }

  private int punctuation(int i) throws Untranslatable {
    String raw = tokens.raw(i);
    switch (raw) {
      case "::" -> {
        return type(i + 1, "::");
      }
      case "(" -> {
        if (brackets.open() > DEEPEST_BRACKETS) {
          throw new Untranslatable("the query is nested too deeply");
        }
      }
      case ")" -> brackets.close();
      case "[" -> {
        if (!tokens.word(i - 1, "array")) {
          throw new Untranslatable("subscripts are evaluated by PostgreSQL");
        }
      }
      case ",", ".", "]" -> {}
      default -> throw new Untranslatable("the sign " + raw + " has no rule");
    }
    return append(raw, i + 1);
  }

  private int type(int i, String before) throws Untranslatable {
    TypeName type = TypeName.read(tokens, i);
    return append(before + " " + out.typeMark(type.text()), type.next());
  }

  private int name(int i) throws Untranslatable {
    String name =
        Identifiers.name(tokens, i).orElseThrow(() -> new Untranslatable("a name has no rule"));
    boolean qualifiesFunction =
        name.equals("pg_catalog")
            && tokens.punctuation(i + 1, '.')
            && tokens.identifier(i + 2)
            && tokens.punctuation(i + 3, '(');
    if (qualifiesFunction) {
      return name(i + 2);
    }
    if (tokens.string(i + 1)) {
      throw new Untranslatable("type " + name + " before a literal has no rule");
    }
    if (tokens.punctuation(i + 1, '(') && Set.of("substring", "position").contains(name)) {
      return call(i, name);
    }
    return append(out.nameMark(name), i + 1);
  }

  private int call(int i, String name) {
    brackets.expectCall(name);
    if (name.equals("cast")) {
      return append("cast", i + 1);
    }
    return append(out.nameMark(name), i + 1);
  }

  private int word(int i, String word) throws Untranslatable {
    if (tokens.punctuation(i - 1, '.')) {
      return name(i);
    }
    Optional<String> separator = brackets.separator(word);
    if (separator.isPresent()) {
      return word.equals("as") ? type(i + 1, word) : append(separator.get(), i + 1);
    }
    if (TYPES_BEFORE_LITERALS.contains(word)) {
      int next = typedLiteral(i);
      if (next > i) {
        return next;
      }
    }
    return tokens.punctuation(i + 1, '(') ? beforeBracket(i, word) : keyword(i, word);
  }

  /** Words that mean something else before a bracket. */
  private int beforeBracket(int i, String word) throws Untranslatable {
    return switch (word) {
      case "cast" -> call(i, word);
      case "extract" -> extract(i);
      case "exists" -> append(word, i + 1);
      case "left", "right" -> name(i);
      case "any", "some" -> quantifier(i, NormalForm.ANY);
      case "values", "row" -> throw new Untranslatable(word + " has no rule");
      default -> keyword(i, word);
    };
  }

  private int keyword(int i, String word) throws Untranslatable {
    if (word.equals("all")) {
      return all(i);
    }
    if (word.equals("distinct") && tokens.word(i + 1, "on")) {
      throw new Untranslatable("DISTINCT ON is evaluated by PostgreSQL");
    }
    if (KEYWORDS.contains(word)) {
      inFetch |= word.equals("fetch");
      return append(word, i + 1);
    }
    return switch (word) {
      case "isnull" -> append("is null", i + 1);
      case "notnull" -> append("is not null", i + 1);
      default -> contextual(i, word);
    };
  }

  /** Words that are keywords in their place only; anywhere else they are names. */
  private int contextual(int i, String word) throws Untranslatable {
    boolean keyword =
        switch (word) {
          case "by" -> tokens.anyWord(i - 1, "group", "order");
          case "nulls" -> tokens.anyWord(i + 1, "first", "last");
          case "first", "last" -> tokens.anyWord(i - 1, "nulls", "fetch");
          case "next", "row", "rows", "only" -> inFetch;
          case "filter" -> tokens.punctuation(i + 1, '(') && tokens.punctuation(i - 1, ')');
          case "escape" -> tokens.string(i + 1);
          case "unknown" -> tokens.word(i - 1, "is") || tokens.words(i - 2, "is", "not");
          case "materialized" -> tokens.word(i - 1, "as") || tokens.words(i - 2, "as", "not");
          default -> false;
        };
    if (keyword) {
      inFetch &= !word.equals("only");
      return append(word, i + 1);
    }
    boolean skipped = tokens.words(i - 2, "offset") && word.startsWith("row");
    if (skipped) {
      return i + 1;
    }
    boolean window =
        (word.equals("over") || word.equals("within")) && tokens.punctuation(i - 1, ')');
    boolean zone = word.equals("at") && tokens.word(i + 1, "time");
    boolean recursive = word.equals("recursive") && tokens.word(i - 1, "with");
    if (window || zone || recursive || isWithoutRule(i, word)) {
      throw new Untranslatable(word + " is evaluated by PostgreSQL");
    }
    return name(i);
  }

  /** Reserved words without a rule; as a label after AS any word is a name. */
  private boolean isWithoutRule(int i, String word) {
    return Keywords.cannotNameRelation(word) && !tokens.word(i - 1, "as");
  }

  private int all(int i) throws Untranslatable {
    if (tokens.anyWord(i - 1, "union", "intersect", "except", "limit")) {
      return append("all", i + 1);
    }
    if (tokens.has(i - 1) && tokens.get(i - 1).kind() == Token.Kind.OPERATOR) {
      return quantifier(i, NormalForm.ALL);
    }
    throw new Untranslatable("all is evaluated by PostgreSQL");
  }

  private int quantifier(int i, String mark) throws Untranslatable {
    if (tokens.anyWord(i + 2, "select", "with", "values", "table")) {
      throw new Untranslatable("a comparison with any or all rows has no rule");
    }
    return append(out.nameMark(mark), i + 1);
  }

  private int extract(int i) throws Untranslatable {
    boolean field = tokens.has(i + 2) && (tokens.identifier(i + 2) || tokens.string(i + 2));
    if (!field || !tokens.word(i + 3, "from")) {
      throw new Untranslatable("this form of extract has no rule");
    }
    String unit =
        tokens.string(i + 2)
            ? Literals.value(tokens, i + 2).orElse("")
            : Identifiers.name(tokens, i + 2).orElse("");
    brackets.open();
    return append(out.nameMark("extract") + " ( " + out.stringMark(unit) + " ,", i + 4);
  }

  /** {@code date '…'}, {@code interval '…' day}: the literal, cast; or {@code i} if it is none. */
  private int typedLiteral(int i) throws Untranslatable {
    TypeName type = TypeName.read(tokens, i);
    if (!tokens.string(type.next())) {
      return i;
    }
    int literal = type.next();
    String value =
        Literals.value(tokens, literal)
            .orElseThrow(() -> new Untranslatable("an escape in a literal has no rule"));
    int next = literal + 1;
    String text = type.text();
    if (text.equals("interval")) {
      TypeName fields = TypeName.readIntervalFields(tokens, next);
      text = (text + " " + fields.text()).trim();
      next = fields.next();
    }
    return append("( " + out.stringMark(value) + " ) :: " + out.typeMark(text), next);
  }
}
