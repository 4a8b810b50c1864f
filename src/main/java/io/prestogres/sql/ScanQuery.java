package io.prestogres.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The query that postgres_fdw declares a cursor for when shells are scanned (its deparse.c): of one
 * table with the conditions, the order and the limit that it has pushed down, and of shells that
 * are foreign tables themselves also joins and aggregates.
 *
 * @param text the whole query, without parameters
 * @param outputs how many columns it has
 * @param columns the columns of the table that it selects, if they are nothing else; none for
 *     {@code SELECT NULL}, where only the number of rows counts
 * @param tables in order; at least one
 * @param words every identifier in it, among them the columns it uses
 * @param doubtful a constant whose meaning depends on settings of the session that has sent it
 */
public record ScanQuery(
    String text,
    int outputs,
    List<String> columns,
    List<Table> tables,
    Set<String> words,
    Optional<String> doubtful) {

  private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

  /** What PostgreSQL prints for the constants of a select list where DateStyle is not ISO. */
  private static final Pattern OTHER_DATE =
      Pattern.compile(
          "(^|[{\\[(,\"])(\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{4,}|"
              + "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\\d\\d )?"
              + "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) )");

  /** And where IntervalStyle is sql_standard, in which one sign counts for all that follows. */
  private static final Pattern OTHER_INTERVAL = Pattern.compile("(^|[{\\[(,\"])-\\d+ \\d+:\\d\\d");

  /** Copies the collections. */
  public ScanQuery {
    columns = List.copyOf(columns);
    tables = List.copyOf(tables);
    words = Set.copyOf(words);
  }

  /**
   * A table where it stands in the text.
   *
   * @param aliased whether a name for it follows, which is so in joins
   */
  public record Table(String schema, String name, int start, int end, boolean aliased) {
    /** As messages have it. */
    public String display() {
      return schema + "." + name;
    }
  }

  /** Puts queries in the place of tables. */
  @FunctionalInterface
  public interface Source {
    /** The query in whose place the table is, in brackets if need be. */
    String of(Table table);
  }

  /**
   * Reads a query.
   *
   * @param parameters the values of {@code $1} and so on, put in as literals; the types stand
   *     beside them in the text
   * @return empty if it is anything else than a scan, or if it locks rows
   */
  public static Optional<ScanQuery> read(String query, List<Optional<String>> parameters) {
    return withLiterals(query, parameters).flatMap(ScanQuery::read);
  }

  private static Optional<ScanQuery> read(String written) {
    String text = withPlainLimits(written);
    Tokens tokens = Tokens.of(text);
    int from = selectList(tokens);
    if (!tokens.word(0, "select") || !tokens.word(from, "from") || locks(tokens)) {
      return Optional.empty();
    }
    List<Table> tables = tables(tokens);
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    Set<String> words = new HashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.identifier(i)) {
        words.add(name(tokens, i));
      }
    }
    return Optional.of(
        new ScanQuery(
            text,
            outputs(tokens, from),
            plainColumns(tokens, from),
            tables,
            words,
            doubtful(tokens, from)));
  }

  /** postgres_fdw prints what stands in WHERE alike for everybody, but not the select list. */
  private static Optional<String> doubtful(Tokens tokens, int from) {
    for (int i = 1; i < from; i++) {
      Optional<String> constant =
          Literals.value(tokens, i)
              .filter(
                  value ->
                      OTHER_DATE.matcher(value).find() || OTHER_INTERVAL.matcher(value).find());
      if (constant.isPresent()) {
        return constant;
      }
    }
    return Optional.empty();
  }

  /** The index of the FROM that ends the select list. */
  private static int selectList(Tokens tokens) {
    int i = 1;
    while (i < tokens.size() && !tokens.word(i, "from")) {
      i = tokens.punctuation(i, '(') ? tokens.afterBracket(i, tokens.size()) : i + 1;
    }
    return i;
  }

  private static int outputs(Tokens tokens, int from) {
    int count = 1;
    int i = 1;
    while (i < from) {
      if (tokens.punctuation(i, ',')) {
        count++;
      }
      boolean opens = tokens.punctuation(i, '(') || tokens.punctuation(i, '[');
      i = opens ? tokens.afterBracket(i, from) : i + 1;
    }
    return count;
  }

  private static List<String> plainColumns(Tokens tokens, int from) {
    if (tokens.word(1, "null")) {
      return List.of();
    }
    List<String> columns = new ArrayList<>();
    for (int i = 1; i < from; i += 2) {
      boolean alone = i + 1 == from || tokens.punctuation(i + 1, ',');
      if (!tokens.identifier(i) || !alone) {
        return List.of();
      }
      columns.add(name(tokens, i));
    }
    return columns;
  }

  private static boolean locks(Tokens tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.word(i, "for")) {
        return true;
      }
    }
    return false;
  }

  /** Behind FROM stands a table without another name, or a join, whose tables have one each. */
  private static List<Table> tables(Tokens tokens) {
    List<Table> tables = new ArrayList<>();
    for (int i = 1; i + 2 < tokens.size(); i++) {
      boolean dotted =
          tokens.identifier(i)
              && tokens.punctuation(i + 1, '.')
              && tokens.identifier(i + 2)
              && !tokens.punctuation(i - 1, '.');
      boolean aliased = dotted && tokens.lowerWord(i + 3).matches("r\\d+");
      boolean single = dotted && tokens.word(i - 1, "from") && !tokens.word(i - 2, "distinct");
      if (aliased || single) {
        tables.add(
            new Table(
                name(tokens, i),
                name(tokens, i + 2),
                tokens.get(i).start(),
                tokens.get(i + 2).end(),
                aliased));
        i += 2;
      }
    }
    return tables;
  }

  private static String name(Tokens tokens, int i) {
    return Identifiers.name(tokens, i).orElse("");
  }

  /** The text with a query in the place of each table. */
  public String over(Source source) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    for (Table table : tables) {
      result.append(text, position, table.start()).append(source.of(table));
      if (!table.aliased()) {
        result.append(" AS ").append(SqlQuoting.identifier(table.name()));
      }
      position = table.end();
    }
    return result.append(text, position, text.length()).toString();
  }

  /** {@code LIMIT '5'::bigint} as {@code LIMIT 5}. */
  private static String withPlainLimits(String query) {
    Tokens tokens = Tokens.of(query);
    StringBuilder result = new StringBuilder();
    int position = 0;
    for (int i = 0; i + 3 < tokens.size(); i++) {
      if (tokens.anyWord(i, "limit", "offset") && tokens.punctuation(i + 2, "::")) {
        String count = Literals.value(tokens, i + 1).orElse(tokens.raw(i + 1));
        if (COUNT.matcher(count).matches()) {
          result.append(query, position, tokens.get(i + 1).start()).append(count);
          position = tokens.get(i + 3).end();
        }
      }
    }
    return result.append(query, position, query.length()).toString();
  }

  private static Optional<String> withLiterals(String query, List<Optional<String>> parameters) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    for (Token token : Tokens.of(query).list()) {
      if (token.kind() == Token.Kind.PARAMETER) {
        int number = Integer.parseInt(query.substring(token.start() + 1, token.end()));
        if (number < 1 || number > parameters.size()) {
          return Optional.empty();
        }
        result
            .append(query, position, token.start())
            .append(parameters.get(number - 1).map(SqlQuoting::literal).orElse("NULL"));
        position = token.end();
      }
    }
    return Optional.of(result.append(query, position, query.length()).toString());
  }
}
